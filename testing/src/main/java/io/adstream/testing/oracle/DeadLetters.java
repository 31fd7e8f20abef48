package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What a dead-letter topic holds. */
final class DeadLetters {

    private DeadLetters() {}

    /**
     * Compares records byte for byte, and their headers.
     *
     * @param sourceTopic where they came from
     * @param letters what must be there, once
     * @param records what is there
     */
    static void compare(
            Comparison comparison,
            String sourceTopic,
            List<DeadLetter> letters,
            List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, DeadLetter> expected = new HashMap<>();
        for (DeadLetter letter : letters) {
            expected.put(letter.record().partition() + ":" + letter.record().offset(), letter);
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Map<String, String> headers = new HashMap<>();
            List<Header> own = new ArrayList<>();
            for (Header header : record.headers()) {
                if (header.key().startsWith("__flink.errors.")) {
                    headers.put(
                            header.key().substring("__flink.errors.".length()),
                            new String(header.value(), UTF_8));
                } else {
                    own.add(header);
                }
            }
            String where = headers.get("partition") + ":" + headers.get("offset");
            DeadLetter letter = expected.remove(where);
            comparison.compared();
            if (letter == null) {
                comparison.differs(where + ": not expected, or twice: " + headers);
                continue;
            }
            InputRecord source = letter.record();
            comparison.check(where, "code", letter.code().name(), headers.get("code"));
            comparison.check(where, "topic", sourceTopic, headers.get("topic"));
            comparison.check(
                    where,
                    "timestamp",
                    Long.toString(source.timestamp()),
                    headers.get("timestamp"));
            comparison.check(where, "attempt", "1", headers.get("attempt"));
            for (String text : List.of("message", "job")) {
                if (headers.getOrDefault(text, "").isEmpty()) {
                    comparison.differs(where + ": no header " + text);
                }
            }
            if (!Arrays.equals(source.value(), record.value())) {
                comparison.differs(where + ": the value was changed");
            }
            if (!Arrays.equals(source.key(), record.key())) {
                comparison.differs(where + ": the key was changed");
            }
            comparison.check(where, "headers", text(source.headers()), text(own));
        }
        expected.values().forEach(letter -> comparison.differs("missing: " + describe(letter)));
    }

    private static List<String> text(List<Header> headers) {
        List<String> text = new ArrayList<>();
        for (Header header : headers) {
            text.add(header.key() + "=" + Arrays.toString(header.value()));
        }
        return text;
    }

    private static String describe(DeadLetter letter) {
        byte[] value = letter.record().value();
        String text =
                value == null ? "null" : new String(value, 0, Math.min(value.length, 200), UTF_8);
        return letter.record().partition()
                + ":"
                + letter.record().offset()
                + " "
                + letter.code()
                + " "
                + text;
    }
}
