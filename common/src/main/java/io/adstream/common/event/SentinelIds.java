package io.adstream.common.event;

import org.jspecify.annotations.Nullable;

/**
 * Ids that stand for no id: senders write them where they know none, so two events that share one
 * have nothing in common.
 */
public final class SentinelIds {

    private static final String NULL = "null";
    private static final String UNKNOWN = "unknown";

    private SentinelIds() {}

    /**
     * Whether an id tells one person from another: it is not absent, not blank and, trimmed and in
     * any case, neither {@code null} nor {@code unknown} nor nothing but zeros and dashes.
     */
    public static boolean identifies(@Nullable String id) {
        if (id == null) {
            return false;
        }
        String trimmed = id.strip();
        return !trimmed.isEmpty()
                && !isZerosAndDashes(trimmed)
                && !trimmed.equalsIgnoreCase(NULL)
                && !trimmed.equalsIgnoreCase(UNKNOWN);
    }

    private static boolean isZerosAndDashes(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c != '0' && c != '-') {
                return false;
            }
        }
        return true;
    }
}
