package io.adstream.attribution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.adstream.common.config.JobSettings;
import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServiceSettings;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The attribution job with its real connectors, run again and again on the same topics and stores.
 */
final class AttributionJobRuns {

    static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final FlinkCluster flink;
    private final KafkaBroker kafka;
    private final TestDatabase database;
    private final String prefix;
    private final JobSettings settings;

    /**
     * @param prefix before the names of topics and transactions
     * @param folder where the password lies
     */
    AttributionJobRuns(
            FlinkCluster flink,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            String prefix,
            Path folder)
            throws IOException {
        this.flink = flink;
        this.kafka = kafka;
        this.database = database;
        this.prefix = prefix;
        settings =
                JobSettings.of(
                        AttributionPipeline.JOB,
                        ServiceSettings.of(kafka, redis, database, prefix, folder),
                        AttributionJob.options());
    }

    /** Makes the topics that the job reads and writes. */
    void createTopics() {
        Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
        kafka.createTopicNamed(prefix + "ad-events", PARTITIONS, appendTime);
        kafka.createTopicNamed(prefix + "performance-metrics", 2, appendTime);
    }

    RunningJob start(@Nullable String savepoint, int parallelism, String backend) {
        Map<String, String> extra = new HashMap<>();
        extra.put("state.backend.type", backend);
        if (savepoint != null) {
            extra.put("execution.state-recovery.path", savepoint);
        }
        StreamExecutionEnvironment environment = flink.environment(parallelism, extra);
        AttributionConnectors connectors = new AttributionConnectors(settings);
        connectors.attach(
                AttributionPipeline.build(
                        connectors.inputs(environment), AttributionConfig.from(settings)));
        return flink.start(environment, "attribution");
    }

    /** Sends records, those with equal values to the same partition, each in the given order. */
    void send(Collection<byte[]> values) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (byte[] value : values) {
            String text = new String(value, UTF_8);
            String id = text.substring(0, text.indexOf(','));
            records.add(
                    new ProducerRecord<>(
                            prefix + "ad-events",
                            Math.floorMod(id.hashCode(), PARTITIONS),
                            null,
                            value));
        }
        kafka.produce(records);
    }

    /** Lets event time reach an instant in every partition. */
    void sendTime(Instant time) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            records.add(
                    new ProducerRecord<>(
                            prefix + "ad-events",
                            partition,
                            null,
                            AdEventJson.impression("time-" + partition + "-" + time)
                                    .at(time)
                                    .json()));
        }
        kafka.produce(records);
    }

    /** Waits until so many conversions have a row. */
    void awaitConversions(int count) {
        await(count + " conversions")
                .atMost(PATIENCE)
                .until(
                        () ->
                                database.queryLong("select count(*) from attribution.conversions")
                                        >= count);
    }
}
