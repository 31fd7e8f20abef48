package io.adstream.dashboard.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.config.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class AccessControlTest {

    private static final String TOKEN = "a-token-of-24-characters";
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    private static AccessControl at(Instant time, String token) {
        return new AccessControl(new Secret(token), "0.0.0.0", Clock.fixed(time, ZoneOffset.UTC));
    }

    @Test
    void letsInWhoShowsTheToken() {
        AccessControl access = at(NOW, TOKEN);

        assertThat(access.mayLook("Bearer " + TOKEN, null)).isTrue();
        assertThat(access.mayLook("bearer " + TOKEN, null)).isTrue();
        assertThat(access.mayLook(null, access.newCookie())).isTrue();
    }

    @Test
    void keepsOutEverybodyElse() {
        AccessControl access = at(NOW, TOKEN);
        String cookie = access.newCookie();

        assertThat(access.mayLook(null, null)).isFalse();
        assertThat(access.mayLook("Bearer ", "")).isFalse();
        assertThat(access.mayLook("Bearer " + TOKEN + "x", null)).isFalse();
        assertThat(access.mayLook("Basic " + TOKEN, null)).isFalse();
        assertThat(access.mayLook(null, TOKEN)).isFalse();
        assertThat(access.mayLook(null, cookie.replaceFirst("^\\d", "9"))).isFalse();
        assertThat(access.mayLook(null, cookie + "A")).isFalse();
        assertThat(access.mayLook(null, "x." + cookie)).isFalse();
        assertThat(cookie).doesNotContain(TOKEN);
    }

    @Test
    void aCookieEndsAndBelongsToItsToken() {
        String cookie = at(NOW, TOKEN).newCookie();
        Instant end = NOW.plus(AccessControl.COOKIE_LIFE);

        assertThat(at(end.minusMillis(1), TOKEN).mayLook(null, cookie)).isTrue();
        assertThat(at(end, TOKEN).mayLook(null, cookie)).isFalse();
        assertThat(at(NOW.plus(Duration.ofHours(1)), TOKEN + "2").mayLook(null, cookie)).isFalse();
    }

    @Test
    void withoutATokenOnlyNamesOfThisMachineAreAnswered() {
        AccessControl access =
                new AccessControl(null, "127.0.0.1", Clock.fixed(NOW, ZoneOffset.UTC));

        assertThat(access.isOwnName("localhost:8501")).isTrue();
        assertThat(access.isOwnName("LOCALHOST")).isTrue();
        assertThat(access.isOwnName("127.0.0.1:18501")).isTrue();
        assertThat(access.isOwnName("[::1]:8501")).isTrue();
        assertThat(access.isOwnName("evil.example:8501")).isFalse();
        assertThat(access.isOwnName("localhost.evil.example")).isFalse();
        assertThat(access.isOwnName(null)).isFalse();
        assertThat(access.mayLook(null, null)).isTrue();
    }
}
