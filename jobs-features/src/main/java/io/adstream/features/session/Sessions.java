package io.adstream.features.session;

import io.adstream.features.hour.SlidingHour;
import io.adstream.features.state.Varints;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The sessions of one user with one topic: events with at most ten minutes between one and the
 * next.
 *
 * <p>Results are those of Flink's {@code EventTimeSessionWindows.withGap(10 min)} with an allowed
 * lateness: a session ends ten minutes after its last event, is written when the watermark passes
 * that end, and again with each event that joins it within the lateness after that.
 *
 * <p>A session is kept as long as Redis serves it.
 */
public final class Sessions {

    /** Events that are no further apart than this belong together. */
    public static final long GAP = 600_000;

    /** Takes a session that is to be written. */
    @FunctionalInterface
    public interface Output {

        /**
         * A session, as it is now.
         *
         * @param counts events by kind; not to be changed
         * @param removed whether the session is part of another one now
         */
        void session(long start, long last, int[] counts, boolean removed);
    }

    private final List<Session> sessions = new ArrayList<>(1);

    private static long lastInstant(Session session) {
        return session.last + GAP - 1;
    }

    /**
     * Adds an event.
     *
     * @param kind the event's index in its topic
     * @return false where it is too late to make or join a session
     */
    public boolean add(long time, int kind, long watermark, long lateness, Output out) {
        Session merged = null;
        for (Iterator<Session> all = sessions.iterator(); all.hasNext(); ) {
            Session session = all.next();
            boolean joins = time >= session.start - GAP && time <= session.last + GAP;
            if (!joins || lastInstant(session) + lateness <= watermark) {
                continue;
            }
            if (merged == null) {
                merged = session;
                long start = Math.min(time, session.start);
                if (session.written && start != session.start) {
                    remove(session, out);
                }
                session.start = start;
                session.last = Math.max(time, session.last);
            } else {
                merge(merged, session, out);
                all.remove();
            }
        }
        if (merged == null) {
            if (time + GAP - 1 + lateness <= watermark) {
                return false;
            }
            merged = new Session(time, time);
            sessions.add(merged);
        }
        merged.counts[kind]++;
        merged.closed = lastInstant(merged) <= watermark;
        if (merged.closed) {
            write(merged, out);
        }
        return true;
    }

    /** Merges the second into the first; a key under another start than the common one goes. */
    private static void merge(Session into, Session other, Output out) {
        boolean otherIsFirst = other.start < into.start;
        Session second = otherIsFirst ? into : other;
        if (second.written) {
            remove(second, out);
        }
        boolean written = otherIsFirst ? other.written : into.written;
        into.absorb(other);
        into.written = written;
    }

    private static void remove(Session session, Output out) {
        out.session(session.start, session.last, session.counts, true);
        session.written = false;
    }

    private static void write(Session session, Output out) {
        session.written = true;
        out.session(session.start, session.last, session.counts, false);
    }

    /**
     * Writes the sessions that a watermark has closed, and forgets those that nobody needs.
     *
     * @param retention how long after its end a session is kept, at least the lateness
     */
    public void advance(long watermark, long retention, Output out) {
        for (Iterator<Session> all = sessions.iterator(); all.hasNext(); ) {
            Session session = all.next();
            if (!session.closed && lastInstant(session) <= watermark) {
                session.closed = true;
                write(session, out);
            }
            if (session.closed && lastInstant(session) + retention <= watermark) {
                all.remove();
            }
        }
    }

    /**
     * Writes the sessions that Redis should hold once more.
     *
     * @param timeToLive how long after its end a session is served
     */
    public void serve(long watermark, long timeToLive, Output out) {
        for (Session session : sessions) {
            if (session.written && lastInstant(session) + timeToLive > watermark) {
                out.session(session.start, session.last, session.counts, false);
            }
        }
    }

    /** The watermark at which something is to be done; {@link Long#MAX_VALUE} for nothing. */
    public long due(long retention) {
        long due = Long.MAX_VALUE;
        for (Session session : sessions) {
            due =
                    Math.min(
                            due,
                            session.closed
                                    ? SlidingHour.endOfSlice(lastInstant(session) + retention)
                                    : lastInstant(session));
        }
        return due;
    }

    /** Whether nothing is left to remember. */
    public boolean isEmpty() {
        return sessions.isEmpty();
    }

    /** Writes the state; {@link #read} is its counterpart. */
    public void write(DataOutput out) throws IOException {
        Varints.write(sessions.size(), out);
        for (Session session : sessions) {
            out.writeByte((session.closed ? 1 : 0) | (session.written ? 2 : 0));
            Varints.write(session.start, out);
            Varints.write(session.last - session.start, out);
            for (int count : session.counts) {
                Varints.write(count, out);
            }
        }
    }

    /** Reads what {@link #write} has written. */
    public static Sessions read(DataInput in) throws IOException {
        Sessions sessions = new Sessions();
        for (long left = Varints.read(in); left > 0; left--) {
            int flags = in.readByte();
            long start = Varints.read(in);
            Session session = new Session(start, start + Varints.read(in));
            session.closed = (flags & 1) != 0;
            session.written = (flags & 2) != 0;
            for (int i = 0; i < session.counts.length; i++) {
                session.counts[i] = (int) Varints.read(in);
            }
            sessions.sessions.add(session);
        }
        return sessions;
    }
}
