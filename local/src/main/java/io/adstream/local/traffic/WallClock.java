package io.adstream.local.traffic;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The time of day and waiting for it; tests put their own in its place. */
interface WallClock {

    WallClock SYSTEM =
            new WallClock() {
                @Override
                public long millis() {
                    return System.currentTimeMillis();
                }

                @Override
                public void pause(Duration time) {
                    LockSupport.parkNanos(this, time.toNanos());
                }
            };

    /** Epoch milliseconds. */
    long millis();

    /** Waits about that long; may return earlier. */
    void pause(Duration time);
}
