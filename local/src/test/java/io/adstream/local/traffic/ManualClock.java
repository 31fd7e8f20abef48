package io.adstream.local.traffic;

import java.time.Duration;

/** A clock on which only waiting takes time. */
final class ManualClock implements WallClock {

    private long now;

    ManualClock(long now) {
        this.now = now;
    }

    @Override
    public long millis() {
        return now;
    }

    @Override
    public void pause(Duration time) {
        now += time.toMillis();
    }
}
