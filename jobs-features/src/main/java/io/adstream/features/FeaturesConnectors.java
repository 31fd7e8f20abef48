package io.adstream.features;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.dlq.DeadLetterSerializer;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.ingest.IngestTable;
import io.adstream.common.kafka.EventDeserializer;
import io.adstream.common.kafka.KafkaSinks;
import io.adstream.common.kafka.KafkaSources;
import io.adstream.common.kafka.Topics;
import io.adstream.common.postgres.PostgresConnectionConfig;
import io.adstream.common.postgres.PostgresSink;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisIdentities;
import io.adstream.common.redis.RedisSink;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventWatermarks;
import io.adstream.features.event.ProjectUsers;
import io.adstream.features.hour.UserFeaturesHash;
import io.adstream.features.profile.ProfileHash;
import io.adstream.features.profile.ProfileRecord;
import io.adstream.features.retarget.RetargetingHash;
import io.adstream.features.retarget.SignalRecord;
import io.adstream.features.session.SessionHash;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where the features job reads from and writes to. */
final class FeaturesConnectors {

    private final JobSettings settings;
    private final RedisConnectionConfig redis;
    private final PostgresConnectionConfig postgres;
    private final String topicPrefix;

    FeaturesConnectors(JobSettings settings) {
        this.settings = settings;
        this.redis = RedisConnectionConfig.from(settings);
        this.postgres = PostgresConnectionConfig.from(settings);
        this.topicPrefix = settings.get(KafkaOptions.TOPIC_PREFIX);
    }

    FeaturesPipeline.Inputs inputs(StreamExecutionEnvironment environment, FeaturesConfig config) {
        return new FeaturesPipeline.Inputs(
                source(environment, EventContract.COMMERCE_EVENTS, ProjectUsers.COMMERCE),
                config.adEvents()
                        ? source(environment, EventContract.AD_EVENTS, ProjectUsers.ADS)
                        : null,
                RedisIdentities.stream(environment, redis));
    }

    private DataStream<InputEvent> source(
            StreamExecutionEnvironment environment, EventContract contract, int topic) {
        String name = contract.topic() + "-source";
        return environment
                .fromSource(
                        KafkaSources.of(
                                settings,
                                contract.topic(),
                                KafkaSources.FETCH_WAIT,
                                new EventDeserializer(
                                                contract,
                                                CommonOptions.inputZone(settings),
                                                FeaturesPipeline.eventType())
                                        .ofTopic(topic)),
                        EventWatermarks.strategy(
                                settings.get(CommonOptions.MAX_OUT_OF_ORDERNESS),
                                settings.get(CommonOptions.IDLENESS),
                                settings.get(CommonOptions.MAX_DRIFT)),
                        name)
                .uid(name);
    }

    void attach(FeaturesPipeline.Outputs outputs) {
        toRedis(outputs.hours(), new UserFeaturesHash(), "user-features-sink");
        toRedis(outputs.sessions(), new SessionHash(), "sessions-sink");
        toRedis(outputs.profiles(), new ProfileHash(), "profiles-sink");
        toRedis(outputs.retargeting(), new RetargetingHash(), "retargeting-sink");
        String signals = topicPrefix + Topics.USER_SIGNALS;
        outputs.minutes()
                .map(
                        row -> new UserRecord(row.userId(), ProfileRecord.value(row)),
                        TypeInformation.of(UserRecord.class))
                .uid("profile-records")
                .name("profile-records")
                .union(
                        outputs.signals()
                                .map(
                                        notice ->
                                                new UserRecord(
                                                        notice.signal().userId(),
                                                        SignalRecord.value(notice)),
                                        TypeInformation.of(UserRecord.class))
                                .uid("signal-records")
                                .name("signal-records"))
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "user-signals",
                                signals,
                                Topics.MAX_MESSAGE_BYTES,
                                new UserSerializer(signals)))
                .uid("user-signals-sink")
                .name("user-signals-sink");
        String commerce = topicPrefix + Topics.COMMERCE_EVENTS;
        String deadLetters = topicPrefix + Topics.deadLetters(Topics.COMMERCE_EVENTS);
        outputs.rejected()
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "dead-letters",
                                deadLetters,
                                Topics.DEAD_LETTER_MAX_MESSAGE_BYTES,
                                new DeadLetterSerializer(deadLetters, commerce, settings.job())))
                .uid("dead-letters-sink")
                .name("dead-letters-sink");
        outputs.ingest()
                .sinkTo(new PostgresSink<>(postgres, IngestTable.of(settings.job())))
                .uid("ingest-sink")
                .name("ingest-sink");
    }

    private <T> void toRedis(DataStream<T> rows, RedisWriteFactory<T> factory, String name) {
        rows.sinkTo(new RedisSink<>(redis, factory)).uid(name).name(name);
    }

    /**
     * A record of {@code user-signals}.
     *
     * @param userId its key
     * @param json its value
     */
    public record UserRecord(String userId, String json) {}

    private record UserSerializer(String topic)
            implements KafkaRecordSerializationSchema<UserRecord> {

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                UserRecord record, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(
                    topic, record.userId().getBytes(UTF_8), record.json().getBytes(UTF_8));
        }
    }
}
