package io.adstream.common.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RawHeader;
import io.adstream.common.event.RejectCode;
import io.adstream.common.kafka.Topics;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterSerializerTest {

    private static final int LIMIT = 2000;

    private final DeadLetterSerializer serializer =
            new DeadLetterSerializer("p-ad-events.dlq", "p-ad-events", "metrics", LIMIT);

    @Test
    void addsTheReasonAndTheCoordinates() {
        ProducerRecord<byte[], byte[]> record = serialize(rejected("{}", "k"));

        assertThat(record.topic()).isEqualTo("p-ad-events.dlq");
        assertThat(record.partition()).isNull();
        assertThat(record.timestamp()).isNull();
        assertThat(record.key()).isEqualTo("k".getBytes(UTF_8));
        assertThat(record.value()).isEqualTo("{}".getBytes(UTF_8));
        assertThat(headers(record))
                .containsExactly(
                        "__flink.errors.code=MISSING_FIELD",
                        "__flink.errors.message=event_id is missing",
                        "__flink.errors.topic=p-ad-events",
                        "__flink.errors.partition=3",
                        "__flink.errors.offset=4611686018427387904",
                        "__flink.errors.timestamp=1700000000000",
                        "__flink.errors.job=metrics",
                        "__flink.errors.attempt=1");
    }

    @Test
    void keepsHeadersInOrderAndReplacesThoseOfAnEarlierRejection() {
        InputEvent event = rejected("{}", null);
        event.headers =
                new RawHeader[] {
                    header("trace", "a"),
                    header("__flink.errors.code", "TOO_LARGE"),
                    header("__flink.errors.attempt", "2"),
                    header("trace", "b"),
                    new RawHeader("empty", new byte[0]),
                    new RawHeader("", null),
                };

        ProducerRecord<byte[], byte[]> record = serialize(event);

        assertThat(record.key()).isNull();
        assertThat(headers(record))
                .startsWith("trace=a", "trace=b", "empty=", "=null")
                .containsOnlyOnce("__flink.errors.code=MISSING_FIELD")
                .doesNotContain("__flink.errors.code=TOO_LARGE")
                .endsWith("__flink.errors.attempt=3")
                .hasSize(12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1.5", "99999999999", " 1"})
    void anAttemptThatIsNoNumberCountsAsNone(String attempt) {
        InputEvent event = rejected("{}", "k");
        event.headers = new RawHeader[] {header("__flink.errors.attempt", attempt)};

        assertThat(headers(serialize(event))).endsWith("__flink.errors.attempt=1");
    }

    @Test
    void aTombstoneStaysOne() {
        InputEvent event = rejected("{}", "k");
        event.value = null;

        assertThat(serialize(event).value()).isNull();
    }

    @Test
    void whatTheTopicCannotTakeIsCutAndSaysHowLongItWas() {
        InputEvent event = rejected("x".repeat(100_000), "key");
        event.headers = new RawHeader[] {header("trace", "a")};

        ProducerRecord<byte[], byte[]> record = serialize(event);

        assertThat(record.value().length).isBetween(1000, LIMIT);
        assertThat(record.key()).isEqualTo("key".getBytes(UTF_8));
        assertThat(headers(record)).contains("trace=a", "__flink.errors.value-bytes=100000");
        assertThat(size(record)).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void evenAKeyOrHeadersBeyondTheLimitDoNotStopTheJob() {
        InputEvent event = rejected("x".repeat(100), "k".repeat(10_000));
        event.headers = new RawHeader[] {header("trace", "h".repeat(10_000))};

        ProducerRecord<byte[], byte[]> record = serialize(event);

        assertThat(record.key()).isNull();
        assertThat(headers(record))
                .contains("__flink.errors.offset=4611686018427387904")
                .allMatch(header -> header.startsWith("__flink.errors."));
        assertThat(size(record)).isLessThanOrEqualTo(LIMIT);
    }

    /** The producer cuts off at its estimate, the broker at what compression has made of it. */
    @Test
    void bytesThatDoNotCompressFitWithRoomToSpare() {
        byte[] noise = new byte[Topics.MAX_MESSAGE_BYTES * 2];
        new Random(20261120).nextBytes(noise);
        InputEvent event = rejected("", "");
        event.value = noise;

        ProducerRecord<byte[], byte[]> record =
                new DeadLetterSerializer("p-ad-events.dlq", "p-ad-events", "metrics")
                        .serialize(event, null, 1L);

        assertThat(compressed(record))
                .isBetween(
                        Topics.DEAD_LETTER_MAX_MESSAGE_BYTES - 1000,
                        Topics.DEAD_LETTER_MAX_MESSAGE_BYTES - 200);
    }

    @Test
    void theLargestRecordThatFitsIsLeftAlone() {
        for (int length = 1000; length < LIMIT; length++) {
            InputEvent event = rejected("x".repeat(length), "key");
            ProducerRecord<byte[], byte[]> record = serialize(event);
            assertThat(size(record)).isLessThanOrEqualTo(LIMIT);
            if (record.value().length < length) {
                assertThat(length).isGreaterThan(LIMIT - 850);
                return;
            }
        }
        throw new AssertionError("nothing was cut");
    }

    private static InputEvent rejected(String value, String key) {
        InputEvent event = EventContract.AD_EVENTS.newEvent();
        event.value = value.getBytes(UTF_8);
        event.key = key == null ? null : key.getBytes(UTF_8);
        event.partition = 3;
        event.offset = 1L << 62;
        event.kafkaTimestamp = 1_700_000_000_000L;
        event.rejected = RejectCode.MISSING_FIELD;
        event.rejectMessage = "event_id is missing";
        return event;
    }

    private ProducerRecord<byte[], byte[]> serialize(InputEvent event) {
        return serializer.serialize(event, null, 1L);
    }

    private static RawHeader header(String key, String value) {
        return new RawHeader(key, value.getBytes(UTF_8));
    }

    /** What Kafka's producer holds against max.request.size. */
    private static int size(ProducerRecord<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.LZ4,
                record.key(),
                record.value(),
                record.headers().toArray());
    }

    /** What the broker holds against max.message.bytes: the record in a batch of its own. */
    private static int compressed(ProducerRecord<byte[], byte[]> record) {
        return MemoryRecords.withRecords(
                        Compression.lz4().build(),
                        new SimpleRecord(
                                1L, record.key(), record.value(), record.headers().toArray()))
                .sizeInBytes();
    }

    private static List<String> headers(ProducerRecord<byte[], byte[]> record) {
        return Arrays.stream(record.headers().toArray())
                .map(DeadLetterSerializerTest::text)
                .toList();
    }

    private static String text(Header header) {
        return header.key()
                + "="
                + (header.value() == null ? "null" : new String(header.value(), UTF_8));
    }
}
