package io.adstream.bench;

import io.adstream.features.hour.UserFeatures;
import io.adstream.features.session.SessionRow;
import java.io.Serializable;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;

/**
 * Adds up rows in metrics, and throws them away.
 *
 * @param name of the metrics
 * @param reading one number for all that is in a row; 0 leaves it out
 */
record FeatureCounter<T>(String name, Reading<T> reading) implements Sink<T> {

    private static final String HOURS = "hours";
    private static final String SESSIONS = "sessions";
    private static final String ROWS = "RowsSeen";
    private static final String SUM = "RowsSum";

    /** Reads a row. */
    @FunctionalInterface
    interface Reading<T> extends Serializable {
        long read(T row);
    }

    /** Hours in which anything happened. */
    static FeatureCounter<UserFeatures> ofHours() {
        return new FeatureCounter<>(
                HOURS,
                row ->
                        row.isEmpty()
                                ? 0
                                : FeatureSums.hour(
                                        row.userId(),
                                        row.windowEnd(),
                                        row.views(),
                                        row.carts(),
                                        row.purchases(),
                                        row.averagePrice()));
    }

    /** Sessions that closed; none is merged with another after that, since nothing is late. */
    static FeatureCounter<SessionRow> ofSessions() {
        return new FeatureCounter<>(
                SESSIONS,
                row -> FeatureSums.session(row.userId(), row.start(), row.end(), row.events()));
    }

    /** What all subtasks of a round have added up. */
    static FeatureSums of(FlinkRound round) {
        return new FeatureSums(
                round.counter(HOURS + ROWS),
                round.counter(HOURS + SUM),
                round.counter(SESSIONS + ROWS),
                round.counter(SESSIONS + SUM));
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new Writer<>(
                reading,
                context.metricGroup().counter(name + ROWS),
                context.metricGroup().counter(name + SUM));
    }

    private record Writer<T>(Reading<T> reading, Counter rows, Counter sum)
            implements SinkWriter<T> {

        @Override
        public void write(T row, Context context) {
            long number = reading.read(row);
            if (number != 0) {
                rows.inc();
                sum.inc(number);
            }
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
