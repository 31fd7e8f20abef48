package io.adstream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.config.ConfigException;
import io.adstream.common.config.SecretOption;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardConfigTest {

    private static final String TOKEN = "a-token-of-24-characters";

    @TempDir Path folder;

    @Test
    void listensOnLoopbackAndNeedsNoTokenThere() {
        DashboardConfig config = DashboardConfig.of(Map.of(), Map.of());

        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8501);
        assertThat(config.token()).isNull();
        assertThat(config.flinkPublicUrl()).isEqualTo(config.flinkUrl());
    }

    @Test
    void refusesToBeReachedByOthersWithoutAToken() {
        Map<String, String> everywhere = Map.of("dashboard.host", "0.0.0.0");

        assertThatThrownBy(() -> DashboardConfig.of(everywhere, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("dashboard.host is 0.0.0.0, which others can reach");
        assertThatThrownBy(
                        () ->
                                DashboardConfig.of(
                                        everywhere, Map.of("ADSTREAM_DASHBOARD_TOKEN", "short")))
                .hasMessageContaining("16 characters")
                .hasMessageNotContaining("\"short\"");
        assertThat(
                        DashboardConfig.of(everywhere, Map.of("ADSTREAM_DASHBOARD_TOKEN", TOKEN))
                                .token())
                .isNotNull();
    }

    @Test
    void namesEveryProblemAtOnceAndTheNearestKey() {
        assertThatThrownBy(
                        () ->
                                DashboardConfig.of(
                                        Map.of(
                                                "redis.prot", "6379",
                                                "dashboard.port", "65536",
                                                "redis.timeout", "soon",
                                                "postgres.url", "jdbc:postgresql://h/d?password=x",
                                                "postgres.password", "secret-of-the-test"),
                                        Map.of()))
                .hasMessageContaining("5 settings are wrong")
                .hasMessageContaining("did you mean redis.port?")
                .hasMessageContaining(
                        "dashboard.port is \"65536\", allowed is a whole number from 0 to 65535")
                .hasMessageContaining("redis.timeout is \"soon\", allowed is a duration")
                .hasMessageContaining("without a password in it")
                .hasMessageContaining("ADSTREAM_POSTGRES_PASSWORD")
                .hasMessageNotContaining("secret-of-the-test");
    }

    @Test
    void takesTheCommandLineOverFilesAndFilesOverDefaults() throws IOException {
        Files.writeString(
                folder.resolve("dashboard.yaml"),
                "redis.port: 1\nredis.host: one\nredis.timeout: 2 s");
        Path other = Files.writeString(folder.resolve("other.yaml"), "redis:\n  port: 2\n");
        Path secret = Files.writeString(folder.resolve("password"), "from-a-file\n");

        DashboardConfig config =
                DashboardConfig.load(
                        new String[] {
                            "--config",
                            other.toString(),
                            "--redis.host=three",
                            "--redis.password-file",
                            secret.toString()
                        },
                        Map.of("ADSTREAM_CONF_DIR", folder.toString()));

        assertThat(config.redis().port()).isEqualTo(2);
        assertThat(config.redis().host()).isEqualTo("three");
        assertThat(config.redis().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.redis().password())
                .satisfies(password -> assertThat(password.reveal()).isEqualTo("from-a-file"));
        assertThat(config.toString()).doesNotContain("from-a-file");
    }

    @Test
    void theFileThatIsShippedIsRightAndEverySettingIsDescribed() throws IOException {
        DashboardConfig.load(
                new String[0], Map.of("ADSTREAM_CONF_DIR", ProjectRoot.resolve("conf").toString()));
        String shipped = Files.readString(ProjectRoot.resolve("conf/dashboard.yaml"));
        String docs = Files.readString(ProjectRoot.resolve("docs/dashboard.md"));

        for (Setting<?> setting : DashboardSettings.ALL) {
            String defaultText = setting.defaultText() == null ? "" : setting.defaultText();
            assertThat(docs)
                    .contains(
                            "| `"
                                    + setting.key()
                                    + "` | "
                                    + (defaultText.isEmpty() ? "" : "`" + defaultText + "`")
                                    + " | "
                                    + setting.description()
                                    + " |");
        }
        for (SecretOption secret : DashboardSettings.SECRETS) {
            assertThat(docs).contains(secret.fileKey()).contains(secret.environmentVariable());
        }
        assertThat(shipped).contains("dashboard.port: 8501");
    }
}
