package io.adstream.dashboard.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.config.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who may look. With a token: who shows it ({@code Authorization: Bearer …}), or the cookie that a
 * browser got for it. Without one: who asks this machine by a name of its own, so that no page of
 * somewhere else can have a browser read this one under a name that leads here (DNS rebinding).
 *
 * <p>The cookie holds the time at which it ends and an HMAC of that by the token: it cannot be made
 * without the token, does not show it, and outlives a restart.
 */
final class AccessControl {

    static final String COOKIE = "adstream_dashboard";
    static final Duration COOKIE_LIFE = Duration.ofHours(12);

    private static final String BEARER = "bearer ";
    private static final String HMAC = "HmacSHA256";
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final @Nullable Secret token;
    private final String host;
    private final Clock clock;

    AccessControl(@Nullable Secret token, String host, Clock clock) {
        this.token = token;
        this.host = host;
        this.clock = clock;
    }

    boolean needsToken() {
        return token != null;
    }

    /**
     * Whether the server is asked by a name that is its own.
     *
     * @param header the request's {@code Host}
     */
    boolean isOwnName(@Nullable String header) {
        if (token != null) {
            // What was not shown the token gives nothing away, whatever it is called.
            return true;
        }
        if (header == null) {
            return false;
        }
        String name = header.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        return OWN_NAMES.contains(name) || name.equals(host.toLowerCase(Locale.ROOT));
    }

    /**
     * Whether a request may be answered.
     *
     * @param authorization its header of that name
     * @param cookie the value of its cookie {@link #COOKIE}
     */
    boolean mayLook(@Nullable String authorization, @Nullable String cookie) {
        if (token == null) {
            return true;
        }
        if (authorization != null
                && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                && isToken(authorization.substring(BEARER.length()).trim())) {
            return true;
        }
        return cookie != null && isOurs(cookie);
    }

    /** Whether it is the token; takes as long whatever part of it is right. */
    boolean isToken(String given) {
        Secret expected = token;
        return expected != null && same(sha256(given), sha256(expected.reveal()));
    }

    /** A cookie for a browser that has shown the token. */
    String newCookie() {
        return signed(clock.millis() + COOKIE_LIFE.toMillis());
    }

    private boolean isOurs(String cookie) {
        int dot = cookie.indexOf('.');
        if (dot <= 0) {
            return false;
        }
        try {
            long end = Long.parseLong(cookie.substring(0, dot));
            return same(cookie.getBytes(UTF_8), signed(end).getBytes(UTF_8))
                    && end > clock.millis();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private String signed(long end) {
        Secret key = token;
        if (key == null) {
            throw new IllegalStateException("there is no token");
        }
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key.reveal().getBytes(UTF_8), HMAC));
            byte[] code = mac.doFinal(("adstream dashboard until " + end).getBytes(UTF_8));
            return end + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    private static boolean same(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
