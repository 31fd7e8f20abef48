package io.adstream.common.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RawHeader;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes a rejected record to the dead-letter topic: value, key and headers as they came, and the
 * reason as headers {@code __flink.errors.*}. Headers of that name that an earlier rejection left
 * are replaced; {@code __flink.errors.attempt} counts on from theirs.
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

    private static final long serialVersionUID = 1L;

    private final String deadLetterTopic;
    private final byte[] sourceTopic;
    private final byte[] job;

    /**
     * @param deadLetterTopic the full name of the topic to write to
     * @param sourceTopic the full name of the topic that the records came from
     * @param job the job's short name
     */
    public DeadLetterSerializer(String deadLetterTopic, String sourceTopic, String job) {
        this.deadLetterTopic = deadLetterTopic;
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
        add(headers, MESSAGE, event.rejectMessage == null ? "" : event.rejectMessage);
        headers.add(new RecordHeader(TOPIC, sourceTopic));
        add(headers, PARTITION, String.valueOf(event.partition));
        add(headers, OFFSET, String.valueOf(event.offset));
        add(headers, TIMESTAMP, String.valueOf(event.kafkaTimestamp));
        headers.add(new RecordHeader(JOB, job));
        add(headers, ATTEMPT, String.valueOf(attempts + 1L));
        // No partition and no timestamp: the key decides the one, the topic stamps the other.
        return new ProducerRecord<>(deadLetterTopic, null, null, event.key, event.value, headers);
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
