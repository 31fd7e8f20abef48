package io.adstream.features.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.features.event.UserEvent;
import io.adstream.features.event.UserEvent.Kind;
import io.adstream.features.event.UserEventSerializer;
import io.adstream.features.hour.SlidingHour;
import io.adstream.features.hour.UserFeatures;
import io.adstream.features.session.SessionRow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

/**
 * The hours and sessions of {@link TrackUsers}, with users that come and go between heap and state,
 * against Flink's own windows: the same events, the same watermarks, a million of them.
 */
class FlinkWindowsTest {

    private static final int EVENTS = 1_000_000;
    private static final int USERS = 400;
    private static final long LATENESS = UserSubtasks.RULES.lateness();
    private static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
    private static final OutputTag<UserEvent> LATE =
            new OutputTag<>("late", UserEventSerializer.TYPE);
    private static final Kind[] IN_SHOP = {Kind.VIEW, Kind.CART, Kind.PURCHASE};

    /** The sessions of Flink that are not merged into others, in order of time. */
    private final Map<String, TreeMap<Long, Content>> byUser = new HashMap<>();

    /** What a window holds. */
    record Content(
            String user, long start, long end, int views, int carts, int purchases, long average) {}

    @Test
    void hoursAndSessionsAreThoseOfFlinkToTheLastOne() throws Exception {
        Random random = new Random(2603);
        Map<String, Content> hours = new HashMap<>();
        Map<String, Content> sessions = new HashMap<>();
        Map<String, Content> ourHours = new HashMap<>();
        Map<String, Content> ourSessions = new HashMap<>();
        long late = 0;
        long lateByFlink = 0;
        int exactGaps = 0;
        try (var sliding =
                        windows(
                                SlidingEventTimeWindows.of(
                                        Duration.ofHours(1), Duration.ofMinutes(10)));
                var gaps = windows(EventTimeSessionWindows.withGap(Duration.ofMinutes(10)));
                UserSubtasks users = UserSubtasks.start(UserSubtasks.Backend.HASHMAP, 150)) {
            long[] lastOfUser = new long[USERS];
            long now = START;
            long watermark = Long.MIN_VALUE;
            for (int i = 0; i < EVENTS; i++) {
                now += random.nextInt(400);
                int user = (int) (random.nextDouble() * random.nextDouble() * USERS);
                long time = now - disorder(random);
                if (lastOfUser[user] != 0 && random.nextInt(4) == 0) {
                    time = lastOfUser[user] + 600_000 + random.nextInt(2);
                    exactGaps++;
                    if (time > now + 300_000) {
                        time = now;
                    }
                }
                lastOfUser[user] = time;
                UserEvent event =
                        new UserEvent(
                                "u-" + user,
                                IN_SHOP[random.nextInt(3)],
                                time,
                                time,
                                random.nextInt(10) == 0 ? UserEvent.NO_PRICE : price(random),
                                null,
                                null,
                                false);
                sliding.processElement(new StreamRecord<>(event, time));
                if (SlidingHour.isLate(time, watermark, LATENESS)) {
                    late++;
                } else {
                    gaps.processElement(new StreamRecord<>(event, time));
                    users.add(event);
                }
                if (random.nextInt(20) == 0 && now - 10_001 > watermark) {
                    watermark = now - 10_001;
                    sliding.processWatermark(new Watermark(watermark));
                    gaps.processWatermark(new Watermark(watermark));
                    users.watermark(watermark);
                }
                if (i % 10_000 == 0 || i == EVENTS - 1) {
                    if (i == EVENTS - 1) {
                        long end = now + Duration.ofHours(2).toMillis();
                        sliding.processWatermark(new Watermark(end));
                        gaps.processWatermark(new Watermark(end));
                        users.watermark(end);
                    }
                    lateByFlink += lateOf(sliding);
                    sliding.extractOutputValues().forEach(c -> hours.put(c.user + "@" + c.end, c));
                    sliding.getOutput().clear();
                    gaps.extractOutputValues().forEach(c -> replaceMerged(sessions, c));
                    gaps.getOutput().clear();
                    users.hours().forEach(row -> put(ourHours, row));
                    users.sessions().forEach(row -> put(ourSessions, row));
                    users.profiles();
                    users.minutes();
                    users.signals();
                    users.retargeting();
                }
            }
        }
        assertThat(exactGaps).isGreaterThan(EVENTS / 5);
        assertThat(late).isGreaterThan(1000).isEqualTo(lateByFlink);
        assertThat(hours).hasSizeGreaterThan(100_000);
        assertThat(sessions).hasSizeGreaterThan(10_000);
        assertThat(differences(ourHours, hours)).isEmpty();
        assertThat(differences(ourSessions, sessions)).isEmpty();
    }

    private static long disorder(Random random) {
        return switch (random.nextInt(100)) {
            case 0 -> random.nextInt(90 * 60_000); // late for some, or for all
            case 1, 2, 3 -> random.nextInt(16 * 60_000);
            default -> random.nextInt(10_000);
        };
    }

