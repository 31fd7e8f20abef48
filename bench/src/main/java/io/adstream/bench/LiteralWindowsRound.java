package io.adstream.bench;

import io.adstream.common.config.JobSettings;
import io.adstream.common.money.Micros;
import io.adstream.features.event.ProjectUsers;
import io.adstream.features.event.UserEvent;
import io.adstream.features.event.UserEventSerializer;
import io.adstream.features.hour.UserFeatures;
import io.adstream.features.hour.UserFeaturesHash;
import io.adstream.features.session.SessionHash;
import io.adstream.features.session.SessionRow;
import java.time.Duration;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * Hours and sessions as the feature pipeline was first written down: {@code
 * SlidingEventTimeWindows.of(1 h, 10 min)} and {@code EventTimeSessionWindows.withGap(10 min)},
 * keyed by user, each with an aggregate that takes one event at a time. It has the product's
 * source, parser, codec and Redis sink; no deduplication, no lateness, no profiles, no signals.
 */
final class LiteralWindowsRound implements CandidateMain.Round {

    private static final int VIEWS = 0;
    private static final int PURCHASES = 2;
    private static final int PRICED = 3;
    private static final int PRICES = 4;
    private static final int LAST = 5;
    private static final int FIELDS = 6;
    private static final long HOUR_TTL = Duration.ofHours(2).toMillis();
    private static final long SESSION_TTL = Duration.ofHours(1).toMillis();

    private final CandidateSettings candidate;

    LiteralWindowsRound(CandidateSettings candidate) {
        this.candidate = candidate;
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        JobSettings settings = FeaturesSettings.of(candidate, request);
        FlinkRound round = new FlinkRound(candidate);
        DataStream<UserEvent> events =
                FeaturesSettings.events(round.environment(), settings)
                        .filter(event -> event.rejected == null)
                        .uid("valid")
                        .name("valid")
                        .flatMap(ProjectUsers.valid())
                        .returns(UserEventSerializer.TYPE)
                        .uid("events")
                        .name("events");
        DataStream<UserFeatures> hours =
                windows(
                        events,
                        SlidingEventTimeWindows.of(Duration.ofHours(1), Duration.ofMinutes(10)),
                        new Hour(),
                        TypeInformation.of(UserFeatures.class),
                        "hours");
        DataStream<SessionRow> sessions =
                windows(
                        events,
                        EventTimeSessionWindows.withGap(Duration.ofMinutes(10)),
                        new Session(),
                        TypeInformation.of(SessionRow.class),
                        "sessions");
        FeaturesSettings.toRedis(hours, settings, new UserFeaturesHash(), "hours");
        FeaturesSettings.toRedis(sessions, settings, new SessionHash(), "sessions");
        FeaturesSettings.count(hours, FeatureCounter.ofHours());
        FeaturesSettings.count(sessions, FeatureCounter.ofSessions());
        RunResult result =
                round.run(
                        request,
                        name -> name.contains(FeaturesSettings.REDIS_SINK),
                        "redisPending");
        return result.with(FeatureCounter.of(round));
    }

    private static <R> DataStream<R> windows(
            DataStream<UserEvent> events,
            WindowAssigner<Object, TimeWindow> assigner,
            ProcessWindowFunction<long[], R, String, TimeWindow> result,
            TypeInformation<R> type,
            String name) {
        return events.keyBy(UserEvent::userId, Types.STRING)
                .window(assigner)
                .aggregate(
                        new Sums(),
                        result,
                        PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO,
                        PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO,
                        type)
                .uid(name)
                .name(name);
    }

    /** Views, carts, purchases, views with a price and the sum of these, the last time. */
    private static final class Sums implements AggregateFunction<UserEvent, long[], long[]> {

        private static final long serialVersionUID = 1L;

        @Override
        public long[] createAccumulator() {
            return new long[FIELDS];
        }

        @Override
        public long[] add(UserEvent event, long[] sums) {
            sums[event.kind().indexInTopic()]++;
            if (event.kind() == UserEvent.Kind.VIEW && event.price() != UserEvent.NO_PRICE) {
                sums[PRICED]++;
                sums[PRICES] += event.price();
            }
            sums[LAST] = Math.max(sums[LAST], event.time());
            return sums;
        }

        @Override
        public long[] getResult(long[] sums) {
            return sums;
        }

        @Override
        public long[] merge(long[] some, long[] others) {
            for (int i = VIEWS; i < LAST; i++) {
                some[i] += others[i];
            }
            some[LAST] = Math.max(some[LAST], others[LAST]);
            return some;
        }
    }

    private static final class Hour
            extends ProcessWindowFunction<long[], UserFeatures, String, TimeWindow> {

        private static final long serialVersionUID = 1L;

        @Override
        public void process(
                String user, Context context, Iterable<long[]> sums, Collector<UserFeatures> out) {
            long[] sum = sums.iterator().next();
            out.collect(
                    new UserFeatures(
                            user,
                            context.window().getEnd(),
                            (int) sum[VIEWS],
                            (int) sum[VIEWS + 1],
                            (int) sum[PURCHASES],
                            Micros.perPiece(sum[PRICES], sum[PRICED]),
                            true,
                            false,
                            context.currentProcessingTime() + HOUR_TTL));
        }
    }

    private static final class Session
            extends ProcessWindowFunction<long[], SessionRow, String, TimeWindow> {

        private static final long serialVersionUID = 1L;

        @Override
        public void process(
                String user, Context context, Iterable<long[]> sums, Collector<SessionRow> out) {
            long[] sum = sums.iterator().next();
            out.collect(
                    new SessionRow(
                            true,
                            user,
                            context.window().getStart(),
                            sum[LAST],
                            (int) sum[VIEWS],
                            (int) sum[VIEWS + 1],
                            (int) sum[PURCHASES],
                            false,
                            false,
                            context.currentProcessingTime() + SESSION_TTL));
        }
    }
}
