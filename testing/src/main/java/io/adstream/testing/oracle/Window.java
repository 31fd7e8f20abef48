package io.adstream.testing.oracle;

import java.time.Duration;
import java.time.Instant;

/** The tumbling windows of the metrics job, aligned to the epoch. */
public enum Window {
    ONE_MINUTE("1m", "metrics_1min", Duration.ofMinutes(1)),
    FIVE_MINUTES("5m", "metrics_5min", Duration.ofMinutes(5)),
    ONE_HOUR("1h", "metrics_1hour", Duration.ofHours(1));

    private final String label;
    private final String table;
    private final Duration length;

    Window(String label, String table, Duration length) {
        this.label = label;
        this.table = table;
        this.length = length;
    }

    /** The name in keys and records. */
    public String label() {
        return label;
    }

    /** The table in schema {@code realtime}. */
    public String table() {
        return table;
    }

    /** How long the window is. */
    public Duration length() {
        return length;
    }

    /** The beginning of the window that holds the instant. */
    public Instant startOf(Instant instant) {
        long millis = instant.toEpochMilli();
        return Instant.ofEpochMilli(millis - Math.floorMod(millis, length.toMillis()));
    }

    static Window ofLabel(String label) {
        for (Window window : values()) {
            if (window.label.equals(label)) {
                return window;
            }
        }
        throw new IllegalArgumentException("no window " + label);
    }
}
