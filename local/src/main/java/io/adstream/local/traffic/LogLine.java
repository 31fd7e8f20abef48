package io.adstream.local.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a line of a user's log tells about itself, without judging it. */
final class LogLine {

    private static final Pattern TIME =
            Pattern.compile(
                    "(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2})(:\\d{2})?(\\.\\d{1,9})?"
                            + "(Z|[+-]\\d{2}:\\d{2})?");
    private static final DateTimeFormatter TO_MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm");
    private static final DateTimeFormatter TO_SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private final byte[] bytes;
    private boolean json;
    private boolean timeTwice;
    private int timeStart = -1;
    private int timeEnd = -1;
    private @Nullable String timeText;
    private long time;
    private boolean timed;
    private @Nullable String deviceId;
    private @Nullable String userId;
    private @Nullable String adId;
    private @Nullable String eventType;

    private LogLine(byte[] bytes) {
        this.bytes = bytes;
    }

    static LogLine read(byte[] bytes) {
        LogLine line = new LogLine(bytes);
        try {
            line.scan();
            line.json = true;
        } catch (JsonProcessingException | RuntimeException e) {
            line.json = false;
        } catch (IOException e) {
            throw new UncheckedIOException("Memory cannot be read", e);
        }
        if (!line.json || line.timeTwice) {
            line.timeStart = -1;
        }
        if (line.timeStart >= 0) {
            line.readTime();
        }
        return line;
    }

    private void scan() throws IOException {
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("UTF-16 or binary");
            }
        }
        try (JsonParser parser = JSON.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not an object");
            }
            for (JsonToken token = parser.nextToken();
                    token != JsonToken.END_OBJECT;
                    token = parser.nextToken()) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "event_time" -> {
                        timeTwice |= timeStart >= 0;
                        timeStart = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
                        timeText = value.isScalarValue() ? parser.getText() : null;
                        timeEnd = endOfValue(timeStart);
                    }
                    case "event_type" -> eventType = text(parser, value);
                    case "device_id" -> deviceId = text(parser, value);
                    case "user_id" -> userId = text(parser, value);
                    case "ad_id" -> adId = text(parser, value);
                    default -> {}
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("trailing bytes");
            }
        }
    }

    private static @Nullable String text(JsonParser parser, JsonToken value) throws IOException {
        return value == JsonToken.VALUE_STRING && !parser.getText().isBlank()
                ? parser.getText()
                : null;
    }

    private int endOfValue(int start) {
        int end = start;
        if (bytes[start] == '"') {
            end++;
            while (bytes[end] != '"') {
                end += bytes[end] == '\\' ? 2 : 1;
            }
            return end + 1;
        }
        while (end < bytes.length && (bytes[end] == '-' || Character.isDigit(bytes[end]))) {
            end++;
        }
        return end;
    }

    private void readTime() {
        String text = timeText;
        if (text == null) {
            return;
        }
        try {
            if (bytes[timeStart] != '"') {
                time = Long.parseLong(text);
                timed = true;
                return;
            }
            Matcher matcher = TIME.matcher(text);
            if (matcher.matches()) {
                String zone = matcher.group(4);
                time =
                        local(matcher)
                                .toInstant(zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone))
                                .toEpochMilli();
                if (matcher.group(3) != null) {
                    String digits = (matcher.group(3) + "000").substring(1, 4);
                    time += Long.parseLong(digits);
                }
                timed = true;
            }
        } catch (DateTimeException | NumberFormatException e) {
            timed = false;
        }
    }

    private static LocalDateTime local(Matcher matcher) {
        String seconds = matcher.group(2);
        return LocalDateTime.parse(matcher.group(1) + (seconds == null ? ":00" : seconds));
    }

    /** The record as it is in the log. */
    byte[] bytes() {
        return bytes;
    }

    /** Whether it is one JSON object. */
    boolean isJson() {
        return json;
    }

    /** Whether it has a time that can be read. */
    boolean hasTime() {
        return timed;
    }

    /** Its event time, epoch milliseconds; a time without zone is taken as UTC. */
    long time() {
        return time;
    }

    /** Its event type as text; null where it has none. */
    @Nullable String eventType() {
        return eventType;
    }

    /** Whose events belong together: the device's, else the user's, else the ad's; or null. */
    byte @Nullable [] key() {
        String id = deviceId != null ? deviceId : userId != null ? userId : adId;
        return id == null ? null : id.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The record with its event time moved, and every other byte as it was. The time keeps its
     * form: number or text, zone, and digits of the fraction (so that whole seconds lose nothing).
     *
     * @param seconds by how much
     */
    byte[] shifted(long seconds) {
        String text = timeText;
        if (!timed || text == null || seconds == 0) {
            return bytes;
        }
        String moved;
        if (bytes[timeStart] != '"') {
            moved = Long.toString(time + seconds * 1000);
        } else {
            Matcher matcher = TIME.matcher(text);
            if (!matcher.matches()) {
                return bytes;
            }
            LocalDateTime then = local(matcher).plusSeconds(seconds);
            boolean toMinute = matcher.group(2) == null && then.getSecond() == 0;
            moved =
                    '"'
                            + then.format(toMinute ? TO_MINUTE : TO_SECOND)
                            + (matcher.group(3) == null ? "" : matcher.group(3))
                            + (matcher.group(4) == null ? "" : matcher.group(4))
                            + '"';
        }
        byte[] value = moved.getBytes(StandardCharsets.US_ASCII);
        byte[] result = new byte[bytes.length - (timeEnd - timeStart) + value.length];
        System.arraycopy(bytes, 0, result, 0, timeStart);
        System.arraycopy(value, 0, result, timeStart, value.length);
        System.arraycopy(bytes, timeEnd, result, timeStart + value.length, bytes.length - timeEnd);
        return result;
    }
}
