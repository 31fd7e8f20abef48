package io.adstream.bench;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.config.RedisOptions;
import io.adstream.common.event.EventContract;
import io.adstream.common.kafka.EventDeserializer;
import io.adstream.common.kafka.KafkaSources;
import io.adstream.common.kafka.Topics;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisIdentities;
import io.adstream.common.redis.RedisSink;
import io.adstream.common.time.EventWatermarks;
import io.adstream.metrics.MetricsConfig;
import io.adstream.metrics.MetricsJob;
import io.adstream.metrics.MetricsOptions;
import io.adstream.metrics.MetricsPipeline;
import io.adstream.metrics.row.MetricsHash;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The metrics job with its own source, pipeline and Redis sink. What goes to PostgreSQL and Kafka
 * is made and thrown away; raw events are off.
 */
final class AdstreamRound implements CandidateMain.Round {

    private static final String REDIS_SINK = "redis-sink";

    private final CandidateSettings candidate;

    AdstreamRound(CandidateSettings candidate) {
        this.candidate = candidate;
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        JobSettings settings =
                JobSettings.of(
                        MetricsPipeline.JOB,
                        Map.of(
                                KafkaOptions.BOOTSTRAP_SERVERS.key(),
                                candidate.bootstrapServers(),
                                KafkaOptions.TOPIC_PREFIX.key(),
                                request.topicPrefix(),
                                KafkaOptions.GROUP_ID.key(),
                                request.group(),
                                RedisOptions.HOST.key(),
                                candidate.redisHost(),
                                RedisOptions.PORT.key(),
                                String.valueOf(candidate.redisPort()),
                                MetricsOptions.RAW_EVENTS.key(),
                                "false"),
                        MetricsJob.options());
        FlinkRound round = new FlinkRound(candidate);
        RedisConnectionConfig redis = RedisConnectionConfig.from(settings);
        MetricsPipeline.Outputs outputs =
                MetricsPipeline.build(
                        inputs(round.environment(), settings, redis), MetricsConfig.from(settings));
        outputs.rows()
                .sinkTo(new RedisSink<>(redis, new MetricsHash()))
                .uid(REDIS_SINK)
                .name(REDIS_SINK);
        discard(outputs.closed(), "closed");
        discard(outputs.rejected(), "rejected");
        discard(outputs.ingest(), "ingest");
        discard(outputs.progress(), "progress");
        return round.run(
                request, name -> name.startsWith(REDIS_SINK), "closedKeysWaiting", "redisPending");
    }

    private static MetricsPipeline.Inputs inputs(
            StreamExecutionEnvironment environment,
            JobSettings settings,
            RedisConnectionConfig redis) {
        var events =
                environment
                        .fromSource(
                                KafkaSources.of(
                                        settings,
                                        Topics.AD_EVENTS,
                                        KafkaSources.SHORT_FETCH_WAIT,
                                        new EventDeserializer(
                                                EventContract.AD_EVENTS,
                                                CommonOptions.inputZone(settings),
                                                MetricsPipeline.eventType())),
                                EventWatermarks.strategy(
                                        settings.get(CommonOptions.MAX_OUT_OF_ORDERNESS),
                                        settings.get(CommonOptions.IDLENESS),
                                        settings.get(CommonOptions.MAX_DRIFT)),
                                "ad-events-source")
                        .uid("ad-events-source");
        return new MetricsPipeline.Inputs(events, RedisIdentities.stream(environment, redis));
    }

    private static <T> void discard(DataStream<T> stream, String name) {
        stream.sinkTo(new DiscardingSink<>()).uid(name + "-discarded").name(name + "-discarded");
    }
}
