package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import java.time.Duration;

/** A size of window, with the table that has its rows. */
enum Window {
    MINUTE("1m", Duration.ofMinutes(1), "realtime.metrics_1min"),
    FIVE_MINUTES("5m", Duration.ofMinutes(5), "realtime.metrics_5min"),
    HOUR("1h", Duration.ofHours(1), "realtime.metrics_1hour");

    /** The parameter that names one. */
    static final Parameter PARAMETER = Parameter.choice("window", "1m", "5m", "1h");

    private final String text;
    private final Duration length;
    private final String table;

    Window(String text, Duration length, String table) {
        this.text = text;
        this.length = length;
        this.table = table;
    }

    static Window of(Query query) {
        for (Window window : values()) {
            if (window.text.equals(query.text(PARAMETER.name()))) {
                return window;
            }
        }
        throw new IllegalArgumentException(query.text(PARAMETER.name()));
    }

    /** As in keys and parameters. */
    String text() {
        return text;
    }

    Duration length() {
        return length;
    }

    String table() {
        return table;
    }
}
