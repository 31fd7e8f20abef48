package io.adstream.bench;

import io.adstream.attribution.AttributionConfig;
import io.adstream.attribution.AttributionPipeline;
import io.adstream.attribution.Tier;
import io.adstream.attribution.hour.AdHourHash;
import io.adstream.attribution.result.Attribution;
import io.adstream.attribution.result.CreditedTouch;
import io.adstream.common.config.JobSettings;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisIdentities;
import io.adstream.common.redis.RedisSink;
import java.util.Objects;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The attribution job with its own source, pipeline and Redis sink. Results are made, all five
 * models of them, added up, and thrown away.
 */
final class AttributionRound implements CandidateMain.Round {

    private static final String RESULTS = "results";
    private static final String REDIS_SINK = "redis-sink";

    private final CandidateSettings candidate;

    AttributionRound(CandidateSettings candidate) {
        this.candidate = candidate;
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        JobSettings settings = AttributionSettings.of(candidate, request);
        FlinkRound round = new FlinkRound(candidate);
        RedisConnectionConfig redis = RedisConnectionConfig.from(settings);
        AttributionPipeline.Outputs outputs =
                AttributionPipeline.build(
                        new AttributionPipeline.Inputs(
                                AttributionSettings.events(round.environment(), settings),
                                RedisIdentities.stream(round.environment(), redis)),
                        AttributionConfig.from(settings));
        outputs.results()
                .sinkTo(new CreditSink<>(AttributionRound::read))
                .uid(RESULTS)
                .name(RESULTS);
        outputs.hours()
                .sinkTo(new RedisSink<>(redis, new AdHourHash()))
                .uid(REDIS_SINK)
                .name(REDIS_SINK);
        discard(outputs.rejected(), "rejected");
        discard(outputs.late(), "late");
        RunResult result =
                round.run(
                        request,
                        name -> name.startsWith(RESULTS) || name.startsWith(REDIS_SINK),
                        "redisPending");
        return result.with(CreditCounter.of(round));
    }

    private static void read(Attribution result, CreditCounter counter) {
        CreditedTouch credited = result.credited();
        if (credited != null) {
            counter.add(
                    Objects.equals(result.match(), Tier.SESSION),
                    result.conversionId(),
                    credited.touch().clickId(),
                    1);
        }
    }

    private static <T> void discard(DataStream<T> stream, String name) {
        stream.sinkTo(new DiscardingSink<>()).uid(name + "-discarded").name(name + "-discarded");
    }
}
