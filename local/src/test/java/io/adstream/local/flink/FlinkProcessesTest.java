package io.adstream.local.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.local.CommandFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlinkProcessesTest {

    @Test
    void taskManagersLetOthersGoFirstUnlessToldOtherwise() {
        assertThat(FlinkProcesses.niceness(null)).isEqualTo(5);
        assertThat(FlinkProcesses.niceness(" ")).isEqualTo(5);
        assertThat(FlinkProcesses.niceness("0")).isZero();
        assertThat(FlinkProcesses.niceness("19")).isEqualTo(19);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "20", "much", "1.5"})
    void whatIsNoNicenessIsRefused(String value) {
        assertThatThrownBy(() -> FlinkProcesses.niceness(value))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("ADSTREAM_NICE")
                .hasMessageContaining(value)
                .hasMessageContaining("0 to 19");
    }
}
