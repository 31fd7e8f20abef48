package io.adstream.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.config.ConfigException;
import io.adstream.common.config.JobSettings;
import io.adstream.quality.score.ScoreParameters;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityConfigTest {

    @Test
    void defaultsAreThoseOfTheContract() {
        assertThat(config(Map.of()))
                .isEqualTo(
                        new QualityConfig(
                                12,
                                Duration.ofHours(24),
                                Duration.ofSeconds(15),
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(30),
                                new ScoreParameters(200, 20, 5.5, 2.25, 1.125, 0.3, 1, 10, 0.5)));
    }

    @Test
    void takesWhatIsGiven() {
        Map<String, String> given =
                Map.of(
                        "quality.prior-impressions", "100",
                        "quality.prior-clicks", "10",
                        "quality.neutral-score", "50",
                        "quality.ctr-weight", "20",
                        "quality.cvr-weight", "15",
                        "quality.new-weight", "1",
                        "quality.min-score", "0",
                        "quality.max-score", "100",
                        "quality.publish-threshold", "2.5",
                        "quality.windows", "6");

        assertThat(config(given).formula())
                .isEqualTo(new ScoreParameters(100, 10, 50, 20, 15, 1, 0, 100, 2.5));
        assertThat(config(given).windows()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({
        "quality.neutral-score, 10.5",
        "quality.neutral-score, 0.5",
        "quality.max-score, 10000",
        "quality.prior-clicks, 0",
        "quality.new-weight, 1.1",
        "quality.windows, 0",
        "quality.retention, 55 min",
        "dedup.horizon, 2 h",
        "watermark.max-drift, 10 min"
    })
    void refusesWhatMakesNoSense(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    private static QualityConfig config(Map<String, String> given) {
        return QualityConfig.from(JobSettings.of(QualityPipeline.JOB, given, QualityJob.options()));
    }
}