    private static long price(Random random) {
        return random.nextInt(100) == 0
                ? 9_000_000_000_000_000_000L - random.nextInt(1000)
                : random.nextInt(1_000_000_000);
    }

    private static void put(Map<String, Content> contents, UserFeatures row) {
        if (!row.isEmpty()) {
            contents.put(
                    row.userId() + "@" + row.windowEnd(),
                    new Content(
                            row.userId(),
                            row.windowEnd() - SlidingHour.WINDOW,
                            row.windowEnd(),
                            row.views(),
                            row.carts(),
                            row.purchases(),
                            row.averagePrice()));
        }
    }

    private static void put(Map<String, Content> contents, SessionRow row) {
        String key = row.userId() + "@" + row.start();
        if (row.removed()) {
            contents.remove(key);
        } else {
            contents.put(
                    key,
                    new Content(
                            row.userId(),
                            row.start(),
                            row.end() + 600_000,
                            row.first(),
                            row.second(),
                            row.third(),
                            0));
        }
    }

    /** Flink does not take back what was merged: a later window of the same time replaces it. */
    private void replaceMerged(Map<String, Content> sessions, Content merged) {
        TreeMap<Long, Content> ofUser = byUser.computeIfAbsent(merged.user, u -> new TreeMap<>());
        List<Long> inside =
                new ArrayList<>(ofUser.subMap(merged.start, true, merged.end, false).keySet());
        for (Long start : inside) {
            ofUser.remove(start);
            sessions.remove(merged.user + "@" + start);
        }
        Content content =
                new Content(
                        merged.user,
                        merged.start,
                        merged.end,
                        merged.views,
                        merged.carts,
                        merged.purchases,
                        0);
        ofUser.put(merged.start, content);
        sessions.put(merged.user + "@" + merged.start, content);
    }

    private static List<String> differences(
            Map<String, Content> found, Map<String, Content> expected) {
        List<String> differences = new ArrayList<>();
        expected.forEach(
                (key, content) -> {
                    if (!content.equals(found.get(key)) && differences.size() < 20) {
                        differences.add("expected " + content + ", found " + found.get(key));
                    }
                });
        found.forEach(
                (key, content) -> {
                    if (!expected.containsKey(key) && differences.size() < 20) {
                        differences.add("too much: " + content);
                    }
                });
        return differences;
    }

    private static long lateOf(
            KeyedOneInputStreamOperatorTestHarness<String, UserEvent, Content> windows) {
        var late = windows.getSideOutput(LATE);
        if (late == null) {
            return 0;
        }
        long count = late.size();
        late.clear();
        return count;
    }

    /** Flink's own window operator, as the literal design has it. */
    private static KeyedOneInputStreamOperatorTestHarness<String, UserEvent, Content> windows(
            WindowAssigner<Object, TimeWindow> assigner) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        var stream =
                environment
                        .fromData(
                                List.of(new UserEventSerializer().createInstance()),
                                UserEventSerializer.TYPE)
                        .keyBy(UserEvent::userId, Types.STRING)
                        .window(assigner)
                        .allowedLateness(Duration.ofMillis(LATENESS))
                        .sideOutputLateData(LATE)
                        .process(new Count(), TypeInformation.of(Content.class));
        var transformation = (OneInputTransformation<?, ?>) stream.getTransformation();
        var factory = (SimpleOperatorFactory<?>) transformation.getOperatorFactory();
        @SuppressWarnings("unchecked")
        var operator = (OneInputStreamOperator<UserEvent, Content>) factory.getOperator();
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        operator, UserEvent::userId, Types.STRING);
        harness.setup(
                TypeInformation.of(Content.class)
                        .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        harness.open();
        return harness;
    }

    /** Counts a window's events one by one. */
    private static final class Count
            extends ProcessWindowFunction<UserEvent, Content, String, TimeWindow> {

        private static final long serialVersionUID = 1L;

        @Override
        public void process(
                String user, Context context, Iterable<UserEvent> events, Collector<Content> out) {
            int[] counts = new int[3];
            int priced = 0;
            BigInteger sum = BigInteger.ZERO;
            for (UserEvent event : events) {
                counts[event.kind().indexInTopic()]++;
                if (event.kind() == Kind.VIEW && event.price() != UserEvent.NO_PRICE) {
                    priced++;
                    sum = sum.add(BigInteger.valueOf(event.price()));
                }
            }
            long average =
                    priced == 0
                            ? 0
                            : new BigDecimal(sum)
                                    .divide(BigDecimal.valueOf(priced), 0, RoundingMode.HALF_EVEN)
                                    .longValueExact();
            out.collect(
                    new Content(
                            user,
                            context.window().getStart(),
                            context.window().getEnd(),
                            counts[0],
                            counts[1],
                            counts[2],
                            average));
        }
    }
}
