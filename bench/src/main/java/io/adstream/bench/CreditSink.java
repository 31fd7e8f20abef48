package io.adstream.bench;

import java.io.Serializable;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Adds up the credits in results, and throws these away. */
final class CreditSink<T> implements Sink<T> {

    private static final long serialVersionUID = 1L;

    private final Reading<T> reading;

    CreditSink(Reading<T> reading) {
        this.reading = reading;
    }

    /** Tells the counter what a result credits. */
    @FunctionalInterface
    interface Reading<T> extends Serializable {
        void read(T result, CreditCounter counter);
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new Writer<>(reading, new CreditCounter(context.metricGroup()));
    }

    private record Writer<T>(Reading<T> reading, CreditCounter counter) implements SinkWriter<T> {

        @Override
        public void write(T result, Context context) {
            reading.read(result, counter);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
