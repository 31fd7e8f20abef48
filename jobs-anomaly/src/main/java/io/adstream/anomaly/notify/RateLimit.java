package io.adstream.anomaly.notify;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** So many messages a minute, and as many at once after a quiet minute. Used by one thread. */
final class RateLimit {

    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int perMinute;
    private final LongSupplier nanos;
    private double tokens;
    private long filledAt;

    RateLimit(int perMinute, LongSupplier nanos) {
        this.perMinute = perMinute;
        this.nanos = nanos;
        this.tokens = perMinute;
        this.filledAt = nanos.getAsLong();
    }

    /** How many messages may be sent now. */
    int available() {
        long now = nanos.getAsLong();
        tokens = Math.min(perMinute, tokens + (double) (now - filledAt) * perMinute / MINUTE_NANOS);
        filledAt = now;
        return (int) tokens;
    }

    /** Takes one of those that are available. */
    void take() {
        tokens--;
    }

    /** How long it takes until one is available. */
    long nanosUntilNext() {
        return available() > 0 ? 0 : (long) Math.ceil((1 - tokens) * MINUTE_NANOS / perMinute);
    }

    /** Waits until one is available, and takes it. */
    void await() throws InterruptedException {
        for (long wait = nanosUntilNext(); wait > 0; wait = nanosUntilNext()) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
        take();
    }
}
