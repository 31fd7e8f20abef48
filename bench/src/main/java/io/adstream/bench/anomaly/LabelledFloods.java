package io.adstream.bench.anomaly;

import io.adstream.anomaly.flood.Click;
import io.adstream.anomaly.flood.WatchClicks;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.common.alert.Alert;
import io.adstream.testing.oracle.ExpectedFloods;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** A day of clicks, many of them just at the limit, through the operator that watches them. */
final class LabelledFloods {

    private static final OutputTag<Penalty> PENALTIES =
            new OutputTag<>("penalties", TypeInformation.of(Penalty.class));
    private static final long START = 1_795_132_800_000L;
    private static final long MINUTE = 60_000;

    /** What came of a day. */
    static final class Result {
        long clicks;
        int expected;
        int right;
        int wrong;
        int atTheLimit;
        int firedAtTheLimit;
    }

    private LabelledFloods() {}

    static Result run(long seed, int minutes) throws Exception {
        Draws draws = new Draws(seed);
        List<ExpectedFloods.Click> clicks = new ArrayList<>();
        Result result = new Result();
        Set<String> calm = new HashSet<>();
        for (int device = 0; device < 300; device++) {
            // Exactly 100 within a minute, wherever it begins: never a flood.
            String id = "calm-" + device;
            calm.add(id);
            long from = START + draws.below(minutes) * MINUTE + draws.below(60_000);
            for (int i = 0; i < 100; i++) {
                clicks.add(new ExpectedFloods.Click(id, from + draws.below(60_000)));
            }
            result.atTheLimit++;
        }
        for (int device = 0; device < 300; device++) {
            String id = "flood-" + device;
            long from = START + draws.below(minutes) * MINUTE + draws.below(60_000);
            int count = 101 + (device % 3 == 0 ? 0 : draws.below(400));
            int span = device % 3 == 0 ? 59_999 : 20_000 + draws.below(200_000);
            for (int i = 0; i < count; i++) {
                int offset = i == 0 ? 0 : i == 1 ? span : draws.below(span + 1);
                clicks.add(new ExpectedFloods.Click(id, from + offset));
            }
        }
        for (int i = 0; i < 200_000; i++) {
            clicks.add(
                    new ExpectedFloods.Click(
                            "d-" + draws.below(20_000),
                            START + (long) (draws.uniform(0, minutes) * MINUTE)));
        }
        clicks.sort(Comparator.comparingLong(ExpectedFloods.Click::time));
        result.clicks = clicks.size();
        List<ExpectedFloods.Flood> expected = ExpectedFloods.of(clicks, 100, MINUTE, 50, 2);
        Map<String, Step> open = new HashMap<>();
        Set<ExpectedFloods.Flood> found = new HashSet<>();
        try (Subtask<Click> subtask =
                new Subtask<>(
                        new WatchClicks(Duration.ofMinutes(5), PENALTIES),
                        Click::key,
                        List.of(RuleStates.RULES))) {
            long tick = START;
            for (ExpectedFloods.Click click : clicks) {
                while (click.time() - 10_000 > tick) {
                    subtask.watermark(tick - 1);
                    tick += 1000;
                }
                subtask.add(
                        new Click(
                                Alert.EntityType.DEVICE,
                                click.entity(),
                                click.time(),
                                "ad-1",
                                "cmp-1",
                                "adv-1",
                                "e"));
            }
            subtask.watermark(START + (minutes + 60) * MINUTE);
            for (Step step : subtask.taken()) {
                String id = step.alert().alertId();
                switch (step.alert().status()) {
                    case OPEN -> {
                        if (open.put(id, step) != null) {
                            result.wrong++;
                        }
                        if (calm.contains(step.alert().entityId())) {
                            result.firedAtTheLimit++;
                        }
                    }
                    case UPDATE -> {}
                    case RESOLVED ->
                            found.add(
                                    new ExpectedFloods.Flood(
                                            step.alert().entityId(),
                                            Objects.requireNonNull(open.get(id)).time(),
                                            step.time()));
                }
            }
        }
        result.expected = expected.size();
        for (ExpectedFloods.Flood flood : expected) {
            result.right += found.remove(flood) ? 1 : 0;
        }
        result.wrong += found.size();
        return result;
    }

    /** CPU time of a million clicks of one device, ns per click, in ten parts. */
    static double[] millionClicks() throws Exception {
        double[] parts = new double[10];
        try (Subtask<Click> subtask =
                new Subtask<>(
                        new WatchClicks(Duration.ofMinutes(5), PENALTIES),
                        Click::key,
                        List.of(RuleStates.RULES))) {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < 1_000_000; i++) {
                long time = START + i / 10;
                subtask.add(
                        new Click(
                                Alert.EntityType.DEVICE, "d", time, "ad", "cmp", "adv", "e-" + i));
                if (i % 1000 == 999) {
                    subtask.watermark(time - 10_000);
                }
                if (i % 100_000 == 99_999) {
                    long now = threads.getCurrentThreadCpuTime();
                    parts[i / 100_000] = (now - before) / 100_000.0;
                    before = now;
                }
            }
        }
        return parts;
    }
}
