package io.adstream.metrics.window;

import java.time.Duration;

/** The tumbling windows of the metrics job. */
public enum WindowSize {
    ONE_MINUTE("1m", Duration.ofMinutes(1), "metrics_1min", Duration.ofMinutes(5)),
    FIVE_MINUTES("5m", Duration.ofMinutes(5), "metrics_5min", Duration.ofMinutes(15)),
    ONE_HOUR("1h", Duration.ofHours(1), "metrics_1hour", Duration.ofHours(2));

    private final String label;
    private final long millis;
    private final String table;
    private final long timeToLiveMillis;

    WindowSize(String label, Duration size, String table, Duration timeToLive) {
        this.label = label;
        this.millis = size.toMillis();
        this.table = table;
        this.timeToLiveMillis = timeToLive.toMillis();
    }

    /** The name in keys and records: 1m, 5m or 1h. */
    public String label() {
        return label;
    }

    /** The length in milliseconds. */
    public long millis() {
        return millis;
    }

    /** The table in schema {@code realtime} that holds the rows of this size. */
    public String table() {
        return table;
    }

    /** How long the Redis keys of this size live, in milliseconds. */
    public long timeToLiveMillis() {
        return timeToLiveMillis;
    }

    /** Start of the window that holds a time, epoch milliseconds. */
    public long startOf(long time) {
        return Math.floorDiv(time, millis) * millis;
    }
}
