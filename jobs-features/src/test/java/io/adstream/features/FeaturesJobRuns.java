package io.adstream.features;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.config.JobSettings;
import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.events.CommerceEventJson;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.FeaturesBatch;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServiceSettings;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The features job with its real connectors, run again and again on the same topics and stores. */
final class FeaturesJobRuns {

    static final int PARTITIONS = 3;

    private final FlinkCluster flink;
    private final KafkaBroker kafka;
    private final String prefix;
    private final Map<String, String> given;

    /**
     * @param prefix before the names of topics and transactions
     * @param folder where the password lies
     */
    FeaturesJobRuns(
            FlinkCluster flink,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            String prefix,
            Path folder)
            throws IOException {
        this.flink = flink;
        this.kafka = kafka;
        this.prefix = prefix;
        given = ServiceSettings.of(kafka, redis, database, prefix, folder);
        // So few users on heap that most are read from state.
        given.put("features.users-on-heap", "100");
    }

    /** Sets an option of the job. */
    FeaturesJobRuns with(String key, String value) {
        given.put(key, value);
        return this;
    }

    /** Makes the topics that the job reads and writes. */
    void createTopics() {
        Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
        kafka.createTopicNamed(prefix + "commerce-events", PARTITIONS, appendTime);
        kafka.createTopicNamed(prefix + "ad-events", PARTITIONS, appendTime);
        kafka.createTopicNamed(prefix + "commerce-events.dlq", 1, appendTime);
        kafka.createTopicNamed(prefix + "user-signals", 2, appendTime);
    }

    RunningJob start(@Nullable String savepoint, int parallelism, String backend) {
        JobSettings settings = JobSettings.of(FeaturesPipeline.JOB, given, FeaturesJob.options());
        FeaturesConfig config = FeaturesConfig.from(settings);
        Map<String, String> extra = new HashMap<>();
        extra.put("state.backend.type", backend);
        if (savepoint != null) {
            extra.put("execution.state-recovery.path", savepoint);
        }
        StreamExecutionEnvironment environment = flink.environment(parallelism, extra);
        FeaturesConnectors connectors = new FeaturesConnectors(settings);
        connectors.attach(FeaturesPipeline.build(connectors.inputs(environment, config), config));
        return flink.start(environment, "features");
    }

    /** Sends records, those of equal values to the same partition, each in the given order. */
    void send(Collection<Shoppers.Sent> sent) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Shoppers.Sent one : sent) {
            records.add(
                    new ProducerRecord<>(
                            topic(one.inShop()),
                            Math.floorMod(new String(one.value(), UTF_8).hashCode(), PARTITIONS),
                            null,
                            one.value()));
        }
        kafka.produce(records);
    }

    /** Sends values to {@code commerce-events} as they are. */
    void sendToShop(byte[]... values) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (byte[] value : values) {
            records.add(new ProducerRecord<>(topic(true), 0, null, value));
        }
        kafka.produce(records);
    }

    /** Lets event time reach an instant in every partition, by what makes no feature. */
    void sendTime(Instant time) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            records.add(
                    new ProducerRecord<>(
                            topic(false),
                            partition,
                            null,
                            AdEventJson.impression("time-" + partition + "-" + time)
                                    .at(time)
                                    .json()));
            records.add(
                    new ProducerRecord<>(
                            topic(true),
                            partition,
                            null,
                            CommerceEventJson.view("time").at(time).json()));
        }
        kafka.produce(records);
    }

    private String topic(boolean inShop) {
        return prefix + (inShop ? "commerce-events" : "ad-events");
    }

    /** Adds all that was sent. */
    FeaturesBatch addTo(FeaturesBatch batch) {
        return batch.addShop(kafka.readAll(topic(true))).addAds(kafka.readAll(topic(false)));
    }
}
