package io.adstream.attribution.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.events.AdEventJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatchConversionsTest {

    private static final long T = 1_795_168_800_000L;
    private static final long DAY = Duration.ofHours(24).toMillis();
    private static final PathLimits LIMITS = new PathLimits(10_000, 500);

    @ParameterizedTest
    @EnumSource
    void everyClickBeforeEveryConversion(MatchSubtasks.Backend backend) throws Exception {
        try (MatchSubtasks subtasks = new MatchSubtasks(backend, LIMITS)) {
            subtasks.send(click("c1", T));
            subtasks.send(conversion("v1", T + 10));
            subtasks.send(conversion("v2", T + 30));
            subtasks.send(click("c2", T + 20));
            subtasks.watermark(T + 29);
            assertThat(subtasks.matches()).containsExactly("v1: c1");
            subtasks.watermark(T + 30);
            assertThat(subtasks.matches()).containsExactly("v2: c1 c2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothEndsOfTheWindowCount(MatchSubtasks.Backend backend) throws Exception {
        try (MatchSubtasks subtasks = new MatchSubtasks(backend, LIMITS)) {
            subtasks.send(click("c1", T));
            subtasks.send(conversion("v0", T));
            subtasks.send(conversion("v1", T + DAY));
            subtasks.send(conversion("v2", T + DAY + 1));
            subtasks.watermark(T + 2 * DAY);

            assertThat(subtasks.matches()).containsExactly("v0: c1", "v1: c1");
        }
    }

    @Test
    void theOldestClicksOfARunLeaveTheWindowOneByOne() throws Exception {
        try (MatchSubtasks subtasks = new MatchSubtasks(MatchSubtasks.Backend.HASHMAP, LIMITS)) {
            subtasks.send(click("c1", T));
            subtasks.send(click("c2", T + 5));
            subtasks.send(conversion("v1", T + 10));
            subtasks.send(conversion("v2", T + DAY + 5));
            subtasks.send(conversion("v3", T + DAY + 6));
            subtasks.watermark(T + 2 * DAY);

            assertThat(subtasks.matches()).containsExactly("v1: c1 c2", "v2: c2");
        }
    }

    @Test
    void atOneInstantClicksComeFirstAndIdsDecide() throws Exception {
        try (MatchSubtasks subtasks = new MatchSubtasks(MatchSubtasks.Backend.HASHMAP, LIMITS)) {
            subtasks.send(click("b", T));
            subtasks.send(conversion("v", T));
            subtasks.send(click("é", T));
            subtasks.send(click("a", T));
            subtasks.watermark(T);

            assertThat(subtasks.matches()).containsExactly("v: a b é");
        }
    }

    @Test
    void aClickAfterTheConversionDoesNotCount() throws Exception {
        try (MatchSubtasks subtasks = new MatchSubtasks(MatchSubtasks.Backend.HASHMAP, LIMITS)) {
            subtasks.send(click("c", T + 1));
            subtasks.send(conversion("v", T));
            subtasks.watermark(T + 1);

            assertThat(subtasks.matches()).isEmpty();
        }
    }

    @Test
    void anotherAdvertisersClicksDoNotCount() throws Exception {
        try (MatchSubtasks subtasks = new MatchSubtasks(MatchSubtasks.Backend.HASHMAP, LIMITS)) {
            subtasks.send(click("mine", T));
            subtasks.send(click("other", T + 1).advertiser("adv-2"));
            subtasks.send(conversion("v1", T + 2).advertiser("adv-1"));
            subtasks.send(conversion("v2", T + 2).advertiser("adv-3"));
            subtasks.send(conversion("v3", T + 2).without("advertiser_id"));
            subtasks.watermark(T + 2);

            assertThat(subtasks.matches()).containsExactlyInAnyOrder("v1: mine", "v3: mine other");
        }
    }

    @Test
    void namesTheFirstAndTheNewestTouches() throws Exception {
        PathLimits limits = new PathLimits(10, 3);
        try (MatchSubtasks subtasks = new MatchSubtasks(MatchSubtasks.Backend.HASHMAP, limits)) {
            for (int i = 0; i < 5; i++) {
                subtasks.send(click("c" + i, T + i));
            }
            subtasks.send(conversion("v1", T + 2));
            subtasks.send(conversion("v2", T + 9));
            subtasks.watermark(T + 9);

            assertThat(subtasks.matches()).containsExactly("v1: c0 c1 c2", "v2: c0 c3 c4 +");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNewestClicksOfAKeyCount(MatchSubtasks.Backend backend) throws Exception {
        PathLimits limits = new PathLimits(100, 4);
        try (MatchSubtasks subtasks = new MatchSubtasks(backend, limits)) {
            for (int i = 0; i < 1000; i++) {
                subtasks.send(click("c" + i, T + i));
                if (i % 300 == 250) {
                    subtasks.watermark(T + i - 40);
                }
            }
            subtasks.send(conversion("v1", T + 900));
            subtasks.send(conversion("v2", T + 999));
            subtasks.watermark(T + 2000);

            assertThat(subtasks.matches())
                    .containsExactly("v1: c801 c898 c899 c900 +", "v2: c900 c997 c998 c999 +");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftInTheEnd(MatchSubtasks.Backend backend) throws Exception {
        PathLimits limits = new PathLimits(100, 4);
        try (MatchSubtasks subtasks = new MatchSubtasks(backend, limits)) {
            Random random = new Random(5);
            long time = T;
            for (int i = 0; i < 3000; i++) {
                time += random.nextInt(120_000);
                String session = random.nextInt(3) == 0 ? "crowded" : "s-" + random.nextInt(300);
                long at = time - random.nextInt(60_000);
                AdEventJson json =
                        random.nextInt(5) == 0 ? conversion("v" + i, at) : click("c" + i, at);
                subtasks.send(json.session(session));
                subtasks.watermark(time - 60_001);
            }
            assertThat(subtasks.stateEntries()).isPositive();
            assertThat(subtasks.timers()).isPositive();

            subtasks.watermark(time + DAY);
            subtasks.watermark(time + DAY + 1);

            assertThat(subtasks.stateEntries()).isZero();
            assertThat(subtasks.timers()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesOnFromASnapshotWithOpenMatches(MatchSubtasks.Backend backend) throws Exception {
        List<AdEventJson> events = new ArrayList<>();
        Random random = new Random(6);
        for (int i = 0; i < 4000; i++) {
            long at = T + i * 1000L - random.nextInt(60_000);
            events.add(
                    (random.nextInt(4) == 0 ? conversion("v" + i, at) : click("c" + i, at))
                            .session("s-" + random.nextInt(200)));
        }
        PathLimits limits = new PathLimits(8, 5);
        List<String> expected = new ArrayList<>();
        try (MatchSubtasks subtasks = new MatchSubtasks(backend, limits)) {
            feed(subtasks, events, 0, events.size(), expected);
            subtasks.watermark(Long.MAX_VALUE);
            expected.addAll(subtasks.matches());
        }

        List<String> found = new ArrayList<>();
        MatchSubtasks.Snapshot snapshot = null;
        int[] parallelisms = {1, 3, 2, 4, 1};
        int part = events.size() / parallelisms.length;
        for (int run = 0; run < parallelisms.length; run++) {
            try (MatchSubtasks subtasks =
                    new MatchSubtasks(backend, limits, parallelisms[run], snapshot)) {
                feed(subtasks, events, run * part, (run + 1) * part, found);
                if (run == parallelisms.length - 1) {
                    subtasks.watermark(Long.MAX_VALUE);
                    found.addAll(subtasks.matches());
                } else {
                    snapshot = subtasks.snapshot();
                }
            }
        }

        assertThat(expected).hasSizeGreaterThan(500);
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static void feed(
            MatchSubtasks subtasks, List<AdEventJson> events, int from, int to, List<String> out)
            throws Exception {
        for (int i = from; i < to; i++) {
            subtasks.send(events.get(i));
            subtasks.watermark(T + i * 1000L - 60_001);
            out.addAll(subtasks.matches());
        }
    }

    private static AdEventJson click(String id, long time) {
        return AdEventJson.click(id).session("s-1").atMillis(time);
    }

    private static AdEventJson conversion(String id, long time) {
        return AdEventJson.conversion(id).session("s-1").atMillis(time);
    }
}
