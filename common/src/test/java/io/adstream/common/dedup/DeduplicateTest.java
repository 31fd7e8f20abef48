package io.adstream.common.dedup;

import static io.adstream.common.dedup.DedupSubtasks.Backend.HASHMAP;
import static io.adstream.common.dedup.DedupSubtasks.Verdict.CONFLICT;
import static io.adstream.common.dedup.DedupSubtasks.Verdict.DUPLICATE;
import static io.adstream.common.dedup.DedupSubtasks.Verdict.LATE;
import static io.adstream.common.dedup.DedupSubtasks.Verdict.VALID;
import static io.adstream.testing.events.AdEventJson.click;
import static io.adstream.testing.events.AdEventJson.impression;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.ParsedEvents;
import io.adstream.common.dedup.DedupSubtasks.Backend;
import io.adstream.common.dedup.DedupSubtasks.Setup;
import io.adstream.common.dedup.DedupSubtasks.Snapshot;
import io.adstream.common.dedup.DedupSubtasks.Verdict;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RejectCode;
import io.adstream.common.ingest.IngestCounts;
import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.events.CommerceEventJson;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeduplicateTest {

    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** As the metrics job has it. */
    private static final Lateness FIVE_MINUTES = Lateness.of(MINUTE, Duration.ofMinutes(5));

    private static final Setup METRICS = new Setup(HASHMAP, HOUR, FIVE_MINUTES);

    /** As a job has it that takes events of any age. */
    private static final Setup AGELESS = new Setup(HASHMAP, HOUR, null);

    @Test
    void anIdCountsOnce() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            assertThat(dedup.send(click("c1"), TEN)).isEqualTo(VALID);
            assertThat(dedup.send(click("c1"), TEN)).isEqualTo(DUPLICATE);
            assertThat(dedup.send(click("c2"), TEN)).isEqualTo(VALID);
        }
    }

    @Test
    void anIdWithOtherContentIsAConflict() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            assertThat(dedup.send(click("c1").price("0.25"), TEN)).isEqualTo(VALID);
            assertThat(dedup.send(click("c1").price("0.26"), TEN)).isEqualTo(CONFLICT);
            assertThat(dedup.send(impression("c1").price("0.25"), TEN)).isEqualTo(CONFLICT);
            assertThat(dedup.send(click("c1").price("0.25"), TEN.plusMillis(1)))
                    .isEqualTo(CONFLICT);
            // The first one stays what it is measured by.
            assertThat(dedup.send(click("c1").price("0.25"), TEN)).isEqualTo(DUPLICATE);
            assertThat(dedup.send(click("c1").price("0.250"), TEN)).isEqualTo(DUPLICATE);
        }
    }

    @Test
    void anIdIsKnownAmongThoseOfItsTopic() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            for (int i = 0; i < 200; i++) {
                assertThat(dedup.send(click("c" + i).price("1"), TEN)).isEqualTo(VALID);
                assertThat(dedup.send(ofOtherTopic("c" + i, "2"))).isEqualTo(VALID);
                assertThat(dedup.send(ofOtherTopic("c" + i, "2"))).isEqualTo(DUPLICATE);
                assertThat(dedup.send(ofOtherTopic("c" + i, "3"))).isEqualTo(CONFLICT);
            }
            DedupSubtasks.Snapshot snapshot = dedup.snapshot();
            Map<String, IngestCounts> counts = dedup.countsByTopic();
            assertThat(counts.get("ad-events").valid).isEqualTo(200);
            assertThat(counts.get("ad-events").duplicate).isZero();
            assertThat(counts.get("commerce-events").valid).isEqualTo(200);
            assertThat(counts.get("commerce-events").duplicate).isEqualTo(200);
            assertThat(counts.get("commerce-events").rejectedTotal()).isEqualTo(200);
            try (DedupSubtasks restored = METRICS.restore(snapshot, 3)) {
                assertThat(restored.send(ofOtherTopic("c7", "2"))).isEqualTo(DUPLICATE);
                assertThat(restored.send(click("c7").price("1"), TEN)).isEqualTo(DUPLICATE);
            }
        }
    }

    private static InputEvent ofOtherTopic(String id, String price) {
        InputEvent event = ParsedEvents.adEvent(click(id).price(price).at(TEN), TEN);
        event.topic = 1;
        return event;
    }

    @Test
    void aConflictLeavesAsARejectedRecord() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            dedup.send(click("c1").price("0.25"), TEN);
            InputEvent conflict = ParsedEvents.adEvent(click("c1").price("0.26").at(TEN), TEN);
            dedup.send(conflict);
            assertThat(conflict.rejected).isEqualTo(RejectCode.ID_CONFLICT);
            assertThat(conflict.rejectMessage).contains("event_id");
        }
    }

    /** LATE: the 1-minute window can no longer be amended. */
    @ParameterizedTest
    @CsvSource({
        "2026-11-20T10:00:59.999Z, 2026-11-20T10:05:59.998Z, VALID",
        "2026-11-20T10:00:59.999Z, 2026-11-20T10:05:59.999Z, LATE",
        "2026-11-20T10:00:00.000Z, 2026-11-20T10:05:59.998Z, VALID",
        "2026-11-20T10:00:00.000Z, 2026-11-20T10:05:59.999Z, LATE",
        "2026-11-20T10:01:00.000Z, 2026-11-20T10:05:59.999Z, VALID"
    })
    void isLateWhenItsMinuteCannotBeAmended(Instant event, Instant watermark, Verdict expected)
            throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            dedup.watermark(watermark);
            assertThat(dedup.send(click("c1"), event)).isEqualTo(expected);
        }
    }

    @Test
    void aKnownIdIsADuplicateAlsoWhenItIsLate() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            dedup.send(click("c1").price("1"), TEN);
            dedup.watermark(TEN.plus(Duration.ofMinutes(20)));
            assertThat(dedup.send(click("c1").price("1"), TEN)).isEqualTo(DUPLICATE);
            assertThat(dedup.send(click("c1").price("2"), TEN)).isEqualTo(CONFLICT);
        }
    }

    @Test
    void doesNotRememberALateRecord() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            dedup.watermark(TEN);
            Instant early = TEN.minus(Duration.ofMinutes(30));
            assertThat(dedup.send(click("c1"), early)).isEqualTo(LATE);
            assertThat(dedup.send(click("c1"), early)).isEqualTo(LATE);
            assertThat(dedup.send(click("c1"), TEN)).isEqualTo(VALID);
        }
    }

    @Test
    void aRecordWithoutAnIdIsNeverADuplicate() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            InputEvent view =
                    ParsedEvents.commerceEvent(CommerceEventJson.view("u-1").at(TEN), TEN);
            assertThat(view.idHash).isZero();
            assertThat(verdictWithoutId(dedup, view)).isEqualTo(VALID);
            assertThat(verdictWithoutId(dedup, view)).isEqualTo(VALID);
            dedup.watermark(TEN.plus(HOUR));
            assertThat(verdictWithoutId(dedup, view)).isEqualTo(LATE);
        }
    }

    private static Verdict verdictWithoutId(DedupSubtasks dedup, InputEvent view) throws Exception {
        InputEvent sent = ParsedEvents.adEvent(click("any").at(TEN), TEN);
        sent.idHash = 0;
        sent.eventTime = view.eventTime;
        return dedup.send(sent);
    }

    @Test
    void recordsWithoutAnIdGoToAllSubtasks() {
        IdPartitions partitions = new IdPartitions(16);
        Set<Integer> keys = new HashSet<>();
        for (int user = 0; user < 500; user++) {
            keys.add(
                    partitions.getKey(
                            ParsedEvents.commerceEvent(
                                    CommerceEventJson.view("u-" + user).at(TEN), TEN)));
        }
        assertThat(keys).hasSize(16);
    }

    @ParameterizedTest
    @EnumSource
    void remembersForTheHorizonAndThenForgets(Backend backend) throws Exception {
        Setup setup = new Setup(backend, HOUR, null);
        try (DedupSubtasks dedup = setup.start()) {
            for (int second = 0; second < 600; second += 7) {
                dedup.send(click("c" + second), TEN.plusSeconds(second));
            }
            dedup.snapshot();
            assertThat(dedup.stateEntries()).isPositive();
            for (int second = 0; second < 600; second += 7) {
                Instant time = TEN.plusSeconds(second);
                dedup.watermark(time.plus(HOUR));
                assertThat(dedup.send(click("c" + second), time)).isEqualTo(DUPLICATE);
            }
            dedup.passed(TEN.plusSeconds(600).plus(HOUR).plus(Duration.ofMinutes(20)));
            assertThat(dedup.stateEntries()).isZero();
            assertThat(dedup.send(click("c0"), TEN)).isEqualTo(VALID);
        }
    }

    @Test
    void forgetsWhatItWroteBeforeAndAfterARestore() throws Exception {
        Snapshot snapshot;
        try (DedupSubtasks dedup = AGELESS.start()) {
            dedup.send(click("c1"), TEN);
            dedup.snapshot();
            dedup.send(click("c2"), TEN);
            snapshot = dedup.snapshot();
        }
        try (DedupSubtasks dedup = AGELESS.restore(snapshot, 1)) {
            dedup.send(click("c3"), TEN);
            dedup.snapshot();
            assertThat(dedup.stateEntries()).isEqualTo(3);
            dedup.passed(TEN.plus(HOUR.multipliedBy(2)));
            assertThat(dedup.stateEntries()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 6", "6, 1", "1, 48"})
    void remembersIdsWhereTheHorizonIsAnotherAfterARestart(int before, int after) throws Exception {
        Snapshot snapshot;
        try (DedupSubtasks dedup = new Setup(HASHMAP, Duration.ofHours(before), null).start()) {
            dedup.send(click("c1"), TEN);
            dedup.watermark(TEN);
            snapshot = dedup.snapshot();
        }
        Setup setup = new Setup(HASHMAP, Duration.ofHours(after), null);
        try (DedupSubtasks dedup = setup.restore(snapshot, 1)) {
            dedup.passed(TEN.plus(Duration.ofHours(after)));
            assertThat(dedup.send(click("c1"), TEN)).isEqualTo(DUPLICATE);
            dedup.passed(TEN.plus(Duration.ofHours(after + 1)));
            assertThat(dedup.stateEntries()).isZero();
        }
    }

    /** Else a window that was forgotten would begin anew, with a part of its events. */
    @Test
    void whatWasForgottenStaysLateWhereMoreIsAllowedAfterARestart() throws Exception {
        Snapshot snapshot;
        try (DedupSubtasks dedup = METRICS.start()) {
            dedup.watermark(TEN);
            snapshot = dedup.snapshot();
        }
        Setup setup = new Setup(HASHMAP, HOUR, Lateness.of(MINUTE, HOUR));
        try (DedupSubtasks dedup = setup.restore(snapshot, 2)) {
            assertThat(dedup.send(click("c1"), TEN.minus(Duration.ofMinutes(6)))).isEqualTo(LATE);
            assertThat(dedup.send(click("c2"), TEN.minus(Duration.ofMinutes(5)))).isEqualTo(VALID);
            dedup.watermark(TEN.plus(Duration.ofMinutes(30)));
            assertThat(dedup.send(click("c3"), TEN.minus(Duration.ofMinutes(5)))).isEqualTo(VALID);
        }
    }

    @Test
    void anIdIsKnownToTheLatestEventThatMayRepeatIt() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            Instant first = TEN.plusSeconds(9 * 60 + 30);
            dedup.send(click("c1"), first);
            dedup.passed(TEN.plus(Duration.ofMinutes(74)));
            assertThat(dedup.send(click("c1"), first.plus(HOUR).minusSeconds(30)))
                    .isEqualTo(CONFLICT);
        }
    }

    /**
     * Where events may be late as long as ids are remembered, there must be no moment between: a
     * duplicate is a duplicate or late.
     */
    @ParameterizedTest
    @ValueSource(ints = {5, 60, 100})
    void aDuplicateNeverCountsTwiceWhereLatenessEqualsTheHorizon(int minutes) throws Exception {
        Duration horizon = Duration.ofMinutes(minutes);
        Setup setup = new Setup(HASHMAP, horizon, Lateness.of(MINUTE, horizon));
        for (int second = 0; second < 60; second += 20) {
            for (int minute = 0; minute <= 16; minute++) {
                try (DedupSubtasks dedup = setup.start()) {
                    Instant time = TEN.plus(Duration.ofMinutes(minute)).plusSeconds(second);
                    dedup.send(click("c1"), time);
                    for (int later = 0; later <= 75; later += 15) {
                        dedup.watermark(time.plus(horizon).plusSeconds(later));
                        assertThat(dedup.send(click("c1"), time)).isNotEqualTo(VALID);
                    }
                }
            }
        }
    }

    /** One partition replays old history while another one is live. */
    @Test
    void forgettingOldIdsSparesThoseOfDecadesLater() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            for (int id = 0; id < 40; id++) {
                dedup.send(click("live" + id), TEN.minus(Duration.ofDays(227L * id)));
            }
            Instant old = Instant.parse("2000-01-01T00:00:00Z");
            for (int hour = 0; hour < 48; hour++) {
                dedup.send(click("old" + hour), old.plus(HOUR.multipliedBy(hour)));
                dedup.watermark(old.plus(HOUR.multipliedBy(hour)));
            }
            for (int id = 0; id < 40; id++) {
                assertThat(dedup.send(click("live" + id), TEN.minus(Duration.ofDays(227L * id))))
                        .as("days back: " + 227 * id)
                        .isEqualTo(DUPLICATE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDuplicateAcrossARestartAndARescaleCountsOnce(Backend backend) throws Exception {
        Setup setup = new Setup(backend, HOUR, FIVE_MINUTES);
        Random random = new Random(17);
        Map<String, Instant> known = new HashMap<>();
        Snapshot snapshot = null;
        for (int parallelism : new int[] {1, 3, 2, 1}) {
            try (DedupSubtasks dedup =
                    snapshot == null ? setup.start() : setup.restore(snapshot, parallelism)) {
                for (int i = 0; i < 1200; i++) {
                    String id = "id" + random.nextInt(4000);
                    Instant first = known.get(id);
                    if (first == null) {
                        Instant time = TEN.plusMillis(random.nextInt(600_000));
                        assertThat(dedup.send(click(id), time)).isEqualTo(VALID);
                        known.put(id, time);
                    } else {
                        assertThat(dedup.send(click(id), first)).isEqualTo(DUPLICATE);
                    }
                    if (i % 500 == 499) {
                        dedup.snapshot();
                    }
                }
                snapshot = dedup.snapshot();
            }
        }
    }

    @Test
    void whatCameAfterTheCheckpointCountsAgain() throws Exception {
        Snapshot snapshot;
        try (DedupSubtasks dedup = METRICS.start()) {
            dedup.send(click("before"), TEN);
            snapshot = dedup.snapshot();
            dedup.send(click("after"), TEN);
        }
        try (DedupSubtasks dedup = METRICS.restore(snapshot, 1)) {
            assertThat(dedup.send(click("before"), TEN)).isEqualTo(DUPLICATE);
            assertThat(dedup.send(click("after"), TEN)).isEqualTo(VALID);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void whatWasLateBeforeARestoreIsLateAfterIt(int parallelism) throws Exception {
        Snapshot snapshot;
        try (DedupSubtasks dedup = METRICS.start()) {
            dedup.watermark(TEN);
            snapshot = dedup.snapshot();
        }
        try (DedupSubtasks dedup = METRICS.restore(snapshot, parallelism)) {
            Instant late = TEN.minus(Duration.ofMinutes(7));
            for (int id = 0; id < 20; id++) {
                assertThat(dedup.send(click("c" + id), late)).isEqualTo(LATE);
            }
            // The source begins anew with its watermarks.
            dedup.watermark(TEN.minus(Duration.ofMinutes(30)));
            assertThat(dedup.send(click("c20"), late)).isEqualTo(LATE);
            assertThat(dedup.send(click("c21"), TEN)).isEqualTo(VALID);
        }
    }

    @Test
    void theEndOfTheInputIsNoTime() throws Exception {
        Snapshot snapshot;
        try (DedupSubtasks dedup = METRICS.start()) {
            dedup.send(click("c1"), TEN);
            dedup.only().processWatermark(Watermark.MAX_WATERMARK);
            assertThat(dedup.control()).containsExactly(Watermark.MAX_WATERMARK);
            snapshot = dedup.snapshot();
        }
        try (DedupSubtasks dedup = METRICS.restore(snapshot, 1)) {
            assertThat(dedup.send(click("c1"), TEN)).isEqualTo(DUPLICATE);
            assertThat(dedup.send(click("c2"), TEN)).isEqualTo(VALID);
        }
    }

    @Test
    void passesWatermarksOnButNotIdleness() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            dedup.watermark(TEN);
            dedup.only().processWatermarkStatus(WatermarkStatus.IDLE);
            dedup.only().processWatermarkStatus(WatermarkStatus.ACTIVE);
            assertThat(dedup.control()).containsExactly(new Watermark(TEN.toEpochMilli()));
        }
    }

    @Test
    void anEventGoesOnAsItCame() throws Exception {
        try (DedupSubtasks dedup = METRICS.start()) {
            InputEvent event =
                    ParsedEvents.adEvent(click("c1").category("shoes").price("0.3").at(TEN), TEN);
            dedup.only().processElement(new StreamRecord<>(event, event.eventTime));
            var out = (StreamRecord<?>) dedup.only().getOutput().poll();
            assertThat(out.getTimestamp()).isEqualTo(TEN.toEpochMilli());
            assertThat(((InputEvent) out.getValue()).value).isEqualTo(event.value);
        }
    }

    @Test
    void countsEveryEventOnce() throws Exception {
        Random random = new Random(9);
        try (DedupSubtasks dedup = METRICS.start()) {
            Map<Verdict, Long> seen = new HashMap<>();
            for (int i = 0; i < 5000; i++) {
                AdEventJson json =
                        click("c" + random.nextInt(3000))
                                .price(random.nextInt(30) == 0 ? "1" : "2");
                Verdict verdict = dedup.send(json, TEN.plusSeconds(i - random.nextInt(600)));
                seen.merge(verdict, 1L, Long::sum);
                if (i % 100 == 0) {
                    dedup.watermark(TEN.plusSeconds(i - 10));
                }
            }
            assertThat(dedup.counts().valid).isZero(); // nothing is reported before the barrier
            dedup.snapshot();
            IngestCounts counts = dedup.counts();
            assertThat(counts.received).isZero(); // counted at the door
            assertThat(counts.valid).isEqualTo(seen.get(VALID));
            assertThat(counts.duplicate).isEqualTo(seen.getOrDefault(DUPLICATE, 0L));
            assertThat(counts.late).isEqualTo(seen.get(LATE));
            assertThat(counts.rejected[RejectCode.ID_CONFLICT.ordinal()])
                    .isEqualTo(seen.get(CONFLICT));
            assertThat(counts.rejectedTotal()).isEqualTo(seen.get(CONFLICT));
            dedup.snapshot();
            assertThat(dedup.counts().valid).isZero();
        }
    }

    /** SPEC §4: at most 24 bytes per id. */
    @ParameterizedTest
    @EnumSource
    void stateIsAtMostTwentyFourBytesPerId(Backend backend) throws Exception {
        Setup setup = new Setup(backend, HOUR, FIVE_MINUTES);
        int ids = 20_000;
        try (DedupSubtasks dedup = setup.start()) {
            for (int i = 0; i < ids; i++) {
                dedup.send(click("c" + i), TEN.plusMillis(i));
                if (i % 5_000 == 0) {
                    dedup.snapshot();
                }
            }
            assertThat(dedup.snapshot().bytes()).isBetween(16L * ids, 24L * ids);
        }
    }
}
