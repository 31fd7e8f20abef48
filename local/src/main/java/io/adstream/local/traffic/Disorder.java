package io.adstream.local.traffic;

import java.time.Duration;
import java.util.SplittableRandom;

/** How long events are on their way, so that they arrive out of order. */
final class Disorder {

    private final double share;
    private final Duration longest;
    private final SplittableRandom random;

    Disorder(SimulationOptions options, SplittableRandom random) {
        share = options.disordered();
        longest = options.maxDisorder();
        this.random = random;
    }

    /**
     * When a thing happened that is sent now: mostly now, but never before its cause.
     *
     * @param now epoch milliseconds
     * @param cause event time of the cause, or {@link FollowUp#NO_CAUSE}
     */
    long eventTime(long now, long cause) {
        if (longest.isZero() || random.nextDouble() >= share) {
            return now;
        }
        long time = now - 1 - random.nextLong(longest.toMillis());
        return Math.min(now, Math.max(time, cause == FollowUp.NO_CAUSE ? cause : cause + 1));
    }
}
