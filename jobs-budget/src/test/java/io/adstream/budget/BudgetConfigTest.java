package io.adstream.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.config.ConfigException;
import io.adstream.common.config.JobSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetConfigTest {

    @Test
    void defaultsAreThoseOfTheContract() {
        assertThat(config(Map.of()))
                .isEqualTo(
                        new BudgetConfig(
                                Duration.ofHours(1),
                                Duration.ofHours(1),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(10),
                                Duration.ofSeconds(5)));
    }

    @Test
    void latenessIsTheHorizonUnlessItIsSet() {
        assertThat(config(Map.of("dedup.horizon", "2 h")).allowedLateness())
                .isEqualTo(Duration.ofHours(2));
        assertThat(config(Map.of("budget.allowed-lateness", "10 min")).allowedLateness())
                .isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void latenessMayEqualTheHorizonButNotExceedIt() {
        assertThat(
                        config(
                                        Map.of(
                                                "dedup.horizon",
                                                "10 min",
                                                "budget.allowed-lateness",
                                                "10 min"))
                                .allowedLateness())
                .isEqualTo(Duration.ofMinutes(10));
        assertThatThrownBy(
                        () ->
                                config(
                                        Map.of(
                                                "dedup.horizon",
                                                "10 min",
                                                "budget.allowed-lateness",
                                                "11 min")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("budget.allowed-lateness")
                .hasMessageContaining("dedup.horizon");
    }

    private static BudgetConfig config(Map<String, String> given) {
        return BudgetConfig.from(JobSettings.of(BudgetPipeline.JOB, given, BudgetJob.options()));
    }
}
