package io.adstream.features.user;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * The users in keyed state, those used last as objects on heap: a user who does ten things in a row
 * is read and written once. What has changed is written when it leaves the heap, and before each
 * checkpoint.
 *
 * <p>A user on heap comes up by a {@link DueIndex}; one in state by its only timer, which is never
 * later than what the user has to do next.
 */
final class UserCache {

    /** Does what is left to do with a user who leaves the heap. */
    @FunctionalInterface
    interface Farewell {
        void leaving(User user);
    }

    private final int capacity;
    private final UserRules rules;
    private final KeyedStateBackend<String> backend;
    private final ValueState<byte[]> state;
    private final InternalTimerService<VoidNamespace> timers;
    private final Farewell farewell;
    private final UserCodec codec = new UserCodec();
    private final DueIndex due = new DueIndex();

    /** The one used longest ago first. */
    private final LinkedHashMap<String, User> users;

    private long reads;
    private long writes;

    UserCache(
            int capacity,
            UserRules rules,
            KeyedStateBackend<String> backend,
            ValueState<byte[]> state,
            InternalTimerService<VoidNamespace> timers,
            Farewell farewell) {
        this.capacity = capacity;
        this.rules = rules;
        this.backend = backend;
        this.state = state;
        this.timers = timers;
        this.farewell = farewell;
        this.users = new LinkedHashMap<>(1024, 0.75f, true);
    }

    /** The user, new where nothing is known. */
    User get(String id) throws IOException {
        User user = users.get(id);
        if (user != null) {
            return user;
        }
        backend.setCurrentKey(id);
        byte[] stored = state.value();
        reads++;
        user = stored == null ? new User(id) : codec.read(id, stored);
        users.put(id, user);
        if (users.size() > capacity) {
            evictEldest();
        }
        return user;
    }

    /** Whether a user has something to do at a watermark. */
    boolean isDue(User user, long watermark) {
        if (user.nextDue == Long.MIN_VALUE) {
            user.nextDue = user.due(rules);
        }
        return user.nextDue <= watermark;
    }

    /** Lets a user who was changed come up in time. */
    void schedule(User user) {
        user.nextDue = user.due(rules);
        due.schedule(user, user.nextDue);
    }

    DueIndex due() {
        return due;
    }

    /** The users on heap. */
    Iterable<User> onHeap() {
        return users.values();
    }

    int size() {
        return users.size();
    }

    long reads() {
        return reads;
    }

    long writes() {
        return writes;
    }

    private void evictEldest() throws IOException {
        Iterator<Map.Entry<String, User>> eldest = users.entrySet().iterator();
        User user = eldest.next().getValue();
        eldest.remove();
        farewell.leaving(user);
        user.evicted = true;
        write(user);
    }

    /** Writes all that has changed; users without anything left leave. */
    void flush() throws IOException {
        for (Iterator<User> all = users.values().iterator(); all.hasNext(); ) {
            User user = all.next();
            write(user);
            if (user.isEmpty()) {
                user.evicted = true;
                all.remove();
            }
        }
    }

    private void write(User user) throws IOException {
        if (!user.changed) {
            return;
        }
        user.changed = false;
        writes++;
        backend.setCurrentKey(user.id);
        if (user.isEmpty()) {
            moveTimer(user, User.NEVER);
            state.clear();
            return;
        }
        long next = DueIndex.secondOf(user.nextDue);
        if (next < user.timerAt) {
            moveTimer(user, next);
        }
        state.update(codec.write(user));
    }

    private void moveTimer(User user, long to) {
        if (user.timerAt != User.NEVER) {
            timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, user.timerAt);
        }
        if (to != User.NEVER) {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, to);
        }
        user.timerAt = to;
    }
}
