package io.adstream.bench;

import io.adstream.common.config.JobSettings;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisIdentities;
import io.adstream.features.FeaturesConfig;
import io.adstream.features.FeaturesPipeline;
import io.adstream.features.hour.UserFeaturesHash;
import io.adstream.features.profile.ProfileHash;
import io.adstream.features.profile.ProfileRecord;
import io.adstream.features.retarget.RetargetingHash;
import io.adstream.features.retarget.SignalRecord;
import io.adstream.features.session.SessionHash;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The features job on shop events alone, with its own source, pipeline and Redis sinks. Profile and
 * signal records are made and thrown away.
 */
final class FeaturesRound implements CandidateMain.Round {

    private final CandidateSettings candidate;

    FeaturesRound(CandidateSettings candidate) {
        this.candidate = candidate;
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        JobSettings settings = FeaturesSettings.of(candidate, request);
        FlinkRound round = new FlinkRound(candidate);
        var identities =
                RedisIdentities.stream(round.environment(), RedisConnectionConfig.from(settings))
                        // The first one comes while rows are written: all are sent again then, and
                        // would be counted twice.
                        .filter(identity -> false)
                        .uid("no-identities")
                        .setParallelism(1);
        FeaturesPipeline.Outputs outputs =
                FeaturesPipeline.build(
                        new FeaturesPipeline.Inputs(
                                FeaturesSettings.events(round.environment(), settings),
                                null,
                                identities),
                        FeaturesConfig.from(settings));
        FeaturesSettings.toRedis(outputs.hours(), settings, new UserFeaturesHash(), "hours");
        FeaturesSettings.toRedis(outputs.sessions(), settings, new SessionHash(), "sessions");
        FeaturesSettings.toRedis(outputs.profiles(), settings, new ProfileHash(), "profiles");
        FeaturesSettings.toRedis(
                outputs.retargeting(), settings, new RetargetingHash(), "retargeting");
        FeaturesSettings.count(outputs.hours(), FeatureCounter.ofHours());
        FeaturesSettings.count(outputs.sessions(), FeatureCounter.ofSessions());
        record(outputs.minutes(), ProfileRecord::value, "profile-records");
        record(outputs.signals(), SignalRecord::value, "signal-records");
        discard(outputs.rejected(), "rejected");
        discard(outputs.late(), "late");
        discard(outputs.ingest(), "ingest");
        RunResult result =
                round.run(
                        request,
                        name -> name.contains(FeaturesSettings.REDIS_SINK),
                        "redisPending");
        return result.with(FeatureCounter.of(round));
    }

    private static <T> void record(DataStream<T> rows, MapFunction<T, String> json, String name) {
        discard(rows.map(json).returns(Types.STRING).uid(name).name(name), name);
    }

    private static <T> void discard(DataStream<T> stream, String name) {
        stream.sinkTo(new DiscardingSink<>()).uid(name + "-discarded").name(name + "-discarded");
    }
}
