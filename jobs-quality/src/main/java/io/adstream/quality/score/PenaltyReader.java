package io.adstream.quality.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.common.time.EventTimes;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads penalties from records of topic {@code quality-score-updates}. */
public final class PenaltyReader {

    /** A penalty that is to last longer than this after its record is taken for a mistake. */
    private static final long LONGEST = Duration.ofDays(30).toMillis();

    /** Characters of an id, as in the contract of events. */
    private static final int LONGEST_ID = 128;

    /** More than any score has; sums of these are finite. */
    private static final double MOST_POINTS = 1e6;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What a record of the topic is. */
    public enum Kind {
        PENALTY,
        /** Another record of the topic, such as a score. */
        OTHER,
        /** No record of the topic. */
        BROKEN
    }

    private PenaltyReader() {}

    /**
     * Reads a record's value.
     *
     * @param kafkaTimestamp when the record was appended, epoch milliseconds
     * @param out takes the penalty, where it is one
     */
    public static Kind read(byte @Nullable [] value, long kafkaTimestamp, Consumer<Penalty> out) {
        if (value == null) {
            return Kind.BROKEN;
        }
        try {
            JsonNode json = MAPPER.readTree(value);
            if (!json.path("type").isTextual()) {
                return Kind.BROKEN;
            }
            if (!json.path("type").textValue().equals("PENALTY")) {
                return Kind.OTHER;
            }
            JsonNode ad = json.path("ad_id");
            JsonNode points = json.path("points");
            JsonNode alert = json.path("alert_id");
            JsonNode expiry = json.path("expires_at");
            if (!isId(ad) || !isId(alert) || !arePoints(points) || !expiry.isTextual()) {
                return Kind.BROKEN;
            }
            long expiresAt = EventTimes.parse(expiry.textValue(), ZoneOffset.UTC);
            if (expiresAt > kafkaTimestamp + LONGEST) {
                return Kind.BROKEN;
            }
            out.accept(
                    new Penalty(
                            ad.textValue(), points.doubleValue(), alert.textValue(), expiresAt));
            return Kind.PENALTY;
        } catch (IOException | DateTimeException e) {
            return Kind.BROKEN;
        }
    }

    private static boolean isId(JsonNode text) {
        return text.isTextual()
                && !text.textValue().isEmpty()
                && text.textValue().length() <= LONGEST_ID;
    }

    private static boolean arePoints(JsonNode number) {
        return number.isNumber() && number.doubleValue() > 0 && number.doubleValue() <= MOST_POINTS;
    }
}
