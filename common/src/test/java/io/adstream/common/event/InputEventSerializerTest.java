package io.adstream.common.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.ParsedEvents;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputEventSerializerTest {

    private final TypeSerializer<InputEvent> serializer = ParsedEvents.TYPE.createSerializer(null);

    /** Kafka bounds the name of a header by the size of a record alone. */
    @ParameterizedTest
    @ValueSource(strings = {"", "trace", "ünï:코드 😀", "zero \u0000", "x"})
    void headersOfAnyNameTravel(String name) throws IOException {
        String key = name.equals("x") ? "x".repeat(70_000) : name;
        InputEvent event = rejected("event_id is missing");
        event.headers =
                new RawHeader[] {
                    new RawHeader(key, new byte[] {1, 2}), new RawHeader("absent", null)
                };

        RawHeader[] headers = carried(event).headers;

        assertThat(headers).hasSize(2);
        assertThat(headers[0].key()).isEqualTo(key);
        assertThat(headers[0].value()).containsExactly(1, 2);
        assertThat(headers[1].key()).isEqualTo("absent");
        assertThat(headers[1].value()).isNull();
    }

    @Test
    void aReasonOfAnyLengthTravels() throws IOException {
        String message = "코드 ".repeat(30_000);

        InputEvent carried = carried(rejected(message));

        assertThat(carried.rejectMessage).isEqualTo(message);
        assertThat(carried.rejected).isEqualTo(RejectCode.MISSING_FIELD);
        assertThat(carried.value).asString(UTF_8).isEqualTo("{}");
    }

    @Test
    void theTopicTravels() throws IOException {
        InputEvent event = rejected("");
        event.topic = 1;

        assertThat(carried(event).topic).isEqualTo(1);
        assertThat(serializer.copy(event).topic).isEqualTo(1);
        event.topic = 0;
        assertThat(carried(event).topic).isZero();
    }

    private static InputEvent rejected(String message) {
        InputEvent event = EventContract.AD_EVENTS.newEvent();
        event.value = "{}".getBytes(UTF_8);
        event.rejected = RejectCode.MISSING_FIELD;
        event.rejectMessage = message;
        return event;
    }

    /** As Flink does it: copied as bytes on the way, then read. */
    private InputEvent carried(InputEvent event) throws IOException {
        DataOutputSerializer written = new DataOutputSerializer(16);
        serializer.serialize(event, written);
        DataOutputSerializer copied = new DataOutputSerializer(16);
        serializer.copy(new DataInputDeserializer(written.getCopyOfBuffer()), copied);
        DataInputDeserializer in = new DataInputDeserializer(copied.getCopyOfBuffer());
        InputEvent carried = serializer.deserialize(serializer.createInstance(), in);
        assertThat(in.available()).isZero();
        return carried;
    }
}
