package io.adstream.common.store;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;

/**
 * One store as one writer sees it: available, or away since a moment. Waits between attempts, 50 ms
 * at first and up to 2 s later, and says in the log when an outage begins, that it goes on, and
 * when it is over. Used by the writer's thread; {@link #lastsMs} by any.
 */
public final class StoreOutage {

    static final Duration FIRST_WAIT = Duration.ofMillis(50);
    static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration REMINDER = Duration.ofSeconds(30);

    private final String store;
    private final Logger log;
    private final Counter retries;

    private volatile long beganNanos; // valid while attempts > 0
    private volatile int attempts;
    private long remindAtNanos;

    /**
     * @param store what the log calls it, with its address
     * @param log the log of the writer
     * @param retries counts the attempts that failed
     */
    public StoreOutage(String store, Logger log, Counter retries) {
        this.store = store;
        this.log = log;
        this.retries = retries;
    }

    /**
     * Waits after an attempt that failed.
     *
     * @param problem what happened
     * @param advice what an operator can do about it
     * @throws InterruptedException if the task is being cancelled
     */
    public void await(String problem, String advice) throws InterruptedException {
        stopIfCancelled();
        retries.inc();
        long now = System.nanoTime();
        if (attempts == 0) {
            beganNanos = now;
            remindAtNanos = now + REMINDER.toNanos();
            log.warn(
                    "{} does not take writes: {}. Waiting for it; nothing is lost. {}",
                    store,
                    problem,
                    advice);
        } else if (now - remindAtNanos >= 0) {
            remindAtNanos = now + REMINDER.toNanos();
            log.warn(
                    "{} has not taken writes for {} s ({} attempts): {}. Still waiting. {}",
                    store,
                    lastsMs() / 1000,
                    attempts,
                    problem,
                    advice);
        }
        int failed = attempts;
        attempts = failed + 1;
        pause(waitAfter(failed));
    }

    /** Notes that an attempt succeeded. */
    public void over() {
        if (attempts > 0) {
            log.info(
                    "{} takes writes again after {} ms and {} attempts that failed",
                    store,
                    lastsMs(),
                    attempts);
            attempts = 0;
        }
    }

    /** For how long the store has been away, in ms; 0 while it is there. */
    public long lastsMs() {
        return attempts == 0 ? 0 : Math.max(1, (System.nanoTime() - beganNanos) / 1_000_000);
    }

    /** The wait after so many failed attempts before this one, without its random part. */
    static Duration waitAfter(int failedBefore) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failedBefore, 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static void pause(Duration wait) throws InterruptedException {
        // A random quarter keeps the writers of a job from coming back all at once.
        long nanos = wait.toNanos();
        long until = System.nanoTime() + nanos - ThreadLocalRandom.current().nextLong(nanos / 4);
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            stopIfCancelled();
        }
    }

    private static void stopIfCancelled() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("cancelled while waiting for a store");
        }
    }
}
