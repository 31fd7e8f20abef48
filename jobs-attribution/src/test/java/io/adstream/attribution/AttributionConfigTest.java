package io.adstream.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.attribution.match.PathLimits;
import io.adstream.common.config.ConfigException;
import io.adstream.common.config.JobSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributionConfigTest {

    @Test
    void defaultsAreThoseOfTheContract() {
        assertThat(config(Map.of()))
                .isEqualTo(
                        new AttributionConfig(
                                Duration.ofHours(1),
                                Duration.ofHours(24),
                                true,
                                Duration.ofHours(7),
                                new PathLimits(10_000, 500)));
        assertThat(settings(Map.of()).get(AttributionOptions.MAX_OUT_OF_ORDERNESS))
                .isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void takesWhatIsGiven() {
        assertThat(
                        config(
                                Map.of(
                                        "attribution.window", "7 d",
                                        "attribution.scope", "none",
                                        "attribution.half-life", "2 h",
                                        "attribution.max-clicks-per-key", "100",
                                        "attribution.max-path", "50",
                                        "dedup.horizon", "2 h")))
                .isEqualTo(
                        new AttributionConfig(
                                Duration.ofHours(2),
                                Duration.ofDays(7),
                                false,
                                Duration.ofHours(2),
                                new PathLimits(100, 50)));
    }

    @Test
    void refusesTheBoundOfOtherJobs() {
        assertThatThrownBy(() -> config(Map.of("watermark.max-out-of-orderness", "5 s")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("attribution.max-out-of-orderness");
    }

    @Test
    void aPathHasRoomForItsEnds() {
        assertThatThrownBy(() -> config(Map.of("attribution.max-path", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("attribution.max-path");
    }

    private static AttributionConfig config(Map<String, String> given) {
        return AttributionConfig.from(settings(given));
    }

    private static JobSettings settings(Map<String, String> given) {
        return JobSettings.of(AttributionPipeline.JOB, given, AttributionJob.options());
    }
}
