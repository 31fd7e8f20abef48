package io.adstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.config.ConfigException;
import io.adstream.common.config.JobSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsConfigTest {

    @Test
    void defaultsAreThoseOfTheContract() {
        assertThat(config(Map.of()))
                .isEqualTo(
                        new MetricsConfig(
                                Duration.ofHours(1),
                                Duration.ofMinutes(5),
                                Duration.ofMillis(900),
                                Duration.ofMinutes(1),
                                50_000,
                                true));
    }

    @Test
    void takesWhatIsGiven() {
        assertThat(
                        config(
                                Map.of(
                                        "dedup.horizon", "2 h",
                                        "metrics.allowed-lateness", "10 min",
                                        "metrics.raw-events", "false",
                                        "redis.max-writes", "100")))
                .satisfies(
                        config -> {
                            assertThat(config.dedupHorizon()).isEqualTo(Duration.ofHours(2));
                            assertThat(config.allowedLateness()).isEqualTo(Duration.ofMinutes(10));
                            assertThat(config.rawEvents()).isFalse();
                            assertThat(config.maxWrites()).isEqualTo(100);
                        });
    }

    @Test
    void latenessMayEqualTheHorizonButNotExceedIt() {
        assertThat(
                        config(
                                        Map.of(
                                                "dedup.horizon",
                                                "10 min",
                                                "metrics.allowed-lateness",
                                                "10 min"))
                                .allowedLateness())
                .isEqualTo(Duration.ofMinutes(10));
        assertThatThrownBy(
                        () ->
                                config(
                                        Map.of(
                                                "dedup.horizon",
                                                "10 min",
                                                "metrics.allowed-lateness",
                                                "11 min")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("metrics.allowed-lateness")
                .hasMessageContaining("dedup.horizon");
    }

    private static MetricsConfig config(Map<String, String> given) {
        return MetricsConfig.from(JobSettings.of(MetricsPipeline.JOB, given, MetricsJob.options()));
    }
}
