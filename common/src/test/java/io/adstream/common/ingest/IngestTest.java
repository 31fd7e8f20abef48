package io.adstream.common.ingest;

import static io.adstream.testing.events.AdEventJson.click;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.ParsedEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RejectCode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@link AdmitEvents} counts what arrives, {@link CountIngest} keeps the totals. */
class IngestTest {

    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");
    private static final long MINUTE = 60_000;

    @Nested
    class Admission {

        private final OutputTag<InputEvent> rejectedTag =
                new OutputTag<>("rejected", ParsedEvents.TYPE);
        private final OutputTag<IngestDelta> ingestTag =
                new OutputTag<>("ingest", TypeInformation.of(IngestDelta.class));

        @Test
        void letsGoodRecordsInAndSendsRejectedOnesAside() throws Exception {
            try (var door = door()) {
                door.processElement(new StreamRecord<>(good(TEN)));
                door.processElement(new StreamRecord<>(broken("{", TEN)));
                door.processElement(new StreamRecord<>(good(TEN)));

                assertThat(door.extractOutputValues()).hasSize(2);
                assertThat(door.getSideOutput(rejectedTag))
                        .singleElement()
                        .satisfies(r -> assertThat(r.getValue().value).asString().isEqualTo("{"));
            }
        }

        @Test
        void leavesOutRecordsThatTheJobDoesNotUse() throws Exception {
            try (var door = door()) {
                InputEvent skipped = good(TEN);
                skipped.skipped = true;
                door.processElement(new StreamRecord<>(skipped));
                door.prepareSnapshotPreBarrier(1);

                assertThat(door.extractOutputValues()).isEmpty();
                assertThat(door.getSideOutput(ingestTag)).isNull();
            }
        }

        @Test
        void reportsCountsPerMinuteOfArrivalBeforeTheBarrier() throws Exception {
            try (var door = door()) {
                door.processElement(new StreamRecord<>(good(TEN)));
                door.processElement(new StreamRecord<>(good(TEN.plusMillis(59_999))));
                door.processElement(new StreamRecord<>(good(TEN.plusMillis(60_000))));
                door.processElement(new StreamRecord<>(broken("[]", TEN)));
                door.processElement(new StreamRecord<>(broken("{}", TEN)));
                assertThat(door.getSideOutput(ingestTag)).isNull();

                door.prepareSnapshotPreBarrier(1);
                assertThat(reports(door))
                        .containsExactlyInAnyOrder(
                                "ad-events 10:00 received=4 {\"MALFORMED\":1,\"MISSING_FIELD\":1}",
                                "ad-events 10:01 received=1 {}");

                door.processElement(new StreamRecord<>(good(TEN)));
                door.prepareSnapshotPreBarrier(2);
                assertThat(reports(door)).containsExactly("ad-events 10:00 received=1 {}");
                door.prepareSnapshotPreBarrier(3);
                assertThat(reports(door)).isEmpty();
            }
        }

        @Test
        void reportsTheRestAtTheEndOfTheInput() throws Exception {
            try (var door = door()) {
                door.processElement(new StreamRecord<>(good(TEN)));
                door.endInput();
                ((AdmitEvents) door.getOperator()).finish();
                assertThat(reports(door)).containsExactly("ad-events 10:00 received=1 {}");
            }
        }

        private OneInputStreamOperatorTestHarness<InputEvent, InputEvent> door() throws Exception {
            var door =
                    new OneInputStreamOperatorTestHarness<>(
                            new AdmitEvents("ad-events", rejectedTag, ingestTag));
            door.setup(ParsedEvents.TYPE.createSerializer(null));
            door.open();
            return door;
        }

        private List<String> reports(OneInputStreamOperatorTestHarness<?, ?> door) {
            List<String> reports = new ArrayList<>();
            for (StreamRecord<IngestDelta> report : door.getSideOutput(ingestTag)) {
                IngestDelta delta = report.getValue();
                reports.add(
                        delta.topic
                                + " "
                                + Instant.ofEpochMilli(delta.minute).toString().substring(11, 16)
                                + " received="
                                + delta.counts.received
                                + " "
                                + delta.counts.rejectedByCode());
            }
            door.getSideOutput(ingestTag).clear();
            return reports;
        }

