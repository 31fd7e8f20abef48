package io.adstream.bench.proof;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what must come. */
final class Patience {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private Patience() {}

    /** Whether a condition held within a time. */
    static boolean await(BooleanSupplier condition, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Faults.pause(LOOK_AGAIN);
        }
        return true;
    }
}
