package io.adstream.dashboard.live;

import io.adstream.dashboard.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of several things that a view is made of, which remembers what it read last: while one
 * service is away the view shows what the others have. It may be shared between views.
 */
public final class Source<T> {

    private final Supplier<T> reader;
    private final long everyNanos;
    private @Nullable T last;
    private long readAt;
    private @Nullable StoreException failure;
    private long failedAt;
    private @Nullable Instant failingSince;

    /**
     * @param every how old what was read last may be
     */
    public Source(Duration every, Supplier<T> reader) {
        this.everyNanos = every.toNanos();
        this.reader = reader;
    }

    /** Read anew each time. */
    public Source(Supplier<T> reader) {
        this(Duration.ZERO, reader);
    }

    /**
     * What it has.
     *
     * @param troubles takes why that is not the newest
     * @param otherwise what there is where nothing was ever read
     */
    public T read(List<Trouble> troubles, T otherwise) {
        long asked = System.nanoTime();
        synchronized (this) {
            try {
                return read(asked);
            } catch (StoreException e) {
                Instant since = e.since() == null ? failingSince : e.since();
                troubles.add(new Trouble(String.valueOf(e.getMessage()), since));
                T remembered = last;
                return remembered == null ? otherwise : remembered;
            }
        }
    }

    /**
     * What it has; what was read last is not given where its service is away.
     *
     * @throws StoreException where the service does not give it
     */
    public T read() {
        long asked = System.nanoTime();
        synchronized (this) {
            return read(asked);
        }
    }

    private T read(long asked) {
        T remembered = last;
        StoreException failed = failure;
        long now = System.nanoTime();
        if (remembered != null && failed == null && now - readAt < everyNanos) {
            return remembered;
        }
        if (failed != null && failedAt - asked > 0) {
            // Who waited for a slow store while it failed does not wait for it once more.
            throw failed;
        }
        try {
            T read = reader.get();
            last = read;
            readAt = now;
            failure = null;
            failingSince = null;
            return read;
        } catch (StoreException e) {
            if (failure == null) {
                failingSince = Instant.now();
            }
            failure = e;
            failedAt = System.nanoTime();
            throw e;
        }
    }
}
