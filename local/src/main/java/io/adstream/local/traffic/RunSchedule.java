package io.adstream.local.traffic;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When a simulated run begins, how its clock goes and when it ends. What is not asked for follows
 * from the rest.
 */
final class RunSchedule {

    private static final Instant FILE_START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration TWENTY_YEARS = Duration.ofDays(20 * 365);
    private static final Duration CATCH_UP = Duration.ofHours(1);

    private final double rate;
    private final long events;
    private final @Nullable Double speed;
    private final @Nullable String start;
    private final @Nullable Double dailyCurve;
    private final boolean intoFile;
    private final WallClock wall;

    /**
     * @param events 0 is no end
     * @param speed null takes the usual one, as with {@code start} and {@code dailyCurve}
     * @param intoFile whether the records are written to files, and so no clock is there to keep to
     */
    RunSchedule(
            double rate,
            long events,
            @Nullable Double speed,
            @Nullable String start,
            @Nullable Double dailyCurve,
            boolean intoFile,
            WallClock wall) {
        this.rate = rate;
        this.events = events;
        this.speed = speed;
        this.start = start;
        this.dailyCurve = dailyCurve;
        this.intoFile = intoFile;
        this.wall = wall;
    }

    /** Simulated time per wall time; {@link Pacer#MAX} is as fast as possible. */
    double pace() {
        return speed != null ? speed : intoFile ? Pacer.MAX : 1;
    }

    /** How far the rate swings over the day. */
    double dailyCurve() {
        boolean live = pace() == 1 && !intoFile;
        return dailyCurve != null ? dailyCurve : live ? 0 : 0.5;
    }

    /**
     * Where the simulated clock begins.
     *
     * @throws IllegalArgumentException where no run can begin then, with what to do about it
     */
    Instant start() {
        if (start != null) {
            return given(start);
        }
        if (intoFile) {
            return FILE_START;
        }
        Instant now = Instant.ofEpochMilli(wall.millis());
        if (pace() <= 1) {
            return now;
        }
        if (rate > 0 && events / rate > TWENTY_YEARS.toSeconds()) {
            throw new IllegalArgumentException(
                    "At --rate "
                            + rate
                            + " the run of --events "
                            + events
                            + " would begin more than 20 years ago; raise the rate.");
        }
        boolean possible = rate > 0 && dailyCurve() >= 0 && dailyCurve() <= 0.9;
        Duration length =
                events > 0 && possible
                        ? SimulationClock.lengthUntil(wall.millis(), events, rate, dailyCurve())
                        : CATCH_UP;
        return now.minusMillis((long) (length.toMillis() * (1 - 1 / pace())));
    }

    /** How many records the run has; 0 is no end. */
    long events() {
        return events;
    }

    /**
     * Holds the records back until they are due; a run that is not written to files never passes
     * the wall clock.
     *
     * @param begin the first record's time
     * @param stopped ends a wait
     */
    Pacer pacer(Instant begin, BooleanSupplier stopped) {
        return new Pacer(wall, begin.toEpochMilli(), pace(), !intoFile, stopped);
    }

    private Instant given(String text) {
        try {
            Instant time = Instant.parse(text);
            if (!intoFile && time.isAfter(Instant.now())) {
                throw new IllegalArgumentException(
                        "The value "
                                + text
                                + " is not allowed for --start: events of the future would be"
                                + " rejected; name a time that has passed.");
            }
            return time;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "The value '"
                            + text
                            + "' is not a time for --start; write it like"
                            + " 2026-11-20T10:00:00Z.",
                    e);
        }
    }
}
