package io.adstream.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.event.RejectCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {

    private static final long NOW = Instant.parse("2026-11-20T12:00:00.700Z").toEpochMilli();
    private static final String FIRST = record("2019-11-24T00:00:00.100Z");
    private static final String SECOND = record("2019-11-24T00:00:30.100Z");
    private static final String THIRD = record("2019-11-24T00:01:40.100Z");

    @TempDir private Path folder;

    private final ManualClock clock = new ManualClock(NOW);
    private final RecordedRecords sink = new RecordedRecords(clock);

    private static String record(String time) {
        return "{\"event_id\":\"e-"
                + time.hashCode()
                + "\",\"event_type\":\"CLICK\",\"event_time\":\""
                + time
                + "\",\"ad_id\":\"a\",\"campaign_id\":\"c\",\"advertiser_id\":\"v\",\"device_id\":\"d\","
                + "\"actual_price\":0.25}";
    }

    private Path file(String content) throws IOException {
        Path file = folder.resolve("log.ndjson");
        Files.writeString(file, content);
        return file;
    }

    private Replay replay(Path file, double speed, long shift) throws IOException {
        Replay replay = new Replay(file, "ad-events", clock);
        replay.run(sink, speed, shift, 0, () -> false, (sent, time) -> {});
        return replay;
    }

    private List<Long> offsets() {
        return sink.records.stream().map(sent -> sent.at() - NOW).toList();
    }

    @Test
    void recordsKeepTheirPaceAndBytes() throws IOException {
        Replay replay = replay(file(FIRST + "\n" + SECOND + "\n" + THIRD), 1, 0);
        assertThat(offsets()).containsExactly(0L, 30_000L, 100_000L);
        assertThat(sink.records)
                .extracting(RecordedRecords.Sent::value)
                .containsExactly(FIRST, SECOND, THIRD);
        assertThat(sink.records).allMatch(sent -> "d".equals(sent.key()));
        assertThat(replay.sent()).isEqualTo(3);
        assertThat(replay.valid()).isEqualTo(3);
        assertThat(replay.costMicros()).isEqualTo(750_000);
        assertThat(replay.validByType()).containsEntry("CLICK", 3L);
    }

    @Test
    void tenTimesFasterTakesATenth() throws IOException {
        replay(file(FIRST + "\n" + SECOND + "\n" + THIRD + "\n"), 10, 0);
        assertThat(offsets()).containsExactly(0L, 3_000L, 10_000L);
    }

    @Test
    void maxNeverWaits() throws IOException {
        replay(file(FIRST + "\n" + SECOND + "\n" + THIRD + "\n"), Pacer.MAX, 0);
        assertThat(offsets()).containsExactly(0L, 0L, 0L);
    }

    @Test
    void aRecordOlderThanTheOneBeforeDoesNotWait() throws IOException {
        replay(file(SECOND + "\n" + FIRST + "\n" + THIRD + "\n"), 1, 0);
        assertThat(offsets()).containsExactly(0L, 0L, 70_000L);
    }

    @Test
    void atSpeedOneTheFirstRecordIsNow() throws IOException {
        Path file = file(FIRST + "\n" + SECOND + "\n" + THIRD + "\n");
        Replay.Times times = Objects.requireNonNull(new Replay(file, "ad-events", clock).times());
        long shift = Replay.shiftToNow(times, 1, NOW);
        replay(file, 1, shift);
        assertThat(sink.records)
                .extracting(RecordedRecords.Sent::value)
                .map(ReplayTest::timeOf)
                .containsExactly(
                        "2026-11-20T12:00:00.100Z",
                        "2026-11-20T12:00:30.100Z",
                        "2026-11-20T12:01:40.100Z");
    }

    @Test
    void fasterTheLastRecordIsNowWhenItIsSent() throws IOException {
        Path file = file(FIRST + "\n" + THIRD + "\n" + SECOND + "\n");
        Replay.Times times = Objects.requireNonNull(new Replay(file, "ad-events", clock).times());
        assertThat(times.greatest() - times.first()).isEqualTo(100_000);

        long atMax = Replay.shiftToNow(times, Pacer.MAX, NOW);
        replay(file, Pacer.MAX, atMax);
        assertThat(timeOf(sink.records.get(1).value())).isEqualTo("2026-11-20T12:00:00.100Z");

        sink.records.clear();
        long atTen = Replay.shiftToNow(times, 10, NOW);
        replay(file, 10, atTen);
        for (RecordedRecords.Sent sent : sink.records) {
            assertThat(Instant.parse(timeOf(sent.value())).toEpochMilli())
                    .isLessThanOrEqualTo(sent.at());
        }
        RecordedRecords.Sent last = sink.records.get(1);
        assertThat(last.at() - Instant.parse(timeOf(last.value())).toEpochMilli())
                .isBetween(0L, 1_000L);
    }

    private static String timeOf(String record) {
        int at = record.indexOf("\"event_time\":\"") + 14;
        return record.substring(at, record.indexOf('"', at));
    }

    @Test
    void whatIsNoRecordIsSentAsItIsAndReported() throws IOException {
        String latin = "{\"category\":\"caf\u00e9\"}";
        byte[] content =
                ("\ufeff" + FIRST + "\r\n\n  \nGET / HTTP/1.1\n" + SECOND + "\n{}\n")
                        .getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("mixed");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(content);
            out.write(latin.getBytes(StandardCharsets.ISO_8859_1));
        }
        Replay replay = replay(file, 1, 0);
        assertThat(sink.records)
                .extracting(RecordedRecords.Sent::value)
                .startsWith(FIRST, "GET / HTTP/1.1", SECOND, "{}")
                .hasSize(5);
        assertThat(replay.lines()).isEqualTo(7);
        assertThat(replay.blankLines()).isEqualTo(2);
        assertThat(replay.withoutTime()).isEqualTo(3);
        assertThat(replay.valid()).isEqualTo(2);
        assertThat(replay.rejected())
                .containsEntry(RejectCode.MALFORMED, 2L)
                .containsEntry(RejectCode.MISSING_FIELD, 1L);
        assertThat(replay.notJson()).isBetween(1L, 2L);
    }

    @Test
    void gzipIsRecognizedByItsContentAndLongLinesStayWhole() throws IOException {
        Path file = folder.resolve("log.bin");
        String padding = "x".repeat(300_000);
        String big = "{\"pad\":\"" + padding + "\"}";
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write((big + "\n" + FIRST + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Replay replay = replay(file, 1, 0);
        assertThat(sink.records)
                .extracting(RecordedRecords.Sent::value)
                .containsExactly(big, FIRST);
        assertThat(replay.rejected()).containsEntry(RejectCode.TOO_LARGE, 1L);
    }

    @Test
    void anEmptyLogSendsNothing() throws IOException {
        Path file = file("");
        assertThat(new Replay(file, "ad-events", clock).times()).isNull();
        assertThat(replay(file, 1, 0).sent()).isZero();
    }

    @Test
    void aRecordIsLateWhenItsMinuteCanNoLongerBeAmended() {
        long time = Instant.parse("2026-11-20T12:00:59.999Z").toEpochMilli();
        long closed = Instant.parse("2026-11-20T12:05:59.999Z").toEpochMilli();
        assertThat(Replay.isLate(time, closed - 1)).isFalse();
        assertThat(Replay.isLate(time, closed)).isTrue();
        assertThat(Replay.isLate(time + 1, closed)).isFalse();
    }

    @Test
    void aFasterRunThatHasCaughtUpGoesOnLive() {
        Pacer pacer = new Pacer(clock, NOW - 100_000, 10, true, () -> false);
        pacer.await(NOW - 50_000);
        assertThat(clock.millis() - NOW).isEqualTo(5_000);
        pacer.await(NOW + 60_000);
        assertThat(clock.millis() - NOW).isEqualTo(60_000);
    }

    @Test
    void aStopEndsTheWait() {
        Pacer pacer = new Pacer(clock, NOW, 1, false, () -> clock.millis() > NOW + 1_000);
        pacer.await(NOW + 3_600_000);
        assertThat(clock.millis() - NOW).isLessThan(2_000);
    }
}
