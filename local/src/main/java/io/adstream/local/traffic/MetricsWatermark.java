package io.adstream.local.traffic;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far the metrics job has come in event time: what is far behind it is LATE there. */
final class MetricsWatermark {

    private MetricsWatermark() {}

    /**
     * Asks PostgreSQL.
     *
     * @param postgresUrl null where there is none
     * @param console told why where it cannot be asked
     * @return in whole milliseconds; empty where nobody can tell
     */
    static Optional<Instant> read(@Nullable String postgresUrl, TrafficConsole console) {
        if (postgresUrl == null) {
            return Optional.empty();
        }
        try {
            return new PlatformDatabase(postgresUrl)
                    .metricsWatermark()
                    .map(time -> time.truncatedTo(ChronoUnit.MILLIS));
        } catch (SQLException e) {
            console.say("How far the metrics job has come is unknown: " + e.getMessage());
            return Optional.empty();
        }
    }
}
