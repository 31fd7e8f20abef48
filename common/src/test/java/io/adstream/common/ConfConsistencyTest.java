package io.adstream.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.config.PostgresOptions;
import io.adstream.common.config.RedisOptions;
import io.adstream.common.kafka.TopicSpec;
import io.adstream.common.kafka.Topics;
import io.adstream.testing.ProjectRoot;
import io.adstream.testing.flink.FlinkCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Compose, topics.yaml, config.yaml, the build and the code say the same. */
class ConfConsistencyTest {

    private static final List<String> JOBS =
            List.of("metrics", "attribution", "budget", "anomaly", "features", "quality");

    private static final Topics TOPICS = Topics.load(ProjectRoot.resolve("conf/topics.yaml"));
    private static final Configuration FLINK =
            GlobalConfiguration.loadConfiguration(ProjectRoot.resolve("conf").toString());
    private static final JobSettings DEFAULTS =
            JobSettings.of("metrics", Map.of(), CommonOptions.with());

    @Test
    void composeCreatesTheTopicsAsDeclared() throws IOException {
        Map<?, ?> init = service("topics-init");
        String declared = String.valueOf(map(init.get("environment")).get("TOPICS"));
        List<String> expected = new ArrayList<>();
        for (TopicSpec topic : TOPICS.all()) {
            Duration retention = topic.retention();
            expected.add(
                    String.join(
                            " ",
                            topic.name(),
                            String.valueOf(topic.partitions()),
                            retention == null ? "compact" : String.valueOf(retention.toMillis()),
                            String.valueOf(topic.maxMessageBytes())));
        }

        assertThat(declared.lines()).containsExactlyElementsOf(expected);
        String script = String.valueOf(list(init.get("command")).get(0));
        TOPICS.get(Topics.CONTROL)
                .config()
                .forEach(
                        (key, value) ->
                                assertThat(script).contains("--config " + key + "=" + value));
        assertThat(script)
                .contains("--config min.insync.replicas=" + TOPICS.minInsyncReplicas(1))
                .contains("--replication-factor 1 ");
    }

    @Test
    void theBrokerOfComposeAllowsTheTransactionsOfTheJobs() throws IOException {
        Map<?, ?> broker = map(service("kafka").get("environment"));

        assertThat(Long.parseLong(String.valueOf(broker.get("KAFKA_TRANSACTION_MAX_TIMEOUT_MS"))))
                .isGreaterThanOrEqualTo(DEFAULTS.get(KafkaOptions.TRANSACTION_TIMEOUT).toMillis());
        assertThat(broker.get("KAFKA_AUTO_CREATE_TOPICS_ENABLE")).isEqualTo("false");
    }

    @Test
    void composePublishesTheDefaultPortsOnLoopbackAlone() throws IOException {
        assertThat(ports("kafka")).containsExactly("127.0.0.1:9092:9092");
        assertThat(DEFAULTS.get(KafkaOptions.BOOTSTRAP_SERVERS)).isEqualTo("localhost:9092");
        int redis = DEFAULTS.get(RedisOptions.PORT);
        assertThat(ports("redis")).containsExactly("127.0.0.1:" + redis + ":" + redis);
        assertThat(ports("postgres")).containsExactly("127.0.0.1:5432:5432");
        assertThat(DEFAULTS.get(PostgresOptions.URL)).contains("localhost:5432/adstream");
        String flink = FLINK.toMap().get("rest.port");
        assertThat(ports("jobmanager")).containsExactly("127.0.0.1:" + flink + ":" + flink);
        assertThat(ports("dashboard")).containsExactly("127.0.0.1:8501:8501");
    }

