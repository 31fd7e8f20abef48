package io.adstream.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A canary in the place of every secret must not be seen anywhere it could be printed. */
class SecretsTest {

    private static final String CANARY = "canary-7f3e1c";
    private static final String JAAS =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\""
                    + " password=\""
                    + CANARY
                    + "\";";

    private static final List<OptionSet> ALL =
            List.of(KafkaOptions.OPTIONS, RedisOptions.OPTIONS, PostgresOptions.OPTIONS);

    @TempDir private Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void comeFromAFileOrTheEnvironmentAndAreSeenNowhere() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), CANARY + "\n");
        environment.put("ADSTREAM_POSTGRES_PASSWORD", CANARY);
        environment.put("ADSTREAM_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", JAAS);
        Path keystore = Files.writeString(directory.resolve("keystore"), CANARY + "\r\n");

        JobSettings settings =
                load(
                        "--redis.password-file",
                        file.toString(),
                        "--kafka.properties.ssl.keystore.password-file",
                        keystore.toString());

        assertThat(settings.secret(RedisOptions.PASSWORD).orElseThrow().reveal()).isEqualTo(CANARY);
        assertThat(settings.secret(PostgresOptions.PASSWORD).orElseThrow().reveal())
                .isEqualTo(CANARY);
        assertThat(settings.passedThrough(KafkaOptions.PROPERTIES))
                .containsOnly(
                        Map.entry("sasl.jaas.config", JAAS),
                        Map.entry("ssl.keystore.password", CANARY));
        StreamExecutionEnvironment flink = settings.environment();
        assertThat(flink.getConfig().getGlobalJobParameters().toMap())
                .containsEntry("redis.password-file", file.toString());
        assertThat(
                        List.of(
                                settings.toString(),
                                settings.configuration().toString(),
                                settings.configuration().toMap().toString(),
                                settings.secret(RedisOptions.PASSWORD).toString(),
                                flink.getConfig().getGlobalJobParameters().toMap().toString(),
                                flink.getConfiguration().toString(),
                                flink.getConfig().toString()))
                .allSatisfy(text -> assertThat(text).doesNotContain(CANARY));
        assertThat(serialized(flink.getConfig().getGlobalJobParameters())).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis.password",
                "postgres.password",
                "kafka.properties.sasl.jaas.config",
                "kafka.properties.ssl.key.password"
            })
    void areRefusedOnTheCommandLineAndInFiles(String key) throws IOException {
        Path yaml = Files.writeString(directory.resolve("secrets.yaml"), key + ": " + CANARY);
        for (String[] args :
                List.of(
                        new String[] {"--" + key, CANARY},
                        new String[] {"--" + key + "=" + CANARY},
                        new String[] {"--config", yaml.toString()})) {
            assertThatThrownBy(() -> load(args))
                    .hasMessageContaining(key)
                    .hasMessageContaining("put it into a file and set " + key + "-file")
                    .hasMessageContaining("environment variable ADSTREAM_")
                    .satisfies(e -> assertThat(printed(e)).doesNotContain(CANARY));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--redis.pasword=" + CANARY,
                "--postgres.url=jdbc:postgresql://u:" + CANARY + "@h:1/db",
                "--postgres.url=jdbc:postgresql://h:1/db?user=u&password=" + CANARY,
                "--redis.host=redis://:" + CANARY + "@h",
                "--kafka.bootstrap-servers=u:" + CANARY + "@h://x:y@h",
                CANARY
            })
    void inAWrongPlaceAreNotEchoed(String argument) {
        assertThatThrownBy(() -> load(argument))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(printed(e)).doesNotContain(CANARY));
    }

    @Test
    void inABrokenYamlFileAreNotEchoed() throws IOException {
        Path yaml =
                Files.writeString(
                        directory.resolve("broken.yaml"), "redis.password: \"" + CANARY + "\n: [");

        assertThatThrownBy(() -> load("--config", yaml.toString()))
                .hasMessageContaining("no valid YAML")
                .satisfies(e -> assertThat(printed(e)).doesNotContain(CANARY));
    }

    @Test
    void givenTwiceOrEmptyOrUnreadableAreExplained() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        environment.put("ADSTREAM_REDIS_PASSWORD", CANARY);
        assertThatThrownBy(() -> load("--redis.password-file", empty.toString()))
                .hasMessageContaining("redis.password is given twice");
        environment.clear();
        assertThatThrownBy(() -> load("--redis.password-file", empty.toString()))
                .hasMessageContaining("this one is empty");
        assertThatThrownBy(() -> load("--redis.password-file", directory.resolve("no").toString()))
                .hasMessageContaining("allowed is the path of a readable file");
        environment.put("ADSTREAM_REDIS_PASSWORD", "");
        assertThatThrownBy(this::load)
                .hasMessageContaining("The environment variable ADSTREAM_REDIS_PASSWORD is empty");
    }

    private JobSettings load(String... args) {
        return JobSettings.load(args, "metrics", ALL, environment, directory);
    }

    private static String printed(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String serialized(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
