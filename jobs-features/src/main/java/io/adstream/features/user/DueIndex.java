package io.adstream.features.user;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which of the users on heap have something to do, by the second of event time. */
final class DueIndex {

    private static final long SECOND = 1000;

    private final TreeMap<Long, List<User>> seconds = new TreeMap<>();

    /** The last instant of the second of a time. */
    static long secondOf(long time) {
        return Math.floorDiv(time, SECOND) * SECOND + SECOND - 1;
    }

    /** Puts a user where it is due, unless it comes up earlier anyway. */
    void schedule(User user, long due) {
        if (due > Long.MAX_VALUE - SECOND) {
            return;
        }
        long second = secondOf(due);
        if (second < user.scheduledAt) {
            user.scheduledAt = second;
            seconds.computeIfAbsent(second, unused -> new ArrayList<>()).add(user);
        }
    }

    /**
     * Takes the users of the first second that a watermark has passed; null where there is none.
     */
    @Nullable List<User> take(long watermark) {
        Map.Entry<Long, List<User>> first = seconds.firstEntry();
        if (first == null || first.getKey() > watermark) {
            return null;
        }
        seconds.pollFirstEntry();
        List<User> due = first.getValue();
        due.removeIf(user -> user.evicted || user.scheduledAt != first.getKey());
        due.forEach(user -> user.scheduledAt = User.NEVER);
        return due;
    }
}