    @Test
    void imagesHaveTheVersionsOfTheBuild() throws IOException {
        assertThat(service("kafka").get("image"))
                .isEqualTo("apache/kafka:" + version("kafka.version"))
                .isEqualTo(service("topics-init").get("image"));
        assertThat(service("migrations").get("image"))
                .isEqualTo("flyway/flyway:" + version("flyway.version"));
        String binaries = version("postgres-binaries.version");
        assertThat(service("postgres").get("image"))
                .isEqualTo("postgres:" + binaries.substring(0, binaries.lastIndexOf('.')))
                .isEqualTo(service("dashboard-login").get("image"));
        assertThat(service("dashboard").get("image"))
                .isEqualTo("adstream-dashboard:" + projectVersion());
        assertThat(Files.readString(ProjectRoot.resolve("Dockerfile")))
                .contains("FROM flink:" + version("flink.version") + "-java17\n");
        assertThat(service("jobmanager").get("image"))
                .isEqualTo("adstream-flink:" + projectVersion());
    }

    @Test
    void everyImageIsPinnedAndEveryServerIsWatched() throws IOException {
        Map<?, ?> compose = compose();
        assertThat(compose.containsKey("version")).as("the key version is obsolete").isFalse();
        for (Map.Entry<?, ?> service : map(compose.get("services")).entrySet()) {
            Map<?, ?> settings = map(service.getValue());
            assertThat(String.valueOf(settings.get("image")))
                    .as("image of %s", service.getKey())
                    .matches("[a-z/-]+:[0-9]+\\.[0-9]+.*");
            if ("unless-stopped".equals(settings.get("restart"))) {
                assertThat(settings.get("healthcheck"))
                        .as("health check of %s", service.getKey())
                        .isNotNull();
            }
        }
    }

    @Test
    void composeSubmitsEveryJobThatHasAConfiguration() throws IOException {
        for (String job : configuredJobs()) {
            List<?> command = list(service(job).get("command"));
            assertThat(command.get(0)).isEqualTo("submit-job");
            assertThat(command.get(1)).isEqualTo(job);
            String[] arguments =
                    command.subList(2, command.size()).stream()
                            .map(String::valueOf)
                            .toArray(String[]::new);
            JobSettings settings = JobSettings.load(arguments, job, CommonOptions.with());
            assertThat(settings.get(KafkaOptions.BOOTSTRAP_SERVERS))
                    .isEqualTo(listener(map(service("kafka").get("environment")), "INTERNAL"));
            assertThat(map(compose().get("services")).containsKey(settings.get(RedisOptions.HOST)))
                    .isTrue();
            assertThat(
                            map(service(job).get("environment"))
                                    .containsKey("ADSTREAM_POSTGRES_PASSWORD"))
                    .isTrue();
        }
    }

    @Test
    void everyFileInConfBelongsToAJobOrIsKnown() throws IOException {
        assertThat(configuredJobs()).isNotEmpty().isSubsetOf(JOBS);
        for (TopicSpec topic : TOPICS.all()) {
            assertThat(topic.readers()).as("readers of %s", topic.name()).isSubsetOf(JOBS);
        }
    }

