package io.adstream.bench.jmh;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventSerializer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One ad event written and read again, as between two tasks, without the network. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class CodecBenchmark {

    private final InputEvent[] events = SampleEvents.events();
    private final EventPojo[] pojos = new EventPojo[SampleEvents.COUNT];
    private final TypeSerializer<InputEvent> own =
            new InputEventSerializer(
                    EventContract.AD_EVENTS.stringFields(), EventContract.AD_EVENTS.numberFields());
    private final InputEvent reused = own.createInstance();
    private final TypeSerializer<EventPojo> pojo =
            TypeInformation.of(EventPojo.class).createSerializer(new SerializerConfigImpl());
    private final TypeSerializer<EventPojo> kryo =
            new GenericTypeInfo<>(EventPojo.class).createSerializer(new SerializerConfigImpl());
    private final DataOutputSerializer out = new DataOutputSerializer(4096);
    private final DataInputDeserializer in = new DataInputDeserializer();
    private int at;

    @Setup
    public void readPojos() throws IOException {
        ObjectMapper json = new ObjectMapper();
        byte[][] values = SampleEvents.values();
        for (int i = 0; i < pojos.length; i++) {
            pojos[i] = json.readValue(values[i], EventPojo.class);
        }
    }

    private int next() {
        at = (at + 1) % SampleEvents.COUNT;
        return at;
    }

    /** The product's serializer: the record's bytes and where its fields lie. */
    @Benchmark
    public InputEvent adstream() throws IOException {
        return pass(own, events[next()], reused);
    }

    /** Flink's POJO serializer. */
    @Benchmark
    public EventPojo flinkPojo() throws IOException {
        return pass(pojo, pojos[next()], new EventPojo());
    }

    /** Kryo, as Flink falls back to it. */
    @Benchmark
    public EventPojo flinkKryo() throws IOException {
        return pass(kryo, pojos[next()], new EventPojo());
    }

    private <T> T pass(TypeSerializer<T> serializer, T value, T reuse) throws IOException {
        out.clear();
        serializer.serialize(value, out);
        in.setBuffer(out.getSharedBuffer(), 0, out.length());
        return serializer.deserialize(reuse, in);
    }
}
