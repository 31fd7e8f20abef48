package io.adstream.bench;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.config.RedisOptions;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.kafka.EventDeserializer;
import io.adstream.common.kafka.KafkaSources;
import io.adstream.common.kafka.Topics;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisSink;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventWatermarks;
import io.adstream.features.FeaturesJob;
import io.adstream.features.FeaturesOptions;
import io.adstream.features.FeaturesPipeline;
import io.adstream.features.event.ProjectUsers;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the candidates for features share: source, parser, Redis sink. */
final class FeaturesSettings {

    /** Ends the name of every sink that writes to Redis. */
    static final String REDIS_SINK = "-redis-sink";

    /** So few users of a subtask on heap that nearly all are read from state. */
    private static final String FEW_USERS = "100";

    private FeaturesSettings() {}

    static JobSettings of(CandidateSettings candidate, RunRequest request) {
        Map<String, String> given = new HashMap<>();
        given.put(KafkaOptions.BOOTSTRAP_SERVERS.key(), candidate.bootstrapServers());
        given.put(KafkaOptions.TOPIC_PREFIX.key(), request.topicPrefix());
        given.put(KafkaOptions.GROUP_ID.key(), request.group());
        // Hours of events are read within seconds: partitions need not wait for each other.
        given.put(CommonOptions.MAX_DRIFT.key(), "1 d");
        given.put(RedisOptions.HOST.key(), candidate.redisHost());
        given.put(RedisOptions.PORT.key(), String.valueOf(candidate.redisPort()));
        given.put(FeaturesOptions.AD_EVENTS.key(), "false");
        if (candidate.candidate() == Candidate.FEATURES_FROM_STATE) {
            given.put(FeaturesOptions.USERS_ON_HEAP.key(), FEW_USERS);
        }
        return JobSettings.of(FeaturesPipeline.JOB, given, FeaturesJob.options());
    }

    /** The product's source: parsed, with watermarks. */
    static DataStream<InputEvent> events(
            StreamExecutionEnvironment environment, JobSettings settings) {
        return environment
                .fromSource(
                        KafkaSources.of(
                                settings,
                                Topics.COMMERCE_EVENTS,
                                KafkaSources.FETCH_WAIT,
                                new EventDeserializer(
                                                EventContract.COMMERCE_EVENTS,
                                                CommonOptions.inputZone(settings),
                                                FeaturesPipeline.eventType())
                                        .ofTopic(ProjectUsers.COMMERCE)),
                        EventWatermarks.strategy(
                                settings.get(CommonOptions.MAX_OUT_OF_ORDERNESS),
                                settings.get(CommonOptions.IDLENESS),
                                settings.get(CommonOptions.MAX_DRIFT)),
                        "commerce-events-source")
                .uid("commerce-events-source");
    }

    static <T> void toRedis(
            DataStream<T> rows, JobSettings settings, RedisWriteFactory<T> factory, String name) {
        rows.sinkTo(new RedisSink<>(RedisConnectionConfig.from(settings), factory))
                .uid(name + REDIS_SINK)
                .name(name + REDIS_SINK);
    }

    static <T> void count(DataStream<T> rows, FeatureCounter<T> counter) {
        rows.sinkTo(counter).uid(counter.name() + "-counted").name(counter.name() + "-counted");
    }
}
