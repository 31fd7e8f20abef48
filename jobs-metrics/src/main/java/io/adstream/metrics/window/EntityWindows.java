package io.adstream.metrics.window;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All windows of one ad, campaign or advertiser that can still change or are still served. */
final class EntityWindows {

    static final WindowSize[] SIZES = WindowSize.values();

    /** The entity, see {@link io.adstream.metrics.EntityType#key(String)}. */
    final String key;

    /** Per size the windows that can still change, oldest first. */
    private final List<List<WindowCount>> windows = new ArrayList<>(SIZES.length);

    /** Per size the newest closed window, as long as its Redis key lives. */
    final @Nullable WindowCount[] served = new WindowCount[SIZES.length];

    /** Per size when the Redis key of {@link #served} expires, epoch milliseconds. */
    final long[] servedUntil = new long[SIZES.length];

    /** Per size the live key. */
    final ScheduledKey[] live = new ScheduledKey[SIZES.length];

    /** Per size the key of {@link #served}; made when first asked for. */
    private final @Nullable ScheduledKey[] closed = new ScheduledKey[SIZES.length];

    /** Whether it changed since the latest checkpoint. */
    boolean changed;

    EntityWindows(String key) {
        this.key = key;
        for (WindowSize size : SIZES) {
            windows.add(new ArrayList<>(4));
            live[size.ordinal()] = new ScheduledKey(this, size, false);
        }
    }

    /** The windows of a size that can still change, oldest first. */
    List<WindowCount> windows(WindowSize size) {
        return windows.get(size.ordinal());
    }

    /** The window with that start, or null. */
    @Nullable WindowCount find(WindowSize size, long start) {
        List<WindowCount> all = windows(size);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).start == start) {
                return all.get(i);
            }
        }
        return null;
    }

    /** Adds an empty window. */
    WindowCount open(WindowSize size, long start) {
        List<WindowCount> all = windows(size);
        int at = all.size();
        while (at > 0 && all.get(at - 1).start > start) {
            at--;
        }
        WindowCount window = new WindowCount(start);
        all.add(at, window);
        return window;
    }

    /** The newest window of a size if it is open, else null. */
    @Nullable WindowCount newestOpen(WindowSize size) {
        List<WindowCount> all = windows(size);
        WindowCount newest = all.isEmpty() ? null : all.get(all.size() - 1);
        return newest == null || newest.isClosed() ? null : newest;
    }

    /** Forgets a window that can no longer change. */
    void purge(WindowSize size, long start) {
        windows(size).removeIf(window -> window.start == start);
    }

    /** Whether no later window of the size has ended. */
    boolean isNewestClosed(WindowSize size, WindowCount window) {
        for (WindowCount other : windows(size)) {
            if (other.start > window.start && other.isClosed()) {
                return false;
            }
        }
        return true;
    }

    /** Serves a closed window until a time, unless a newer one is served. */
    void serve(WindowSize size, WindowCount window, long until) {
        int i = size.ordinal();
        WindowCount current = served[i];
        if (current == null || current.start <= window.start) {
            served[i] = window;
            servedUntil[i] = until;
        }
    }

    /** The key of the newest closed window of a size. */
    ScheduledKey closedKey(WindowSize size) {
        ScheduledKey key = closed[size.ordinal()];
        if (key == null) {
            key = new ScheduledKey(this, size, true);
            closed[size.ordinal()] = key;
        }
        return key;
    }

    /** Forgets served windows whose keys have expired; returns whether one was forgotten. */
    boolean expireServed(long now) {
        boolean expired = false;
        for (int i = 0; i < served.length; i++) {
            if (served[i] != null && servedUntil[i] <= now) {
                served[i] = null;
                expired = true;
            }
        }
        return expired;
    }

    /** Whether nothing is left to change or to serve. */
    boolean isIdle() {
        for (WindowSize size : SIZES) {
            if (!windows(size).isEmpty() || served[size.ordinal()] != null) {
                return false;
            }
        }
        return true;
    }
}
