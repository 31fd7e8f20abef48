package io.adstream.attribution.resolve;

import io.adstream.attribution.match.Match;
import io.adstream.attribution.touch.Conversion;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a conversion that waits for the watermark.
 *
 * @param conversion the conversion; null where a match was faster
 * @param session the clicks of its session; null where there are none so far
 * @param device the clicks of its device; null where there are none so far
 */
public record Pending(
        @Nullable Conversion conversion, @Nullable Match session, @Nullable Match device) {

    static final Pending NONE = new Pending(null, null, null);

    Pending with(Conversion aConversion) {
        return new Pending(aConversion, session, device);
    }

    Pending with(Match match) {
        return switch (match.tier()) {
            case SESSION -> new Pending(conversion, match, device);
            case DEVICE -> new Pending(conversion, session, match);
        };
    }

    /** The match that counts: that of the session where there is one. */
    @Nullable Match best() {
        return session != null ? session : device;
    }
}
