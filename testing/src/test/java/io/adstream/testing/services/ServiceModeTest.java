package io.adstream.testing.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceModeTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "auto", "AUTO"})
    void autoTakesContainersWhereAnEngineAnswers(String setting) {
        assertThat(ServiceMode.choose(setting, () -> true)).isEqualTo(ServiceMode.TESTCONTAINERS);
        assertThat(ServiceMode.choose(setting, () -> false)).isEqualTo(ServiceMode.EMBEDDED);
    }

    @Test
    void embeddedDoesNotEvenAskForAnEngine() {
        BooleanSupplier mustNotBeAsked =
                () -> {
                    throw new AssertionError("asked for Docker");
                };
        assertThat(ServiceMode.choose("embedded", mustNotBeAsked)).isEqualTo(ServiceMode.EMBEDDED);
    }

    @Test
    void containersOnDemandNeedAnEngine() {
        assertThat(ServiceMode.choose("testcontainers", () -> true))
                .isEqualTo(ServiceMode.TESTCONTAINERS);
        assertThatThrownBy(() -> ServiceMode.choose("testcontainers", () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no Docker engine answers");
    }

    @Test
    void anythingElseIsRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> ServiceMode.choose("docker", () -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("adstream.test.services=docker")
                .hasMessageContaining("embedded, testcontainers and auto");
    }
}