    @Test
    void checkpointsOutliveAnOutageOfTheStores() {
        assertThat(FLINK.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE))
                .isEqualTo(CheckpointingMode.EXACTLY_ONCE);
        assertThat(FLINK.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(FLINK.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT))
                .isGreaterThan(Duration.ofMinutes(10))
                .isLessThan(DEFAULTS.get(KafkaOptions.TRANSACTION_TIMEOUT));
        assertThat(FLINK.get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER)).isPositive();
        assertThat(FLINK.get(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION))
                .isEqualTo(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        assertThat(FLINK.get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS))
                .isGreaterThanOrEqualTo(3);
        assertThat(FLINK.get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isTrue();
        assertThat(FLINK.get(ExecutionOptions.SNAPSHOT_COMPRESSION)).isTrue();
        assertThat(FLINK.get(StateBackendOptions.STATE_BACKEND)).isEqualTo("rocksdb");
        assertThat(FLINK.get(RestartStrategyOptions.RESTART_STRATEGY))
                .isEqualTo("exponential-delay");
    }

    @Test
    void oneSettingSaysWhereStateIsKept() throws IOException {
        String storage = FLINK.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);

        assertThat(FLINK.get(CheckpointingOptions.SAVEPOINT_DIRECTORY)).isEqualTo(storage);
        assertThat(FLINK.get(HighAvailabilityOptions.HA_STORAGE_PATH)).isEqualTo(storage);
        assertThat(Files.readString(ProjectRoot.resolve("conf/config.yaml")))
                .containsOnlyOnce(storage);
        assertThat(list(service("jobmanager").get("volumes")).get(0))
                .isEqualTo("flink-state:" + storage.replace("file://", ""));
    }

    @Test
    void stateFindsItsOperatorsAndNothingFallsToKryo() {
        assertThat(FLINK.get(PipelineOptions.AUTO_GENERATE_UIDS)).isFalse();
        assertThat(FLINK.get(PipelineOptions.GENERIC_TYPES)).isFalse();
        assertThat(FLINK.get(PipelineOptions.OBJECT_REUSE)).isTrue();
        assertThat(FLINK.get(PipelineOptions.MAX_PARALLELISM))
                .isEqualTo(FlinkCluster.MAX_PARALLELISM);
    }

    @Test
    void processesHaveTheSizeOfTheContract() {
        assertThat(FLINK.get(JobManagerOptions.TOTAL_PROCESS_MEMORY))
                .isEqualTo(MemorySize.parse("2g"));
        assertThat(FLINK.get(TaskManagerOptions.TOTAL_PROCESS_MEMORY))
                .isEqualTo(MemorySize.parse("8g"));
        assertThat(FLINK.get(TaskManagerOptions.NUM_TASK_SLOTS)).isEqualTo(4);
        assertThat(FLINK.toMap())
                .containsEntry("metrics.reporter.prom.filterLabelValueCharacters", "false")
                .containsEntry(
                        "metrics.reporter.prom.factory.class",
                        "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
    }

    /** What is configured beside the jobs. */
    private static final List<String> OTHERS =
            List.of("config.yaml", "topics.yaml", "dashboard.yaml");

    private static List<String> configuredJobs() throws IOException {
        try (Stream<Path> files = Files.list(ProjectRoot.resolve("conf"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .filter(name -> !OTHERS.contains(name))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .toList();
        }
    }

    private static String listener(Map<?, ?> broker, String name) {
        for (String listener :
                String.valueOf(broker.get("KAFKA_ADVERTISED_LISTENERS")).split(",", -1)) {
            if (listener.startsWith(name + "://")) {
                return listener.substring(name.length() + 3);
            }
        }
        throw new AssertionError("no listener " + name);
    }

    private static List<String> ports(String service) throws IOException {
        return list(service(service).get("ports")).stream().map(String::valueOf).toList();
    }

    private static Map<?, ?> service(String name) throws IOException {
        Object service = map(compose().get("services")).get(name);
        assertThat(service).as("service %s of docker-compose.yml", name).isNotNull();
        return map(service);
    }

    /** Compose's file with its merge keys resolved. */
    private static Map<?, ?> compose() throws IOException {
        LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
        return map(
                new Load(settings)
                        .loadFromString(
                                Files.readString(ProjectRoot.resolve("docker-compose.yml"))));
    }

    private static String version(String property) throws IOException {
        return pom("<" + Pattern.quote(property) + ">([^<]+)</");
    }

    private static String projectVersion() throws IOException {
        return pom("<artifactId>adstream</artifactId>\\s*<version>([^<]+)</version>");
    }

    private static String pom(String expression) throws IOException {
        Matcher matcher =
                Pattern.compile(expression)
                        .matcher(Files.readString(ProjectRoot.resolve("pom.xml")));
        assertThat(matcher.find()).as(expression).isTrue();
        return matcher.group(1);
    }

    private static Map<?, ?> map(Object node) {
        assertThat(node).isInstanceOf(Map.class);
        Map<Object, Object> merged = new java.util.LinkedHashMap<>();
        Map<?, ?> given = (Map<?, ?>) node;
        if (given.get("<<") instanceof Map<?, ?> base) {
            merged.putAll(base);
        }
        merged.putAll(given);
        merged.remove("<<");
        return merged;
    }

    private static List<?> list(Object node) {
        assertThat(node).isInstanceOf(List.class);
        return (List<?>) node;
    }
}
