package io.adstream.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.local.CommandFailure;
import io.adstream.local.ExitCode;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void areTheUsualOnesOfEachService() {
        Ports ports = new Ports(0);

        assertThat(ports.kafka()).isEqualTo(9092);
        assertThat(ports.redis()).isEqualTo(6379);
        assertThat(ports.postgres()).isEqualTo(5432);
        assertThat(ports.flink()).isEqualTo(8081);
        assertThat(ports.dashboard()).isEqualTo(8501);
    }

    @Test
    void allMoveByTheOffsetAndNeverCollide() {
        Ports ports = new Ports(10_000);

        assertThat(ports.byUse().values())
                .doesNotHaveDuplicates()
                .containsAll(new Ports(0).byUse().values().stream().map(p -> p + 10_000).toList());
    }

    @Test
    void refuseAnOffsetThatLeavesNoPorts() {
        assertThatThrownBy(() -> new Ports(60_000))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("--port-offset is 60000");
    }
}
