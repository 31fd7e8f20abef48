package io.adstream.local.process;

import io.adstream.local.CommandFailure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A wait between two looks at something that tells nobody when it is ready. */
public final class Pause {

    private Pause() {}

    /**
     * Waits.
     *
     * @throws CommandFailure when interrupted
     */
    public static void of(Duration length) {
        try {
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted", e);
        }
    }
}
