package io.adstream.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.alert.Alert;
import io.adstream.common.config.ConfigException;
import io.adstream.common.config.JobSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalyConfigTest {

    @Test
    void withoutAnythingNobodyIsTold() {
        AnomalyConfig config = config(Map.of());
        assertThat(config.channels().webhook()).isNull();
        assertThat(config.channels().mail()).isNull();
        assertThat(config.statuses())
                .containsExactlyInAnyOrder(Alert.Status.OPEN, Alert.Status.RESOLVED);
        assertThat(config.stormEntities()).isEqualTo(20);
    }

    @Test
    void secretsAreShownNowhere(@TempDir Path folder) throws Exception {
        Path webhook = Files.writeString(folder.resolve("hook"), "https://hooks.example/s3cr3t\n");
        Path password = Files.writeString(folder.resolve("password"), "p4ssw0rd");
        JobSettings settings =
                settings(
                        Map.of(
                                "notify.slack-webhook-file",
                                webhook.toString(),
                                "notify.smtp-host",
                                "mail.example",
                                "notify.smtp-user",
                                "adstream",
                                "notify.smtp-password-file",
                                password.toString(),
                                "notify.mail-to",
                                "a@example.com, b@example.com"));
        AnomalyConfig config = AnomalyConfig.from(settings);
        assertThat(config.channels().webhook().reveal()).isEqualTo("https://hooks.example/s3cr3t");
        assertThat(config.channels().mail().password().reveal()).isEqualTo("p4ssw0rd");
        assertThat(config.toString() + settings + settings.configuration())
                .doesNotContain("s3cr3t")
                .doesNotContain("p4ssw0rd");
    }

    @Test
    void badValuesAreRefused() {
        refused(Map.of("notify.smtp-host", "mail.example"), "notify.mail-to");
        refused(Map.of("notify.mail-to", "nobody"), "e-mail addresses");
        refused(Map.of("notify.statuses", "OPEN,CLOSED"), "notify.statuses");
        refused(Map.of("notify.slack-webhook", "https://x"), "notify.slack-webhook-file");
        refused(Map.of("anomaly.allowed-lateness", "50 min", "dedup.horizon", "40 min"), "late");
        refused(Map.of("anomaly.storm-entity", "3"), "anomaly.storm-entities");
    }

    private static void refused(Map<String, String> given, String message) {
        assertThatThrownBy(() -> config(given))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private static AnomalyConfig config(Map<String, String> given) {
        return AnomalyConfig.from(settings(given));
    }

    private static JobSettings settings(Map<String, String> given) {
        return JobSettings.of(AnomalyPipeline.JOB, given, AnomalyJob.options());
    }
}
