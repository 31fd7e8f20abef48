package io.adstream.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.config.CommonOptions.InputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobSettingsTest {

    private static final OptionSet OWN = OptionSet.named("Own", "Options of this test.");
    private static final ConfigOption<Integer> REQUIRED =
            OWN.integer("own.required").required().between(1, 10).describedAs("Needed.");
    private static final ConfigOption<Double> SHARE =
            OWN.number("own.share").defaultTo(0.5).between(0.0, 1.0).describedAs("A share.");
    private static final ConfigOption<MemorySize> BUFFER =
            OWN.memory("own.buffer").defaultTo(MemorySize.ofMebiBytes(1)).describedAs("A buffer.");
    private static final ConfigOption<Long> COUNT =
            OWN.longInteger("own.count").defaultTo(1L).atLeast(0L).describedAs("A count.");

    private static final List<OptionSet> ALL = List.of(CommonOptions.with());

    @TempDir private Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void laterSourcesWin() throws IOException {
        jobFile(
                """
                dedup.horizon: 2 h
                redis.port: 7000
                postgres.user: file
                redis.host: file-host
                """);
        Path first = file("first.yaml", "redis.port: 7001\npostgres.user: first\n");
        Path second = file("second.yaml", "postgres:\n  user: second\n");

        JobSettings settings =
                load("--config", first.toString(), "--redis.port", "7002", "--config=" + second);

        assertThat(settings.get(CommonOptions.IDLENESS)).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.get(CommonOptions.DEDUP_HORIZON)).isEqualTo(Duration.ofHours(2));
        assertThat(settings.get(RedisOptions.HOST)).isEqualTo("file-host");
        assertThat(settings.get(PostgresOptions.USER)).isEqualTo("second");
        assertThat(settings.get(RedisOptions.PORT)).isEqualTo(7002);
    }

    @Test
    void readsTheJobsFileFromTheDirectoryThatTheEnvironmentNames() throws IOException {
        jobFile("redis.port: 1\n");
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("metrics.yaml"), "redis.port: 2\n");
        environment.put("ADSTREAM_CONF_DIR", "elsewhere");

        assertThat(load().get(RedisOptions.PORT)).isEqualTo(2);

        environment.put("ADSTREAM_CONF_DIR", "nowhere");
        assertThat(problems())
                .containsExactly("ADSTREAM_CONF_DIR = nowhere: allowed is an existing directory");
    }

    @Test
    void defaultsNameTheJobWhereTheyDiffer() {
        assertThat(load().get(KafkaOptions.GROUP_ID)).isEqualTo("adstream-metrics");
        assertThat(load("--kafka.group-id=other").get(KafkaOptions.GROUP_ID)).isEqualTo("other");
    }

    @Test
    void flatAndNestedKeysMeanTheSame() throws IOException {
        Path file =
                file(
                        "mixed.yaml",
                        """
                        kafka:
                          bootstrap-servers: [a:1, b:2]
                          topic-prefix: ""
                        watermark.idleness: 5 s
                        watermark:
                          max-out-of-orderness: 1 s
                        """);

        JobSettings settings = load("--config", file.toString());

        assertThat(settings.get(KafkaOptions.BOOTSTRAP_SERVERS)).isEqualTo("a:1,b:2");
        assertThat(settings.get(KafkaOptions.TOPIC_PREFIX)).isEmpty();
        assertThat(settings.get(CommonOptions.IDLENESS)).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.get(CommonOptions.MAX_OUT_OF_ORDERNESS))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis.prot 7000 | redis.prot on the command line: unknown option; did you mean"
                        + " redis.port?",
                "dedup-horizon 1h | dedup-horizon on the command line: unknown option; did you mean"
                        + " dedup.horizon?",
                "kafka.properties.max.poll.record 5 | kafka.properties.max.poll.record on the"
                        + " command line: unknown option; did you mean"
                        + " kafka.properties.max.poll.records?",
                "flink.execution.checkpointing.intervall 5s |"
                        + " flink.execution.checkpointing.intervall on the command line: unknown"
                        + " option; did you mean flink.execution.checkpointing.interval?",
            })
    void anUnknownKeyNamesTheNearest(String given, String problem) {
        String[] parts = given.split(" ", 2);
        assertThat(problems("--" + parts[0], parts[1])).containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis.port | 0 | an integer, from 1 to 65535",
                "redis.port | many | an integer, from 1 to 65535",
                "redis.port | 2147483648 | an integer, from 1 to 65535",
                "redis.tls | yes | true or false",
                "redis.host | redis://h:1 | a host name or address alone, without scheme, port or"
                        + " password",
                "dedup.horizon | 3600 | a duration with a unit, such as 500 ms, 10 s, 5 min, 1 h,"
                        + " from 1 min to 7 d",
                "dedup.horizon | -1 h | a duration with a unit, such as 500 ms, 10 s, 5 min, 1 h,"
                        + " from 1 min to 7 d",
                "dedup.horizon | 8 d | a duration with a unit, such as 500 ms, 10 s, 5 min, 1 h,"
                        + " from 1 min to 7 d",
                "dedup.horizon | 99999999999999999999 d | a duration with a unit, such as 500 ms,"
                        + " 10 s, 5 min, 1 h, from 1 min to 7 d",
                "input.time-zone | Mars/Olympus | a time zone id such as UTC or Asia/Seoul",
                "input.format | avro | json (avro is not available in this version)",
                "input.format | xml | json (avro is not available in this version)",
                "kafka.bootstrap-servers | a | host:port, or several separated by commas",
                "kafka.bootstrap-servers | a:1, | host:port, or several separated by commas",
                "kafka.bootstrap-servers | a:70000 | host:port, or several separated by commas",
                "kafka.properties.max.poll.records | x | a value of Kafka's type int: [1,...]",
                "kafka.properties.compression.type | rar | a value of Kafka's type string: [none,"
                        + " gzip, snappy, lz4, zstd]",
                "flink.execution.checkpointing.interval | soon | a value for Flink's"
                        + " execution.checkpointing.interval as its documentation describes it",
            })
    void aWrongValueNamesKeyValueAndWhatIsAllowed(String key, String value, String allowed) {
        assertThat(problems("--" + key + "=" + value))
                .containsExactly(
                        key + " = " + value + " on the command line: allowed is " + allowed);
    }

    @Test
    void emptyAndRangedValuesOfEveryTypeAreJudged() {
        assertThatThrownBy(
                        () ->
                                JobSettings.of(
                                        "metrics",
                                        Map.of(
                                                "own.share", "NaN",
                                                "own.buffer", "big",
                                                "own.count", "-1"),
                                        OWN))
                .hasMessageContaining("own.required is not set: it is required; allowed is an")
                .hasMessageContaining("own.share = NaN: allowed is a number, from 0.0 to 1.0")
                .hasMessageContaining("own.buffer = big: allowed is a size such as 64 kb or 1 mb")
                .hasMessageContaining("own.count = -1: allowed is an integer, at least 0");
        JobSettings settings =
                JobSettings.of(
                        "metrics",
                        Map.of("own.required", "10", "own.share", "1", "own.buffer", "64 kb"),
                        OWN);
        assertThat(settings.get(REQUIRED)).isEqualTo(10);
        assertThat(settings.get(SHARE)).isEqualTo(1.0);
        assertThat(settings.get(BUFFER)).isEqualTo(new MemorySize(65536));
        assertThat(settings.get(COUNT)).isEqualTo(1L);
        assertThat(problems("--kafka.group-id="))
                .containsExactly(
                        "kafka.group-id = (empty) on the command line: allowed is any text that is"
                                + " not blank");
    }

    @Test
    void allProblemsOfOneStartComeTogether() throws IOException {
        jobFile("redis.port: zero\nredis.hots: x\n");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> load("--redis.tls", "maybe", "stray", "--dedup.horizon"))
                .satisfies(e -> assertThat(e.problems()).hasSize(5))
                .withMessageStartingWith(
                        "The metrics job was not started: 5 settings are wrong.\n  - ")
                .withMessageContaining("redis.port = zero in ")
                .withMessageContaining("metrics.yaml: allowed is")
                .withMessageContaining("did you mean redis.host?")
                .withMessageContaining("argument 3 is no option")
                .withMessageContaining("--dedup.horizon has no value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: b: c | no valid YAML in line 1",
                "redis.port: 1\\nredis.port: 2 | no valid YAML in line 2",
                "redis.port: 1\\nredis:\\n  port: 2 | sets redis.port twice",
                "redis.port: 1\\n---\\nredis.port: 2 | holds more than one document",
                "- a\\n- b | must hold keys with values",
                "kafka.bootstrap-servers: [[a]] | nests a list or mapping",
            })
    void aFileThatIsNoListOfSettingsIsExplained(String text, String problem) throws IOException {
        Path file = file("wrong.yaml", text.replace("\\n", "\n"));

        assertThat(problems("--config", file.toString()))
                .singleElement()
                .asString()
                .startsWith("The configuration file " + file)
                .contains(problem);
    }

    @Test
    void aFileThatIsNotThereIsExplained() {
        assertThat(problems("--config", "missing.yaml"))
                .singleElement()
                .asString()
                .contains("missing.yaml does not exist");
    }

    @Test
    void whoAsksForHelpIsTold() {
        assertThat(problems("--help"))
                .containsExactly("--help: every option is described in docs/reference/config.md");
    }

    @Test
    void anEmptyFileSetsNothing() throws IOException {
        jobFile("# nothing set\n");

        assertThat(load().get(RedisOptions.PORT)).isEqualTo(6379);
    }

    @Test
    void clientPropertiesReachTheLibraryAndReservedOnesAreRefused() {
        JobSettings settings = load("--kafka.properties.security.protocol", "SSL");

        assertThat(settings.passedThrough(KafkaOptions.PROPERTIES))
                .containsExactlyEntriesOf(Map.of("security.protocol", "SSL"));
        assertThat(settings.configuration().toMap())
                .containsEntry("kafka.properties.security.protocol", "SSL");
        assertThat(problems("--kafka.properties.group.id", "g"))
                .containsExactly(
                        "kafka.properties.group.id on the command line: the job sets this itself;"
                                + " set kafka.group-id");
        assertThat(problems("--kafka.properties.isolation.level", "read_uncommitted"))
                .singleElement()
                .asString()
                .contains("exactly-once results depend on it");
    }

    @Test
    void enginesSettingsOfTheJobReachTheEnvironment() {
        StreamExecutionEnvironment environment =
                load(
                                "--flink.execution.checkpointing.interval",
                                "5 s",
                                "--flink.state.backend.rocksdb.memory.managed",
                                "true")
                        .environment();

        assertThat(environment.getConfiguration().get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(environment.getConfig().getGlobalJobParameters().toMap())
                .containsEntry("redis.port", "6379")
                .containsEntry("kafka.group-id", "adstream-metrics")
                .containsEntry("flink.execution.checkpointing.interval", "5 s");
    }

    @Test
    void aRuleOverSeveralOptionsIsAskedOnceTheSingleValuesAreRight() {
        OptionSet set = OptionSet.named("Rule", "Two options.");
        ConfigOption<Integer> least = set.integer("rule.least").defaultTo(1).describedAs("Least.");
        ConfigOption<Integer> most = set.integer("rule.most").defaultTo(2).describedAs("Most.");
        set.rule(
                values ->
                        values.get(least) > values.get(most)
                                ? "rule.least is above rule.most"
                                : null);

        assertThat(JobSettings.of("j", Map.of("rule.least", "2"), set).get(least)).isEqualTo(2);
        assertThatThrownBy(() -> JobSettings.of("j", Map.of("rule.least", "3"), set))
                .hasMessageContaining("rule.least is above rule.most");
    }

    @Test
    void anOptionWithoutValueIsAbsent() {
        assertThat(load().find(RedisOptions.USER)).isEmpty();
        assertThatThrownBy(() -> load().get(RedisOptions.USER))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "redis.user has no value; set it in conf/metrics.yaml or with"
                                + " --redis.user");
        assertThat(load().get(CommonOptions.INPUT_FORMAT)).isEqualTo(InputFormat.JSON);
        assertThat(CommonOptions.inputZone(load("--input.time-zone=Asia/Seoul")).getId())
                .isEqualTo("Asia/Seoul");
    }

    private void jobFile(String text) throws IOException {
        Files.createDirectories(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/metrics.yaml"), text);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private JobSettings load(String... args) {
        return JobSettings.load(args, "metrics", ALL, environment, directory);
    }

    private List<String> problems(String... args) {
        try {
            load(args);
        } catch (ConfigException e) {
            return e.problems();
        }
        return List.of();
    }
}
