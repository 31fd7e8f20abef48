package io.adstream.common.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RawHeader;
import io.adstream.common.kafka.Topics;
import java.util.Arrays;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes a rejected record to the dead-letter topic: value, key and headers as they came, and the
 * reason as headers {@code __flink.errors.*}. Headers of that name that an earlier rejection left
 * are replaced; {@code __flink.errors.attempt} counts on from theirs.
 *
 * <p>One kind of record cannot go through unchanged: one that fits into a batch of its source only
 * because the batch was compressed, and is larger than what the dead-letter topic takes. Its value
 * is cut, {@code __flink.errors.value-bytes} says how long it was, and its coordinates say where
 * the whole of it is. Without that, one such record would stop the job for good.
 */
public final class DeadLetterSerializer implements KafkaRecordSerializationSchema<InputEvent> {

    /** Beginning of the names of the headers that say why a record was rejected. */
    public static final String HEADER_PREFIX = "__flink.errors.";

    public static final String CODE = HEADER_PREFIX + "code";
    public static final String MESSAGE = HEADER_PREFIX + "message";
    public static final String TOPIC = HEADER_PREFIX + "topic";
    public static final String PARTITION = HEADER_PREFIX + "partition";
    public static final String OFFSET = HEADER_PREFIX + "offset";

    /** The record's Kafka timestamp, epoch milliseconds. */
    public static final String TIMESTAMP = HEADER_PREFIX + "timestamp";

    public static final String JOB = HEADER_PREFIX + "job";

    /** How often the record was rejected, from 1. */
    public static final String ATTEMPT = HEADER_PREFIX + "attempt";

    /** The value's full length in bytes; only where the value had to be cut. */
    public static final String VALUE_BYTES = HEADER_PREFIX + "value-bytes";

    private static final long serialVersionUID = 1L;
    private static final int MAX_MESSAGE_CHARS = 1000;

    /** What lz4 adds to bytes that it cannot compress: 15, and 4 per 64 KiB; with room to spare. */
    private static final int COMPRESSION_OVERHEAD = 256;

    /** Kafka's own: 61 bytes for a batch, 21 for its only record, 5 for the number of headers. */
    private static final int BATCH_OVERHEAD = 61 + 21 + 5 + COMPRESSION_OVERHEAD;

    private final String deadLetterTopic;
    private final int maxRequestBytes;
    private final byte[] sourceTopic;
    private final byte[] job;

    /**
     * For a topic of the usual limit.
     *
     * @param deadLetterTopic the full name of the topic to write to
     * @param sourceTopic the full name of the topic that the records came from
     * @param job the job's short name
     */
    public DeadLetterSerializer(String deadLetterTopic, String sourceTopic, String job) {
        this(deadLetterTopic, sourceTopic, job, Topics.DEAD_LETTER_MAX_MESSAGE_BYTES);
    }

    /**
     * @param deadLetterTopic the full name of the topic to write to
     * @param sourceTopic the full name of the topic that the records came from
     * @param job the job's short name
     * @param maxRequestBytes the largest request that the sink's producer sends
     */
    DeadLetterSerializer(
            String deadLetterTopic, String sourceTopic, String job, int maxRequestBytes) {
        this.deadLetterTopic = deadLetterTopic;
        this.maxRequestBytes = maxRequestBytes;
        this.sourceTopic = sourceTopic.getBytes(UTF_8);
        this.job = job.getBytes(UTF_8);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            InputEvent event, KafkaSinkContext context, @Nullable Long timestamp) {
        Headers headers = new RecordHeaders();
        int attempts = 0;
        if (event.headers != null) {
            for (RawHeader header : event.headers) {
                if (header.key().equals(ATTEMPT)) {
                    attempts = Math.max(attempts, attempts(header.value()));
                }
                if (!header.key().startsWith(HEADER_PREFIX)) {
                    headers.add(new RecordHeader(header.key(), header.value()));
                }
            }
        }
        add(headers, CODE, event.rejected == null ? "" : event.rejected.name());
        add(headers, MESSAGE, message(event));
        headers.add(new RecordHeader(TOPIC, sourceTopic));
        add(headers, PARTITION, String.valueOf(event.partition));
        add(headers, OFFSET, String.valueOf(event.offset));
        add(headers, TIMESTAMP, String.valueOf(event.kafkaTimestamp));
        headers.add(new RecordHeader(JOB, job));
        add(headers, ATTEMPT, String.valueOf(attempts + 1L));
        byte[] key = event.key;
        byte[] value = event.value;
        int excess = size(key, value, headers) - maxRequestBytes;
        if (excess > 0) {
            int length = value == null ? 0 : value.length;
            add(headers, VALUE_BYTES, String.valueOf(length));
            excess = size(key, value, headers) - maxRequestBytes;
            value = value == null ? null : Arrays.copyOf(value, Math.max(0, length - excess));
            if (excess > length) {
                // Not even key and headers fit: keep the reason and the coordinates.
                key = null;
                headers = reasonAlone(headers);
            }
        }
        // No partition and no timestamp: the key decides the one, the topic stamps the other.
        return new ProducerRecord<>(deadLetterTopic, null, null, key, value, headers);
    }

    /** No less than what the producer estimates for the record in a batch of its own. */
    private static int size(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        int size = BATCH_OVERHEAD + (key == null ? 0 : key.length);
        size += value == null ? 0 : value.length;
        for (Header header : headers) {
            // Two lengths of at most five bytes.
            size += 10 + header.key().getBytes(UTF_8).length;
            size += header.value() == null ? 0 : header.value().length;
        }
        return size;
    }

    private static Headers reasonAlone(Headers headers) {
        Headers reason = new RecordHeaders();
        for (Header header : headers) {
            if (header.key().startsWith(HEADER_PREFIX)) {
                reason.add(header);
            }
        }
        return reason;
    }

    private static String message(InputEvent event) {
        String message = event.rejectMessage == null ? "" : event.rejectMessage;
        return message.length() <= MAX_MESSAGE_CHARS
                ? message
                : message.substring(0, MAX_MESSAGE_CHARS);
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(new RecordHeader(name, value.getBytes(UTF_8)));
    }

    /** The attempts that a header counts; 0 where it holds anything but a number of them. */
    private static int attempts(byte @Nullable [] value) {
        if (value == null || value.length == 0 || value.length > 9) {
            return 0;
        }
        int attempts = 0;
        for (byte digit : value) {
            if (digit < '0' || digit > '9') {
                return 0;
            }
            attempts = attempts * 10 + digit - '0';
        }
        return attempts;
    }
}
