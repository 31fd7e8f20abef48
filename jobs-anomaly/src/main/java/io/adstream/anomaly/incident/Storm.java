package io.adstream.anomaly.incident;

import io.adstream.common.alert.Alert;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Incidents of one rule and advertiser that follow each other closely. Times are event time, epoch
 * ms.
 *
 * @param recent the newest incidents by entity, never more than make a storm
 * @param opened the alert that stands for all, or null while there is no storm
 * @param advertiserId the advertiser
 * @param joined entities that the storm has swallowed so far
 * @param open how many of them are not over
 * @param lastJoin when the newest of them joined
 * @param updated the minute of the storm's latest alert
 */
public record Storm(
        Map<String, Long> recent,
        @Nullable Alert opened,
        String advertiserId,
        long joined,
        long open,
        long lastJoin,
        long updated) {

    /** Before the first incident. */
    public static Storm none(String advertiserId) {
        return new Storm(Map.of(), null, advertiserId, 0, 0, Long.MIN_VALUE, Long.MIN_VALUE);
    }

    /**
     * With one more incident among the recent ones.
     *
     * @param most how many entities are no storm yet
     */
    Storm with(String entity, long time, long windowMillis, int most) {
        long newest = time;
        for (long other : recent.values()) {
            newest = Math.max(newest, other);
        }
        Map<String, Long> next = new HashMap<>();
        for (Map.Entry<String, Long> other : recent.entrySet()) {
            if (other.getValue() > newest - windowMillis && !other.getKey().equals(entity)) {
                next.put(other.getKey(), other.getValue());
            }
        }
        if (time > newest - windowMillis) {
            next.put(entity, time);
        }
        if (next.size() > most + 1) {
            next.remove(Collections.min(next.entrySet(), Map.Entry.comparingByValue()).getKey());
        }
        return new Storm(next, opened, advertiserId, joined, open, lastJoin, updated);
    }

    Storm joined(@Nullable Alert alert, long time, long minute) {
        return new Storm(
                recent,
                alert,
                advertiserId,
                joined + 1,
                open + 1,
                Math.max(lastJoin, time),
                Math.max(updated, minute));
    }

    Storm left() {
        return new Storm(recent, opened, advertiserId, joined, open - 1, lastJoin, updated);
    }

    /** After the end of the storm. */
    Storm over() {
        return new Storm(recent, null, advertiserId, 0, 0, Long.MIN_VALUE, Long.MIN_VALUE);
    }
}
