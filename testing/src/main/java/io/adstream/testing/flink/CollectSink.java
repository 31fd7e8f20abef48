package io.adstream.testing.flink;

import java.util.Queue;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.testutils.junit.SharedReference;

/** Puts copies of records into a queue of the test. */
final class CollectSink<T> implements Sink<T> {

    private static final long serialVersionUID = 1;

    private final SharedReference<Queue<T>> queue;
    private final TypeSerializer<T> serializer;

    CollectSink(SharedReference<Queue<T>> queue, TypeSerializer<T> serializer) {
        this.queue = queue;
        this.serializer = serializer;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        Queue<T> target = queue.get();
        TypeSerializer<T> copier = serializer.duplicate();
        return new SinkWriter<>() {
            @Override
            public void write(T record, Context context) {
                // Object reuse is on: the record will be overwritten.
                target.add(copier.copy(record));
            }

            @Override
            public void flush(boolean endOfInput) {}

            @Override
            public void close() {}
        };
    }
}
