package io.adstream.local.process;

import java.time.Duration;

/**
 * How long to wait before something that failed is tried again: not at all the first time, then 1,
 * 2, 4 … seconds. A stretch without failure makes the next one a first again.
 */
public final class Backoff {

    private static final Duration FIRST = Duration.ofSeconds(1);

    private final Duration longest;
    private final Duration forgiven;
    private int failures;
    private long lastFailureMillis;

    /**
     * @param longest the longest wait
     * @param forgiven the stretch without failure that makes the next one a first again
     */
    public Backoff(Duration longest, Duration forgiven) {
        this.longest = longest;
        this.forgiven = forgiven;
    }

    /** Takes note of a failure at this time and gives the wait before the next try. */
    public Duration failedAt(long nowMillis) {
        if (nowMillis - lastFailureMillis > forgiven.toMillis() + wait(failures).toMillis()) {
            failures = 0;
        }
        lastFailureMillis = nowMillis;
        return wait(failures++);
    }

    /** Whether the failures follow each other so closely that trying again will hardly help. */
    public boolean isLooping() {
        return failures > 3;
    }

    private Duration wait(int before) {
        if (before == 0) {
            return Duration.ZERO;
        }
        Duration wait = FIRST.multipliedBy(1L << Math.min(before - 1, 20));
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
