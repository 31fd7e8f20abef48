package io.adstream.bench.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One ad event from bytes to fields. The product's parser judges every rule of the contract and
 * hashes the payload as well; the others only read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ParserBenchmark {

    private final byte[][] values = SampleEvents.values();
    private final long now = System.currentTimeMillis();
    private final EventParser parser = new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC);
    private final InputEvent event = EventContract.AD_EVENTS.newEvent();
    private final JsonFactory factory = new JsonFactory();
    private final ObjectReader reader = new ObjectMapper().readerFor(EventPojo.class);
    private int at;

    private byte[] next() {
        at = (at + 1) % SampleEvents.COUNT;
        return values[at];
    }

    /** The product's parser. */
    @Benchmark
    public InputEvent adstream() {
        parser.parse(next(), now, event);
        return event;
    }

    /** Jackson's streaming parser, all fields, time by {@link Instant#parse}. */
    @Benchmark
    public void jacksonStreaming(Blackhole into) throws IOException {
        try (JsonParser json = factory.createParser(next())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken token = json.nextToken();
                if (field.equals("event_time")) {
                    into.consume(Instant.parse(json.getText()).toEpochMilli());
                } else if (token == JsonToken.VALUE_STRING) {
                    into.consume(json.getText());
                } else if (token.isNumeric()) {
                    into.consume(json.getDecimalValue());
                }
            }
        }
    }

    /** Jackson's data binding to an object, time by {@link Instant#parse}. */
    @Benchmark
    public void jacksonDatabind(Blackhole into) throws IOException {
        EventPojo pojo = reader.readValue(next());
        into.consume(pojo);
        into.consume(Instant.parse(pojo.eventTime).toEpochMilli());
    }
}
