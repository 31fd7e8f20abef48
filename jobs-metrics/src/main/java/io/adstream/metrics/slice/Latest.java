package io.adstream.metrics.slice;

import org.jspecify.annotations.Nullable;

/**
 * What the latest event of an ad said about it. Latest is the highest event time, then the highest
 * event id in UTF-8 byte order.
 *
 * @param eventTime epoch milliseconds
 * @param eventId the event's id
 * @param campaignId the campaign that the event named
 * @param advertiserId the advertiser that the event named
 * @param category the category that the event named, or null
 */
public record Latest(
        long eventTime,
        String eventId,
        String campaignId,
        String advertiserId,
        @Nullable String category) {

    /** The later of two. */
    public static Latest later(@Nullable Latest one, Latest other) {
        if (one == null || one.eventTime < other.eventTime) {
            return other;
        }
        if (one.eventTime > other.eventTime) {
            return one;
        }
        return compareUtf8(one.eventId, other.eventId) < 0 ? other : one;
    }

    /** Compares by code point, which is the order of the UTF-8 bytes. */
    private static int compareUtf8(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                // A surrogate stands for a code point above all that fit one char.
                boolean aPair = Character.isSurrogate(a);
                boolean bPair = Character.isSurrogate(b);
                return aPair == bPair ? Character.compare(a, b) : aPair ? 1 : -1;
            }
        }
        return Integer.compare(one.length(), other.length());
    }
}
