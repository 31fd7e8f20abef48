package io.adstream.features.retarget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetargetingTest {

    private static final long TEN = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;
    private static final RetargetingRules RULES =
            new RetargetingRules(
                    Duration.ofMinutes(30).toMillis(),
                    3,
                    Duration.ofHours(1).toMillis(),
                    Duration.ofHours(24).toMillis(),
                    200,
                    20);

    private final List<SignalNotice> notices = new ArrayList<>();

    private Retargeting abandonedCart(long time) {
        Retargeting retargeting = new Retargeting();
        retargeting.cart("u", time, RULES, notices::add);
        retargeting.advance("u", time + RULES.cartTimeout(), RULES, notices::add);
        return retargeting;
    }

    @Test
    void eachChangeHasALaterVersion() {
        Retargeting retargeting = abandonedCart(TEN);
        long begun = retargeting.version();
        retargeting.cancel(null, TEN + 40 * MINUTE, notices::add);
        assertThat(retargeting.version()).isGreaterThan(begun);
        assertThat(notices).extracting(SignalNotice::cancelled).containsExactly(false, true);
    }

    @Test
    void changesOfOneInstantHaveDifferentVersions() {
        Retargeting retargeting = abandonedCart(TEN);
        long begun = retargeting.version();
        retargeting.cancel(null, TEN + RULES.cartTimeout(), notices::add);
        assertThat(retargeting.version()).isGreaterThan(begun);
    }

    @Test
    void whereStateWasLostWhatIsNewStillWins() {
        Retargeting before = abandonedCart(TEN);
        before.cancel(null, TEN + 40 * MINUTE, notices::add);
        assertThat(abandonedCart(TEN + 60 * MINUTE).version()).isGreaterThan(before.version());
    }
}