        private InputEvent good(Instant arrival) {
            return ParsedEvents.adEvent(click("c1").at(TEN), arrival);
        }

        private InputEvent broken(String text, Instant arrival) {
            InputEvent event = EventContract.AD_EVENTS.newEvent();
            new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC)
                    .parse(text.getBytes(UTF_8), arrival.toEpochMilli(), event);
            return event;
        }
    }

    @Nested
    class Totals {

        @Test
        void leaveBeforeTheBarrierAndAreAbsolute() throws Exception {
            try (var totals = totals(null)) {
                totals.processElement(new StreamRecord<>(received("ad-events", 0, 3)));
                totals.processElement(new StreamRecord<>(received("ad-events", 0, 4)));
                totals.processElement(new StreamRecord<>(received("ad-events", 1, 1)));
                assertThat(totals.extractOutputValues()).isEmpty();

                totals.prepareSnapshotPreBarrier(1);
                assertThat(rows(totals))
                        .containsExactlyInAnyOrder("ad-events@0=7", "ad-events@1=1");
                totals.snapshot(1, 1);

                totals.processElement(new StreamRecord<>(received("ad-events", 0, 2)));
                totals.prepareSnapshotPreBarrier(2);
                assertThat(rows(totals)).containsExactly("ad-events@0=9"); // only what changed
            }
        }

        /** A sink fails on what comes after the end, and the last checkpoint comes after it. */
        @Test
        void leaveOnceAtTheEndOfTheInput() throws Exception {
            try (var totals = totals(null)) {
                totals.processElement(new StreamRecord<>(received("ad-events", 0, 3)));
                totals.endInput();
                ((CountIngest) totals.getOperator()).finish();
                assertThat(rows(totals)).containsExactly("ad-events@0=3");
                totals.prepareSnapshotPreBarrier(1);
                assertThat(rows(totals)).isEmpty();
                OperatorSubtaskState state = totals.snapshot(1, 1);
                try (var restored = totals(state)) {
                    restored.processElement(new StreamRecord<>(received("ad-events", 0, 1)));
                    restored.prepareSnapshotPreBarrier(2);
                    assertThat(rows(restored)).containsExactly("ad-events@0=4");
                }
            }
        }

        @Test
        void goOnWhereTheyWereAfterARestore() throws Exception {
            OperatorSubtaskState state;
            try (var totals = totals(null)) {
                totals.processElement(new StreamRecord<>(received("ad-events", 0, 7)));
                totals.processElement(new StreamRecord<>(received("commerce-events", 0, 2)));
                totals.prepareSnapshotPreBarrier(1);
                state = totals.snapshot(1, 1);
                totals.processElement(new StreamRecord<>(received("ad-events", 0, 100)));
            }
            try (var totals = totals(state)) {
                totals.prepareSnapshotPreBarrier(2);
                assertThat(rows(totals)).isEmpty();
                totals.processElement(new StreamRecord<>(received("ad-events", 0, 1)));
                totals.processElement(new StreamRecord<>(received("commerce-events", 0, 1)));
                totals.prepareSnapshotPreBarrier(3);
                assertThat(rows(totals))
                        .containsExactlyInAnyOrder("ad-events@0=8", "commerce-events@0=3");
            }
        }

        @Test
        void keepWhatEachCodeCounted() throws Exception {
            OperatorSubtaskState state;
            IngestDelta delta = received("ad-events", 0, 5);
            delta.counts.valid = 1;
            delta.counts.duplicate = 1;
            delta.counts.late = 1;
            delta.counts.reject(RejectCode.TOO_LARGE);
            delta.counts.reject(RejectCode.ID_CONFLICT);
            try (var totals = totals(null)) {
                totals.processElement(new StreamRecord<>(delta));
                totals.prepareSnapshotPreBarrier(1);
                state = totals.snapshot(1, 1);
            }
            try (var totals = totals(state)) {
                totals.processElement(new StreamRecord<>(delta));
                totals.prepareSnapshotPreBarrier(2);
                IngestCounts total = totals.extractOutputValues().get(0).counts;
                assertThat(total.received).isEqualTo(10);
                assertThat(total.valid + total.duplicate + total.late + total.rejectedTotal())
                        .isEqualTo(total.received);
                assertThat(total.rejectedByCode()).isEqualTo("{\"TOO_LARGE\":2,\"ID_CONFLICT\":2}");
            }
        }

        @Test
        void areForgottenOnceNoRecordCanBeThatOld() throws Exception {
            long days = Duration.ofDays(1).toMinutes();
            try (var totals = totals(null)) {
                totals.processElement(new StreamRecord<>(received("ad-events", 0, 1)));
                totals.processElement(new StreamRecord<>(received("ad-events", 7 * days, 1)));
                totals.prepareSnapshotPreBarrier(1);
                totals.snapshot(1, 1);
                totals.processElement(new StreamRecord<>(received("ad-events", 0, 1)));
                totals.prepareSnapshotPreBarrier(2);
                totals.snapshot(2, 2);
                assertThat(rows(totals)).contains("ad-events@0=2"); // a week is kept

                totals.setProcessingTime(Duration.ofDays(16).toMillis());
                totals.processElement(new StreamRecord<>(received("ad-events", 16 * days, 1)));
                totals.prepareSnapshotPreBarrier(3);
                totals.snapshot(3, 3);
                assertThat(minutesInState(totals)).isOne();
            }
        }

        /** Of a topic whose producers stamp their records, against the specification. */
        @Test
        void areKeptThoughATimestampIsFarInTheFuture() throws Exception {
            long days = Duration.ofDays(1).toMinutes();
            try (var totals = totals(null)) {
                totals.setProcessingTime(Duration.ofDays(7).toMillis());
                totals.processElement(new StreamRecord<>(received("ad-events", 0, 3)));
                totals.processElement(new StreamRecord<>(received("ad-events", 7 * days, 3)));
                totals.processElement(new StreamRecord<>(received("ad-events", 47_000 * days, 1)));
                totals.prepareSnapshotPreBarrier(1);
                totals.snapshot(1, 1);
                totals.getOutput().clear();

                totals.processElement(new StreamRecord<>(received("ad-events", 0, 1)));
                totals.processElement(new StreamRecord<>(received("ad-events", 7 * days, 1)));
                totals.prepareSnapshotPreBarrier(2);

                assertThat(rows(totals))
                        .containsExactlyInAnyOrder("ad-events@0=4", "ad-events@10080=4");
            }
        }

        private long minutesInState(
                KeyedOneInputStreamOperatorTestHarness<String, IngestDelta, IngestDelta> totals)
                throws Exception {
            OperatorSubtaskState state = totals.snapshot(9, 9);
            try (var restored = totals(state)) {
                for (int day = 0; day <= 16; day++) {
                    restored.processElement(
                            new StreamRecord<>(received("ad-events", day * 1440L, 0)));
                }
                restored.prepareSnapshotPreBarrier(10);
                return restored.extractOutputValues().stream()
                        .filter(total -> total.counts.received > 0)
                        .count();
            }
        }

        private KeyedOneInputStreamOperatorTestHarness<String, IngestDelta, IngestDelta> totals(
                @Nullable OperatorSubtaskState state) throws Exception {
            var totals =
                    new KeyedOneInputStreamOperatorTestHarness<>(
                            new CountIngest(), delta -> delta.topic, Types.STRING);
            if (state != null) {
                totals.initializeState(state);
            }
            totals.open();
            return totals;
        }

        private List<String> rows(
                KeyedOneInputStreamOperatorTestHarness<String, IngestDelta, IngestDelta> totals) {
            List<String> rows = new ArrayList<>();
            for (IngestDelta total : totals.extractOutputValues()) {
                rows.add(total.topic + "@" + total.minute / MINUTE + "=" + total.counts.received);
            }
            totals.getOutput().clear();
            return rows;
        }

        private IngestDelta received(String topic, long minute, long count) {
            IngestDelta delta = new IngestDelta(topic, minute * MINUTE, new IngestCounts());
            delta.counts.received = count;
            return delta;
        }
    }

    @Test
    void anOlderStoredCountHasFewerCodes() {
        IngestCounts stored = new IngestCounts();
        stored.rejected = new long[] {2};
        IngestCounts total = new IngestCounts();
        total.add(stored);
        total.reject(RejectCode.TOO_LARGE);
        assertThat(total.rejectedTotal()).isEqualTo(3);
    }
}
