package io.adstream.metrics.window;

import static io.adstream.metrics.row.MetricsRow.Kind.CLOSED;
import static io.adstream.metrics.row.MetricsRow.Kind.LIVE;
import static io.adstream.metrics.row.MetricsRow.Kind.LIVE_ENDED;
import static io.adstream.metrics.row.MetricsRow.Kind.SERVED_AGAIN;
import static io.adstream.metrics.window.Deltas.click;
import static io.adstream.metrics.window.Deltas.conversion;
import static io.adstream.metrics.window.Deltas.impression;
import static io.adstream.metrics.window.Deltas.millis;
import static io.adstream.metrics.window.WindowSize.FIVE_MINUTES;
import static io.adstream.metrics.window.WindowSize.ONE_HOUR;
import static io.adstream.metrics.window.WindowSize.ONE_MINUTE;
import static io.adstream.metrics.window.WindowSubtasks.DEFAULTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.metrics.EntityType;
import io.adstream.metrics.row.MetricsRow;
import io.adstream.metrics.window.WindowSubtasks.Backend;
import io.adstream.metrics.window.WindowSubtasks.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** See {@link AggregateWindowsRandomTest} for anything with many events. */
class AggregateWindowsTest {

    @Nested
    class ClosedWindows {

        @Test
        void areWrittenForEachEntityWhenTimeHasPassedThem() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.add(click("12:00:40").price(250_000).all());
                windows.watermark("2026-11-20T12:00:59.998Z");
                assertThat(closed(windows)).isEmpty();
                windows.watermark("2026-11-20T12:00:59.999Z");
                assertThat(closed(windows))
                        .containsExactlyInAnyOrder(
                                "AD ad-1 1m 12:00 i=1 c=1 v=0 cost=250000 revenue=0 r1",
                                "CAMPAIGN cmp-1 1m 12:00 i=1 c=1 v=0 cost=250000 revenue=0 r1",
                                "ADVERTISER adv-1 1m 12:00 i=1 c=1 v=0 cost=250000 revenue=0 r1");
                windows.watermark("2026-11-20T12:04:59.999Z");
                assertThat(closed(windows)).hasSize(3).allMatch(row -> row.contains(" 5m 12:00 "));
                windows.watermark("2026-11-20T12:59:59.999Z");
                assertThat(closed(windows)).hasSize(3).allMatch(row -> row.contains(" 1h 12:00 "));
            }
        }

        @Test
        void rollUpWhatTheirMinutesHold() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:59.999").all());
                windows.add(impression("12:01:00").all());
                windows.add(impression("12:04:59.999").all());
                windows.add(impression("12:05:00").all());
                windows.add(impression("12:59:59.999").all());
                windows.add(impression("13:00:00").all());
                windows.watermark("2026-11-20T13:00:30Z");
                assertThat(closed(windows))
                        .filteredOn(row -> row.startsWith("AD "))
                        .extracting(row -> row.substring(8, row.indexOf(" c=")))
                        .containsExactly(
                                "1m 12:00 i=1",
                                "1m 12:01 i=1",
                                "1m 12:04 i=1",
                                "1m 12:05 i=1",
                                "1m 12:59 i=1",
                                "5m 12:00 i=3",
                                "5m 12:05 i=1",
                                "5m 12:55 i=1",
                                "1h 12:00 i=5");
            }
        }

        @Test
        void addCentsExactly() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(click("12:00:01").price(100_000).all());
                windows.add(click("12:00:02").price(200_000).all());
                windows.add(conversion("12:00:03").value(99_990_000).all());
                windows.watermark("2026-11-20T12:01:00Z");
                assertThat(closed(windows))
                        .contains("AD ad-1 1m 12:00 i=0 c=2 v=1 cost=300000 revenue=99990000 r1");
            }
        }

        @Test
        void sayWhereAnAdBelongedLast() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:20").of("ad-1", "new", "adv-2").all());
                windows.add(impression("12:00:10").of("ad-1", "old", "adv-1").all());
                windows.watermark("2026-11-20T12:01:00Z");
                var rows = windows.rows();
                rows.removeIf(row -> row.kind() != CLOSED);
                assertThat(rows).hasSize(5);
                assertThat(rows)
                        .filteredOn(row -> row.entityType() == EntityType.AD)
                        .singleElement()
                        .satisfies(
                                row -> {
                                    assertThat(row.campaignId()).isEqualTo("new");
                                    assertThat(row.advertiserId()).isEqualTo("adv-2");
                                    assertThat(row.category()).isEqualTo("shoes");
                                });
                assertThat(rows)
                        .filteredOn(row -> row.entityType() != EntityType.AD)
                        .allMatch(row -> row.campaignId() == null && row.category() == null);
            }
        }

        @Test
        void areGoodForTheirTimeToLive() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark("2026-11-20T13:00:00Z");
                assertThat(windows.rows())
                        .filteredOn(row -> row.kind() == CLOSED)
                        .hasSize(9)
                        .allMatch(
                                row ->
                                        row.updatedAt() == windows.clock()
                                                && row.expiresAt()
                                                        == windows.clock()
                                                                + row.size().timeToLiveMillis());
            }
        }

        @Test
        void areServedWhileNoLaterOneHasEnded() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.add(impression("12:01:30").all());
                windows.watermark("2026-11-20T12:02:00Z");
                windows.skip(Duration.ofMinutes(6)); // the key has expired
                windows.rows();
                windows.add(impression("12:00:31").all());
                assertThat(windows.rows()).hasSize(3).noneMatch(MetricsRow::isServed);
                windows.add(impression("12:01:31").all());
                assertThat(windows.rows()).hasSize(3).allMatch(MetricsRow::isServed);
            }
        }

        @Test
        void ofADrainedInputAreAmendedByWhatTheNextJobReads() throws Exception {
            Snapshot snapshot;
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark(Long.MAX_VALUE);
                snapshot = windows.snapshot();
            }
            try (var windows = DEFAULTS.restore(snapshot, 1)) {
                windows.add(impression("12:00:31").all());
                assertThat(closed(windows))
                        .hasSize(9)
                        .contains("AD ad-1 1m 12:00 i=2 c=0 v=0 cost=0 revenue=0 r2");
            }
        }

        @Test
        void thatWereForgottenStaySoWhereMoreIsAllowedAfterARestart() throws Exception {
            Snapshot snapshot;
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark("2026-11-20T12:07:00Z");
                snapshot = windows.snapshot();
            }
            try (var windows = DEFAULTS.lateBy(Duration.ofHours(1)).restore(snapshot, 1)) {
                assertThatThrownBy(() -> windows.add(impression("12:00:31").all()))
                        .hasMessageContaining("late");
                windows.add(impression("12:03:00").all());
                assertThat(closed(windows)).isNotEmpty();
            }
        }

        @Test
        void areWrittenAtTheEndOfTheInput() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark(Long.MAX_VALUE);
                assertThat(closed(windows)).hasSize(9);
                assertThat(windows.control()).contains(Watermark.MAX_WATERMARK);
            }
        }
    }

    @Nested
    class Amendments {

        @Test
        void ofALateImpressionReachAllThreeSizes() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:59:30").all());
                windows.watermark("2026-11-20T13:00:00Z");
                assertThat(closed(windows)).hasSize(9).allMatch(row -> row.endsWith(" r1"));

                windows.add(impression("12:59:31").all());
                assertThat(closed(windows))
                        .hasSize(9)
                        .allMatch(row -> row.contains(" i=2 ") && row.endsWith(" r2"));
                windows.add(impression("12:59:00").all());
                assertThat(closed(windows))
                        .hasSize(9)
                        .allMatch(row -> row.contains(" i=3 ") && row.endsWith(" r3"));
            }
        }

        @Test
        void leaveOpenWindowsToTheirFirstRevision() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark("2026-11-20T12:01:00Z");
                closed(windows);
                windows.add(impression("12:00:31").all());
                assertThat(closed(windows))
                        .hasSize(3)
                        .allMatch(row -> row.contains("1m 12:00 i=2"));
                windows.watermark("2026-11-20T12:05:00Z");
                assertThat(closed(windows))
                        .contains("AD ad-1 5m 12:00 i=2 c=0 v=0 cost=0 revenue=0 r1");
            }
        }

        @Test
        void makeAWindowThatNobodyHadSeen() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.watermark("2026-11-20T12:03:00Z");
                windows.add(impression("12:00:31").all());
                assertThat(closed(windows))
                        .hasSize(3)
                        .contains("AD ad-1 1m 12:00 i=1 c=0 v=0 cost=0 revenue=0 r1");
            }
        }

        @ParameterizedTest
        @CsvSource({"12:05:59.998, false", "12:05:59.999, true"})
        void areOverWhenTheLatenessIs(String watermark, boolean over) throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark(millis(watermark));
                closed(windows);
                if (over) {
                    // Deduplicate lets no such event pass; if it did, sums would go apart.
                    assertThatThrownBy(() -> windows.add(impression("12:00:31").all()))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("late");
                } else {
                    windows.add(impression("12:00:31").all());
                    assertThat(closed(windows)).hasSize(6);
                }
            }
        }

        @ParameterizedTest
        @EnumSource
        void goOnAfterARestore(Backend backend) throws Exception {
            Snapshot snapshot;
            try (var windows = DEFAULTS.on(backend).start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark("2026-11-20T12:01:00Z");
                snapshot = windows.snapshot();
            }
            try (var windows = DEFAULTS.on(backend).restore(snapshot, 2)) {
                windows.add(impression("12:00:31").all());
                assertThat(closed(windows))
                        .hasSize(3)
                        .contains("AD ad-1 1m 12:00 i=2 c=0 v=0 cost=0 revenue=0 r2");
                windows.watermark("2026-11-20T12:05:00Z");
                assertThat(closed(windows))
                        .hasSize(3)
                        .allMatch(row -> row.contains("5m 12:00 i=2"));
            }
        }

        /** The source begins anew with its watermarks, and knows nothing of what was closed. */
        @Test
        void areOverAfterARestoreToo() throws Exception {
            Snapshot snapshot;
            try (var windows = DEFAULTS.start()) {
                windows.watermark("2026-11-20T12:10:00Z");
                snapshot = windows.snapshot();
            }
            try (var windows = DEFAULTS.restore(snapshot, 3)) {
                windows.watermark("2026-11-20T11:00:00Z");
                assertThatThrownBy(() -> windows.add(impression("12:00:31").all()))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Nested
    class LiveValues {

        @Test
        void ofAQuietEntityAreWrittenAtOnce() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.wait(Duration.ofSeconds(5));
                windows.add(impression("12:00:30").all());
                windows.wait(Duration.ofMillis(40));
                assertThat(rows(windows, LIVE))
                        .hasSize(9)
                        .contains(
                                "AD ad-1 1m 12:00 i=1 c=0 v=0 cost=0 revenue=0 r0",
                                "AD ad-1 5m 12:00 i=1 c=0 v=0 cost=0 revenue=0 r0",
                                "AD ad-1 1h 12:00 i=1 c=0 v=0 cost=0 revenue=0 r0");
            }
        }

        @Test
        void areAtMostASecondBehindAndNotMoreOften() throws Exception {
            try (var windows = DEFAULTS.start()) {
                List<MetricsRow> written = new ArrayList<>();
                for (int i = 1; i <= 200; i++) {
                    windows.add(impression("12:00:30").all());
                    windows.wait(Duration.ofMillis(20));
                    for (MetricsRow row : windows.rows()) {
                        if (row.entityType() == EntityType.AD && row.size() == ONE_MINUTE) {
                            assertThat(row.impressions()).isEqualTo(i);
                            written.add(row);
                        }
                    }
                }
                assertThat(written).hasSizeBetween(4, 6);
                for (int i = 1; i < written.size(); i++) {
                    assertThat(written.get(i).updatedAt() - written.get(i - 1).updatedAt())
                            .isBetween(900L, 1000L);
                }
                windows.wait(Duration.ofSeconds(1));
                assertThat(windows.rows()).isNotEmpty(); // the last change
                windows.wait(Duration.ofSeconds(10));
                assertThat(windows.rows()).isEmpty(); // nothing changed
            }
        }

        @Test
        void areOfTheNewestWindow() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:01:01").all());
                windows.wait(Duration.ofSeconds(2));
                rows(windows, LIVE);
                windows.add(impression("12:00:59").all()); // its minute is open too
                windows.wait(Duration.ofSeconds(2));
                assertThat(rows(windows, LIVE)).hasSize(6).noneMatch(row -> row.contains(" 1m "));
            }
        }

        @Test
        void goWithTheLastOpenWindow() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.add(impression("12:01:30").all());
                windows.watermark("2026-11-20T12:01:00Z");
                assertThat(rows(windows, LIVE_ENDED)).as("12:01 takes its place").isEmpty();
                windows.watermark("2026-11-20T12:02:00Z");
                assertThat(rows(windows, LIVE_ENDED))
                        .hasSize(3)
                        .contains("AD ad-1 1m 12:01 i=1 c=0 v=0 cost=0 revenue=0 r1");
                windows.add(impression("12:01:30").all());
                assertThat(rows(windows, LIVE_ENDED)).as("an amendment").isEmpty();
            }
        }

        @Test
        void areNotWrittenOnceTheWindowIsClosed() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark("2026-11-20T13:00:00Z");
                windows.rows();
                windows.wait(Duration.ofSeconds(2));
                assertThat(windows.rows()).isEmpty();
                windows.add(impression("12:59:30").all()); // an amendment is no live value
                windows.wait(Duration.ofSeconds(2));
                assertThat(rows(windows, LIVE)).isEmpty();
            }
        }

        @Test
        void areWrittenLessOftenAboveTheLimit() throws Exception {
            try (var windows = DEFAULTS.writesPerSecond(50).start()) {
                Map<String, Integer> writes = new TreeMap<>();
                for (int millis = 0; millis < 20_000; millis += 100) {
                    for (int ad = 0; ad < 60; ad++) {
                        windows.add(impression("12:00:30").of("ad-" + ad, "c", "a").all());
                    }
                    windows.wait(Duration.ofMillis(100));
                    for (MetricsRow row : windows.rows()) {
                        writes.merge(
                                row.entityType() + row.entityId() + row.size(), 1, Integer::sum);
                    }
                }
                assertThat(writes).hasSize(62 * 3);
                int total = writes.values().stream().mapToInt(Integer::intValue).sum();
                assertThat(total).isBetween(950, 1060);
                assertThat(writes.values()).allMatch(count -> count >= 5 && count <= 6);
            }
        }
    }

    @Nested
    class ABacklog {

        private final WindowSubtasks.Setup setup = DEFAULTS.stretchingTo(Duration.ofSeconds(10));

        private WindowSubtasks fiveMinutes() throws Exception {
            WindowSubtasks windows = setup.start();
            windows.redis("first");
            for (int minute = 0; minute < 5; minute++) {
                windows.add(impression("12:0" + minute + ":30").all());
                windows.wait(Duration.ofMillis(20));
                windows.watermark("2026-11-20T12:0" + (minute + 1) + ":00Z");
            }
            return windows;
        }

        @Test
        void bringsRedisOnlyTheNewestOfWindowsThatEndInQuickSuccession() throws Exception {
            try (var windows = fiveMinutes()) {
                windows.wait(Duration.ofSeconds(10));
                List<MetricsRow> rows = windows.rows();
                assertThat(rows)
                        .filteredOn(row -> row.kind() == CLOSED)
                        .hasSize(18) // five minutes and once five minutes, of three entities
                        .noneMatch(MetricsRow::isServed);
                assertThat(text(rows, SERVED_AGAIN))
                        .filteredOn(row -> row.startsWith("AD ad-1 1m"))
                        .containsExactly(
                                "AD ad-1 1m 12:00 i=1 c=0 v=0 cost=0 revenue=0 r1",
                                "AD ad-1 1m 12:04 i=1 c=0 v=0 cost=0 revenue=0 r1");
            }
        }

        @Test
        void leavesWhatRedisHasNotToTheJobThatGoesOn() throws Exception {
            Snapshot snapshot;
            try (var windows = fiveMinutes()) {
                snapshot = windows.snapshot();
            }
            try (var windows = setup.restore(snapshot, 1)) {
                windows.redis("first");
                windows.wait(Duration.ofMillis(20));
                assertThat(rows(windows, SERVED_AGAIN))
                        .contains("AD ad-1 1m 12:04 i=1 c=0 v=0 cost=0 revenue=0 r1");
            }
        }

        @Test
        void thatIsOverIsNotRemembered() throws Exception {
            Snapshot snapshot;
            try (var windows = fiveMinutes()) {
                windows.wait(Duration.ofSeconds(10));
                snapshot = windows.snapshot();
            }
            try (var windows = setup.restore(snapshot, 1)) {
                windows.redis("first");
                windows.wait(Duration.ofMillis(20));
                assertThat(rows(windows, SERVED_AGAIN)).isEmpty();
            }
        }
    }

    @Nested
    class ARedisThatLostItsKeys {

        @Test
        void getsThemAllAgain() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.redis("first");
                windows.add(impression("11:59:30").all());
                windows.watermark("2026-11-20T12:00:00Z");
                windows.add(impression("12:00:30").all());
                windows.wait(Duration.ofSeconds(2));
                windows.rows();

                windows.redis("first");
                windows.wait(Duration.ofSeconds(2));
                assertThat(windows.rows()).isEmpty();

                windows.redis("second");
                windows.wait(Duration.ofSeconds(2));
                List<MetricsRow> again = windows.rows();
                assertThat(text(again, SERVED_AGAIN))
                        .hasSize(9)
                        .contains("AD ad-1 1m 11:59 i=1 c=0 v=0 cost=0 revenue=0 r1");
                assertThat(text(again, LIVE))
                        .hasSize(9)
                        .contains("AD ad-1 1m 12:00 i=1 c=0 v=0 cost=0 revenue=0 r0");
            }
        }

        @Test
        void getsTheNewestWindowAsItWasAmended() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.add(impression("12:01:30").all());
                windows.watermark("2026-11-20T12:02:00Z");
                windows.add(impression("12:01:31").all());
                windows.add(impression("12:00:31").all());
                windows.rows();
                windows.redis("empty");
                windows.wait(Duration.ofMillis(20));
                assertThat(rows(windows, SERVED_AGAIN))
                        .hasSize(3)
                        .contains("AD ad-1 1m 12:01 i=2 c=0 v=0 cost=0 revenue=0 r2");
            }
        }

        @Test
        void getsAWindowForAsLongAsItsAmendmentLives() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark("2026-11-20T12:02:00Z");
                windows.skip(Duration.ofMinutes(4));
                windows.add(impression("12:00:31").all());
                windows.rows();
                windows.skip(Duration.ofMinutes(4));
                windows.redis("empty");
                windows.wait(Duration.ofMillis(20));
                assertThat(rows(windows, SERVED_AGAIN))
                        .hasSize(3)
                        .contains("AD ad-1 1m 12:00 i=2 c=0 v=0 cost=0 revenue=0 r2");
            }
        }

        @Test
        void getsThemAPartAtATime() throws Exception {
            try (var windows = DEFAULTS.writesPerSecond(300).start()) {
                windows.redis("first");
                for (int ad = 0; ad < 50; ad++) {
                    windows.add(impression("11:59:30").of("ad-" + ad, "cmp-1", "adv-1").all());
                }
                windows.watermark("2026-11-20T12:00:00Z");
                windows.rows();
                windows.redis("second");
                windows.wait(Duration.ofMillis(100));
                assertThat(rows(windows, SERVED_AGAIN)).hasSize(30);
                windows.wait(Duration.ofMillis(420));
                assertThat(rows(windows, SERVED_AGAIN)).hasSize(126);
                windows.wait(Duration.ofSeconds(1));
                assertThat(rows(windows, SERVED_AGAIN)).isEmpty();
            }
        }

        @Test
        void getsTheRestFromTheJobThatGoesOn() throws Exception {
            Snapshot snapshot;
            try (var windows = DEFAULTS.start()) {
                windows.redis("first");
                windows.add(impression("11:59:30").all());
                windows.watermark("2026-11-20T12:00:00Z");
                windows.redis("second");
                snapshot = windows.snapshot();
            }
            try (var windows = DEFAULTS.restore(snapshot, 1)) {
                windows.redis("second");
                windows.wait(Duration.ofMillis(20));
                assertThat(rows(windows, SERVED_AGAIN)).hasSize(9);
            }
        }

        @Test
        void getsWhatHasNotExpired() throws Exception {
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("11:59:30").all());
                windows.watermark("2026-11-20T12:00:00Z");
                List<MetricsRow> written = windows.rows();
                windows.skip(Duration.ofSeconds(290));
                windows.skip(Duration.ofSeconds(10));
                windows.redis("empty");
                windows.wait(Duration.ofMillis(20));
                List<MetricsRow> again = windows.rows();
                assertThat(again).hasSize(6).noneMatch(row -> row.size() == ONE_MINUTE);
                assertThat(again)
                        .allSatisfy(
                                row ->
                                        assertThat(written)
                                                .anyMatch(
                                                        old ->
                                                                old.size() == row.size()
                                                                        && old.expiresAt()
                                                                                == row
                                                                                        .expiresAt()));
            }
        }

        @ParameterizedTest
        @EnumSource
        void getsThemAfterARestoreToo(Backend backend) throws Exception {
            Snapshot snapshot;
            try (var windows = DEFAULTS.on(backend).start()) {
                windows.redis("same");
                windows.add(impression("11:59:30").all());
                windows.watermark("2026-11-20T12:00:00Z");
                windows.add(impression("12:00:30").all());
                // Past the lateness, so that the closed windows live on for Redis alone.
                windows.watermark("2026-11-20T12:04:59.999Z");
                snapshot = windows.snapshot();
            }
            try (var windows = DEFAULTS.on(backend).restore(snapshot, 2)) {
                windows.redis("same");
                windows.wait(Duration.ofSeconds(1));
                List<MetricsRow> first = windows.rows();
                assertThat(text(first, SERVED_AGAIN)).isEmpty();
                assertThat(text(first, LIVE))
                        .as("a live value may have been lost with the job")
                        .hasSize(3)
                        .allMatch(row -> row.contains("1h 12:00"));

                windows.redis("another");
                windows.wait(Duration.ofSeconds(1));
                assertThat(rows(windows, SERVED_AGAIN))
                        .hasSize(9)
                        .contains(
                                "AD ad-1 1m 12:00 i=1 c=0 v=0 cost=0 revenue=0 r1",
                                "AD ad-1 5m 12:00 i=1 c=0 v=0 cost=0 revenue=0 r1",
                                "AD ad-1 1h 11:00 i=1 c=0 v=0 cost=0 revenue=0 r1");
            }
        }
    }

    @Nested
    class Forgetting {

        @ParameterizedTest
        @EnumSource
        void leavesNothingOfAnEntityThatIsOver(Backend backend) throws Exception {
            try (var windows = DEFAULTS.on(backend).start()) {
                for (int ad = 0; ad < 20; ad++) {
                    windows.add(impression("12:00:30").of("ad-" + ad, "c", "a").all());
                }
                windows.snapshot();
                assertThat(windows.stateEntries()).isEqualTo(22);
                windows.watermark("2026-11-20T12:30:00Z");
                windows.skip(Duration.ofHours(3));
                windows.snapshot();
                assertThat(windows.stateEntries()).isEqualTo(22); // the hour is still open

                windows.watermark("2026-11-20T13:05:00Z");
                windows.skip(Duration.ofMinutes(119));
                windows.snapshot();
                assertThat(windows.stateEntries()).isEqualTo(22); // the hour is still served

                windows.skip(Duration.ofMinutes(2));
                windows.snapshot();
                assertThat(windows.stateEntries()).isZero();
            }
        }

        @Test
        void sparesAnEntityThatComesBack() throws Exception {
            Snapshot snapshot;
            try (var windows = DEFAULTS.start()) {
                windows.add(impression("12:00:30").all());
                windows.watermark("2026-11-20T14:00:00Z");
                windows.snapshot();
                windows.skip(Duration.ofHours(3));
                windows.add(
                        impression("14:00:30")
                                .all()); // after it was forgotten, before a checkpoint
                snapshot = windows.snapshot();
                assertThat(windows.stateEntries()).isEqualTo(3);
            }
            try (var windows = DEFAULTS.restore(snapshot, 1)) {
                windows.watermark("2026-11-20T14:01:00Z");
                assertThat(closed(windows)).hasSize(3);
            }
        }
    }

    @Test
    void passesWatermarksOnButNotIdleness() throws Exception {
        try (var windows = DEFAULTS.start()) {
            windows.watermark(1);
            windows.only().processWatermarkStatus1(WatermarkStatus.IDLE);
            windows.only().processWatermarkStatus2(WatermarkStatus.IDLE);
            windows.only().processWatermark2(Watermark.MAX_WATERMARK);
            assertThat(windows.control()).containsExactly(new Watermark(1));
        }
    }

    @Test
    void windowsAreAlignedToTheEpoch() {
        long time = millis("12:34:56.789");
        assertThat(ONE_MINUTE.startOf(time)).isEqualTo(millis("12:34:00"));
        assertThat(FIVE_MINUTES.startOf(time)).isEqualTo(millis("12:30:00"));
        assertThat(ONE_HOUR.startOf(time)).isEqualTo(millis("12:00:00"));
        assertThat(ONE_MINUTE.startOf(millis("12:01:00"))).isEqualTo(millis("12:01:00"));
    }

    private static List<String> closed(WindowSubtasks windows) {
        return rows(windows, CLOSED);
    }

    private static List<String> rows(WindowSubtasks windows, MetricsRow.Kind kind) {
        return text(windows.rows(), kind);
    }

    private static List<String> text(List<MetricsRow> all, MetricsRow.Kind kind) {
        List<String> rows = new ArrayList<>();
        for (MetricsRow row : all) {
            if (row.kind() == kind) {
                rows.add(
                        row.entityType()
                                + " "
                                + row.entityId()
                                + " "
                                + row.size().label()
                                + " "
                                + Instant.ofEpochMilli(row.windowStart())
                                        .toString()
                                        .substring(11, 16)
                                + " i="
                                + row.impressions()
                                + " c="
                                + row.clicks()
                                + " v="
                                + row.conversions()
                                + " cost="
                                + row.totalCost()
                                + " revenue="
                                + row.totalRevenue()
                                + " r"
                                + row.revision());
            }
        }
        return rows;
    }
}
