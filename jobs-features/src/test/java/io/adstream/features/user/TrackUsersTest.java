package io.adstream.features.user;

import static io.adstream.features.event.UserEvent.Kind.CART;
import static io.adstream.features.event.UserEvent.Kind.CLICK;
import static io.adstream.features.event.UserEvent.Kind.CONVERSION;
import static io.adstream.features.event.UserEvent.Kind.IMPRESSION;
import static io.adstream.features.event.UserEvent.Kind.PURCHASE;
import static io.adstream.features.event.UserEvent.Kind.VIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.adstream.features.event.UserEvent;
import io.adstream.features.hour.UserFeatures;
import io.adstream.features.profile.ProfileRow;
import io.adstream.features.retarget.Signal;
import io.adstream.features.retarget.SignalNotice;
import io.adstream.features.retarget.SignalType;
import io.adstream.features.session.SessionRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrackUsersTest {

    private static final long NO_PRICE = UserEvent.NO_PRICE;

    private UserSubtasks users;

    @BeforeEach
    void start() throws Exception {
        users = UserSubtasks.start();
    }

    @AfterEach
    void close() throws Exception {
        users.close();
    }

    private static long millis(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    // ---- hours ----

    @Test
    void anEventCountsInTheSixHoursThatItBelongsTo() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:05:00Z");
        users.watermark("2026-11-20T10:59:59.999Z");

        assertThat(users.hours())
                .extracting(UserFeatures::windowEnd, UserFeatures::views)
                .containsExactly(
                        tuple(millis("2026-11-20T10:10:00Z"), 1),
                        tuple(millis("2026-11-20T10:20:00Z"), 1),
                        tuple(millis("2026-11-20T10:30:00Z"), 1),
                        tuple(millis("2026-11-20T10:40:00Z"), 1),
                        tuple(millis("2026-11-20T10:50:00Z"), 1),
                        tuple(millis("2026-11-20T11:00:00Z"), 1));
    }

    @Test
    void theKeyGoesWhenTheNewestHourIsEmpty() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:05:00Z");
        users.watermark("2026-11-20T10:59:59.999Z");
        List<UserFeatures> before = users.hours();
        users.watermark("2026-11-20T11:09:59.998Z");
        assertThat(users.hours()).isEmpty();
        users.watermark("2026-11-20T11:09:59.999Z");

        assertThat(before).last().satisfies(row -> assertThat(row.newest()).isTrue());
        assertThat(users.hours())
                .singleElement()
                .satisfies(
                        row -> {
                            assertThat(row.isEmpty()).isTrue();
                            assertThat(row.newest()).isTrue();
                            assertThat(row.windowEnd()).isEqualTo(millis("2026-11-20T11:10:00Z"));
                        });
    }

    @Test
    void theKeyGoesAlsoWhereTimePassesOverItsHours() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:05:00Z");
        users.watermark("2026-11-20T12:00:00Z");

        // A lost attempt may have written one of the six.
        assertThat(users.hours())
                .hasSize(7)
                .last()
                .satisfies(
                        row -> {
                            assertThat(row.isEmpty()).isTrue();
                            assertThat(row.newest()).isTrue();
                            assertThat(row.windowEnd()).isEqualTo(millis("2026-11-20T12:00:00Z"));
                        });
    }

    @Test
    void theAverageIsThatOfExactSums() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:01:00Z", null, null, 100_000);
        users.add(VIEW, "u", "2026-11-20T10:02:00Z", null, null, 200_000);
        users.add(VIEW, "u", "2026-11-20T10:03:00Z");
        users.add(CART, "u", "2026-11-20T10:04:00Z", null, null, 900_000);
        users.watermark("2026-11-20T10:09:59.999Z");

        assertThat(users.hours())
                .extracting(UserFeatures::averagePrice, UserFeatures::views)
                .containsExactly(tuple(150_000L, 3));
    }

    @Test
    void theAverageDoesNotOverflow() throws Exception {
        for (int i = 0; i < 5; i++) {
            users.add(VIEW, "u", "2026-11-20T10:01:00Z", null, null, 9_000_000_000_000_000_000L);
        }
        users.watermark("2026-11-20T10:09:59.999Z");

        assertThat(users.hours())
                .extracting(UserFeatures::averagePrice)
                .containsExactly(9_000_000_000_000_000_000L);
    }

    @Test
    void aLateEventAmendsTheHoursThatStillCanBe() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:05:00Z");
        users.watermark("2026-11-20T10:14:59.998Z");
        users.hours();
        users.add(VIEW, "u", "2026-11-20T10:09:00Z");
        assertThat(users.hours())
                .extracting(UserFeatures::windowEnd, UserFeatures::views, UserFeatures::newest)
                .containsExactly(tuple(millis("2026-11-20T10:10:00Z"), 2, true));
        users.watermark("2026-11-20T10:14:59.999Z");
        users.add(VIEW, "u", "2026-11-20T10:09:30Z");

        assertThat(users.hours()).isEmpty(); // its first hour is over, the next has not ended
        users.watermark("2026-11-20T10:19:59.999Z");
        assertThat(users.hours()).extracting(UserFeatures::views).containsExactly(3);
    }

    // ---- sessions ----

    @Test
    void aGapOfExactlyTenMinutesJoinsAndOneMillisecondMoreSplits() throws Exception {
        users.add(VIEW, "joined", "2026-11-20T10:00:00Z");
        users.add(CART, "joined", "2026-11-20T10:10:00Z");
        users.add(VIEW, "split", "2026-11-20T10:00:00Z");
        users.add(CART, "split", "2026-11-20T10:10:00.001Z");
        users.watermark("2026-11-20T10:30:00Z");

        assertThat(users.sessions())
                .extracting(SessionRow::userId, SessionRow::events, SessionRow::durationSeconds)
                .containsExactlyInAnyOrder(
                        tuple("joined", 2L, 600L), tuple("split", 1L, 0L), tuple("split", 1L, 0L));
    }

    @Test
    void aLateEventThatMergesTwoSessionsLeavesOneKey() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:00:00Z");
        users.add(VIEW, "u", "2026-11-20T10:12:00Z");
        users.watermark("2026-11-20T10:22:00Z");
        assertThat(users.sessions())
                .extracting(SessionRow::start, SessionRow::removed)
                .containsExactly(
                        tuple(millis("2026-11-20T10:00:00Z"), false),
                        tuple(millis("2026-11-20T10:12:00Z"), false));

        // The first session's lateness is over at 10:15, so only the second can still be joined.
        users.add(VIEW, "u", "2026-11-20T10:06:00Z");
        assertThat(users.sessions())
                .extracting(SessionRow::start, SessionRow::events, SessionRow::removed)
                .containsExactly(
                        tuple(millis("2026-11-20T10:12:00Z"), 1L, true),
                        tuple(millis("2026-11-20T10:06:00Z"), 2L, false));
    }

    @Test
    void aLateEventMergesBothWhileBothCanBeAmended() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:00:00Z");
        users.add(VIEW, "u", "2026-11-20T10:12:00Z");
        users.watermark("2026-11-20T10:14:00Z");
        users.sessions();
        users.add(CART, "u", "2026-11-20T10:06:00Z");
        users.watermark("2026-11-20T10:22:00Z");

        assertThat(users.sessions())
                .extracting(SessionRow::start, SessionRow::events, SessionRow::removed)
                .containsExactly(tuple(millis("2026-11-20T10:00:00Z"), 3L, false));
    }

    @Test
    void sessionsWithAdsAreTheirOwn() throws Exception {
        users.add(IMPRESSION, "u", "2026-11-20T10:00:00Z");
        users.add(VIEW, "u", "2026-11-20T10:05:00Z");
        users.add(CLICK, "u", "2026-11-20T10:10:00Z");
        users.add(CONVERSION, "u", "2026-11-20T10:20:00.500Z");
        users.watermark("2026-11-20T10:31:00Z");

        assertThat(users.sessions())
                .extracting(
                        SessionRow::inShop,
                        SessionRow::first,
                        SessionRow::second,
                        SessionRow::third,
                        SessionRow::durationSeconds)
                .containsExactlyInAnyOrder(
                        tuple(true, 1, 0, 0, 0L),
                        tuple(false, 1, 1, 0, 600L),
                        tuple(false, 0, 0, 1, 0L));
    }

    // ---- profiles ----

    @Test
    void interestDecaysByItsHalfLife() throws Exception {
        users.add(PURCHASE, "u", "2026-11-19T10:00:00Z", "shoes", null, NO_PRICE);
        users.add(CLICK, "u", "2026-11-20T10:00:00Z", "bags", null, NO_PRICE);
        users.skip(Duration.ofSeconds(1));

        assertThat(users.profiles())
                .last()
                .isEqualTo(
                        new ProfileRow(
                                "u",
                                List.of(
                                        new ProfileRow.Interest("shoes", 2_500_000),
                                        new ProfileRow.Interest("bags", 2_000_000)),
                                List.of("shoes", "bags"),
                                18_367_347, // 100 · 4.5 / 24.5
                                millis("2026-11-20T10:00:00Z"),
                                users.clock() + Duration.ofDays(30).toMillis()));
    }

    @Test
    void theProfileIsWrittenBeforeTheWatermarkComes() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:00:00Z");
        users.skip(Duration.ofSeconds(1));

        assertThat(users.profiles())
                .singleElement()
                .satisfies(
                        row -> {
                            assertThat(row.interests())
                                    .containsExactly(new ProfileRow.Interest("unknown", 1_000_000));
                            assertThat(row.topCategories()).isEmpty();
                            assertThat(row.engagementScore()).isEqualTo(4_761_905);
                        });
    }

    @Test
    void theOrderOfArrivalMakesNoDifference() throws Exception {
        users.add(VIEW, "a", "2026-11-20T10:00:00Z", "shoes", null, NO_PRICE);
        users.add(PURCHASE, "a", "2026-11-20T10:00:07Z", "shoes", null, NO_PRICE);
        users.add(PURCHASE, "b", "2026-11-20T10:00:07Z", "shoes", null, NO_PRICE);
        users.add(VIEW, "b", "2026-11-20T10:00:00Z", "shoes", null, NO_PRICE);
        users.snapshot();

        assertThat(users.profiles())
                .extracting(ProfileRow::interests, ProfileRow::engagementScore)
                .containsOnly(
                        tuple(List.of(new ProfileRow.Interest("shoes", 5_999_944)), 23_076_757L));
    }

    @Test
    void aMinuteWithEventsIsSentOnOnce() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:00:01Z", "shoes", null, NO_PRICE);
        users.add(VIEW, "u", "2026-11-20T10:00:59Z", "shoes", null, NO_PRICE);
        users.add(VIEW, "u", "2026-11-20T10:01:00Z", "shoes", null, NO_PRICE);
        users.watermark("2026-11-20T10:00:59.998Z");
        assertThat(users.minutes()).isEmpty();
        users.watermark("2026-11-20T10:00:59.999Z");
        assertThat(users.minutes())
                .extracting(ProfileRow::updatedAt)
                .containsExactly(millis("2026-11-20T10:00:59Z"));
        users.watermark("2026-11-20T10:05:00Z");
        assertThat(users.minutes())
                .extracting(ProfileRow::updatedAt)
                .containsExactly(millis("2026-11-20T10:01:00Z"));
        users.watermark("2026-11-20T11:05:00Z");
        assertThat(users.minutes()).isEmpty();
    }

    @Test
    void impressionsShowNoInterest() throws Exception {
        users.add(IMPRESSION, "u", "2026-11-20T10:00:00Z", "shoes", null, NO_PRICE);
        users.snapshot();

        assertThat(users.profiles()).isEmpty();
    }

    // ---- signals ----

    private List<String> signals() {
        return users.signals().stream()
                .map(
                        notice ->
                                (notice.cancelled() ? "CANCEL " : "SIGNAL ")
                                        + notice.signal().type()
                                        + " "
                                        + notice.signal().product()
                                        + " "
                                        + Instant.ofEpochMilli(notice.signal().at()))
                .toList();
    }

    @Test
    void aCartIsAbandonedAfterHalfAnHourAndAPurchaseCancels() throws Exception {
        users.add(CART, "u", "2026-11-20T10:00:00Z");
        users.watermark("2026-11-20T10:29:59.998Z");
        assertThat(signals()).isEmpty();
        users.watermark("2026-11-20T10:30:00.999Z");
        assertThat(signals()).containsExactly("SIGNAL CART_ABANDONED null 2026-11-20T10:30:00Z");
        assertThat(users.retargeting())
                .singleElement()
                .satisfies(
                        row -> {
                            assertThat(row.signals())
                                    .containsExactly(
                                            new Signal(
                                                    "u",
                                                    SignalType.CART_ABANDONED,
                                                    null,
                                                    millis("2026-11-20T10:00:00Z"),
                                                    millis("2026-11-20T10:30:00Z"),
                                                    millis("2026-11-21T10:30:00Z")));
                            assertThat(row.expiresAt() - users.clock())
                                    .isEqualTo(Duration.ofHours(24).toMillis() - 999);
                        });

        users.add(PURCHASE, "u", "2026-11-20T10:45:00Z");
        assertThat(signals()).containsExactly("CANCEL CART_ABANDONED null 2026-11-20T10:30:00Z");
        assertThat(users.retargeting())
                .singleElement()
                .satisfies(row -> assertThat(row.signals()).isEmpty());
        users.watermark("2026-11-20T12:00:00Z");
        assertThat(signals()).isEmpty();
        assertThat(users.retargeting()).isEmpty();
    }

    @Test
    void aPurchaseWithinHalfAnHourPreventsTheSignal() throws Exception {
        users.add(PURCHASE, "u", "2026-11-20T10:30:00Z"); // arrives before the cart event
        users.add(CART, "u", "2026-11-20T10:00:00Z");
        users.watermark("2026-11-20T12:00:00Z");

        assertThat(signals()).isEmpty();
    }

    @Test
    void aPurchaseAMillisecondLaterCancelsHoweverEarlyItArrives() throws Exception {
        users.add(PURCHASE, "u", "2026-11-20T10:30:00.001Z");
        users.add(CART, "u", "2026-11-20T10:00:00Z");
        users.watermark("2026-11-20T10:30:00Z");
        users.watermark("2026-11-20T12:00:00Z");

        assertThat(signals())
                .containsExactly(
                        "SIGNAL CART_ABANDONED null 2026-11-20T10:30:00Z",
                        "CANCEL CART_ABANDONED null 2026-11-20T10:30:00Z");
    }

    @Test
    void aPurchaseThatIsTooLateToCountStillCancels() throws Exception {
        users.add(CART, "u", "2026-11-20T10:00:00Z");
        users.watermark("2026-11-20T13:00:00Z");
        users.hours();
        users.signals();
        users.add(
                new UserEvent(
                        "u",
                        PURCHASE,
                        millis("2026-11-20T10:10:00Z"),
                        users.clock(),
                        NO_PRICE,
                        null,
                        null,
                        true));

        assertThat(signals()).containsExactly("CANCEL CART_ABANDONED null 2026-11-20T10:30:00Z");
        assertThat(users.hours()).isEmpty();
    }

    @Test
    void threeViewsWithinAnHourAreASignalUnlessTheProductIsBought() throws Exception {
        for (String time : List.of("10:00:00", "10:30:00", "11:00:00")) {
            users.add(VIEW, "seen", "2026-11-20T" + time + "Z", null, "p-1", NO_PRICE);
            users.add(VIEW, "bought", "2026-11-20T" + time + "Z", null, "p-1", NO_PRICE);
            users.add(VIEW, "other", "2026-11-20T" + time + "Z", null, "p-1", NO_PRICE);
        }
        for (String time : List.of("10:00:00", "10:30:00", "11:00:00.001")) {
            users.add(VIEW, "slow", "2026-11-20T" + time + "Z", null, "p-1", NO_PRICE);
        }
        users.add(PURCHASE, "bought", "2026-11-20T10:45:00Z", null, "p-1", NO_PRICE);
        users.add(PURCHASE, "other", "2026-11-20T10:45:00Z", null, "p-2", NO_PRICE);
        users.watermark("2026-11-20T11:00:10Z");

        assertThat(users.signals())
                .extracting(notice -> notice.signal().userId(), SignalNotice::cancelled)
                .containsExactlyInAnyOrder(tuple("seen", false), tuple("other", false));
        users.add(PURCHASE, "seen", "2026-11-20T11:01:00Z", null, "p-1", NO_PRICE);
        users.add(PURCHASE, "other", "2026-11-20T11:01:00Z", null, "p-2", NO_PRICE);
        assertThat(users.signals())
                .extracting(notice -> notice.signal().userId(), SignalNotice::cancelled)
                .containsExactly(tuple("seen", true));
    }

    @Test
    void aSignalEndsByItself() throws Exception {
        users.add(CART, "u", "2026-11-20T10:00:00Z");
        users.watermark("2026-11-20T10:31:00Z");
        users.retargeting();
        users.watermark("2026-11-21T10:30:00.999Z");

        assertThat(users.retargeting())
                .singleElement()
                .satisfies(row -> assertThat(row.signals()).isEmpty());
        users.signals();
        users.add(PURCHASE, "u", "2026-11-21T10:31:00Z");
        assertThat(users.signals()).isEmpty();
    }

    // ---- state ----

    @ParameterizedTest
    @EnumSource
    void aMonthOfSilenceLeavesNoState(UserSubtasks.Backend backend) throws Exception {
        try (UserSubtasks few = UserSubtasks.start(backend, 2)) {
            for (int i = 0; i < 50; i++) {
                few.add(VIEW, "u-" + i, "2026-11-20T10:00:00Z", "shoes", "p-1", 1);
                few.add(CART, "u-" + i, "2026-11-20T10:01:00Z", "shoes", "p-1", 1);
                few.add(IMPRESSION, "u-" + i, "2026-11-20T10:01:00Z");
                few.add(IMPRESSION, "only-ads-" + i, "2026-11-20T10:01:00Z");
            }
            few.snapshot();
            assertThat(few.stateEntries()).isEqualTo(100);
            assertThat(few.timers()).isEqualTo(100);
            few.watermark("2026-11-20T12:00:00Z");
            few.snapshot();
            assertThat(few.stateEntries()).isEqualTo(50);
            few.watermark("2026-12-20T10:00:59.999Z");
            few.snapshot();
            assertThat(few.stateEntries()).isEqualTo(50);
            assertThat(few.timers()).isEqualTo(50);
            few.profiles();

            few.watermark("2026-12-20T10:01:01Z");
            few.snapshot();

            assertThat(few.stateEntries()).isZero();
            assertThat(few.timers()).isZero();
            assertThat(few.profiles()).hasSize(50).allMatch(ProfileRow::isOver);
        }
    }

    @Test
    void anotherRedisGetsEveryKeyAgainForTheTimeThatIsLeft() throws Exception {
        users.redis("first");
        users.add(VIEW, "u", "2026-11-20T10:00:00Z", "shoes", "p-1", 1_500_000);
        users.add(CART, "u", "2026-11-20T10:00:00Z", "shoes", "p-1", NO_PRICE);
        users.add(CLICK, "u", "2026-11-20T10:00:00Z", "shoes", null, NO_PRICE);
        users.watermark("2026-11-20T10:35:00Z");
        users.hours();
        users.sessions();
        users.profiles();
        users.retargeting();
        users.redis("first");
        assertThat(users.hours()).isEmpty();

        users.redis("second");

        assertThat(users.hours())
                .extracting(UserFeatures::windowEnd, UserFeatures::views, UserFeatures::expiresAt)
                .containsExactly(
                        tuple(
                                millis("2026-11-20T10:30:00Z"),
                                1,
                                users.clock() + Duration.ofMinutes(115).toMillis()));
        assertThat(users.sessions())
                .extracting(SessionRow::inShop, SessionRow::expiresAt)
                .containsExactly(
                        tuple(true, users.clock() + Duration.ofMinutes(35).toMillis()),
                        tuple(false, users.clock() + Duration.ofMinutes(35).toMillis()));
        assertThat(users.profiles()).hasSize(1);
        assertThat(users.retargeting()).hasSize(1);
        users.redis("second");
        assertThat(users.hours()).isEmpty();
    }

    @Test
    void anotherRedisGetsTheHourAsItWasWritten() throws Exception {
        users.redis("first");
        users.add(VIEW, "u", "2026-11-20T10:05:00Z", null, null, 1_000_000);
        users.add(VIEW, "u", "2026-11-20T10:55:00Z", null, null, 2_000_000);
        users.add(CART, "u", "2026-11-20T10:55:00Z");
        // The first slice has left; what comes for this hour now is too late for it.
        users.watermark("2026-11-20T11:06:00Z");
        users.add(VIEW, "u", "2026-11-20T10:58:00Z");
        UserSubtasks.Snapshot snapshot = users.snapshot();

        try (UserSubtasks restored =
                UserSubtasks.restore(snapshot, UserSubtasks.Backend.HASHMAP, 10, 1)) {
            restored.watermark("2026-11-20T11:06:00Z");
            restored.redis("second");

            assertThat(restored.hours())
                    .singleElement()
                    .isEqualTo(
                            new UserFeatures(
                                    "u",
                                    millis("2026-11-20T11:00:00Z"),
                                    2,
                                    1,
                                    0,
                                    1_500_000,
                                    true,
                                    true,
                                    users.clock() + Duration.ofMinutes(114).toMillis()));
        }
    }

    @Test
    void aRestoredOperatorKnowsWhatTimeItIs() throws Exception {
        users.add(VIEW, "u", "2026-11-20T10:00:00Z");
        users.watermark("2026-11-20T10:53:00Z");
        UserSubtasks.Snapshot snapshot = users.snapshot();
        try (UserSubtasks restored =
                UserSubtasks.restore(snapshot, UserSubtasks.Backend.HASHMAP, 10, 3)) {
            restored.add(VIEW, "new", "2026-11-20T10:01:00Z");

            assertThat(restored.hours())
                    .extracting(UserFeatures::userId, UserFeatures::windowEnd)
                    .containsExactly(tuple("new", millis("2026-11-20T10:50:00Z")));
            assertThat(restored.sessions()).isEmpty();
        }
    }
}
