package io.adstream.anomaly.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.common.time.EventTimes;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads records of topic {@code quality-score-updates}. */
public final class ScoreReader {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ScoreReader() {}

    /** What a record's value holds. */
    public static ScoreUpdate read(byte @Nullable [] value) {
        if (value == null) {
            return ScoreUpdate.BROKEN;
        }
        try {
            JsonNode json = MAPPER.readTree(value);
            if (!json.path("type").isTextual()) {
                return ScoreUpdate.BROKEN;
            }
            if (!json.path("type").textValue().equals("SCORE")) {
                return ScoreUpdate.OTHER;
            }
            JsonNode ad = json.path("ad_id");
            JsonNode score = json.path("base_score");
            if (!ad.isTextual() || !score.isNumber() || !json.path("at").isTextual()) {
                return ScoreUpdate.BROKEN;
            }
            return new ScoreUpdate(
                    ScoreUpdate.Kind.SCORE,
                    ad.textValue(),
                    score.doubleValue(),
                    EventTimes.parse(json.path("at").textValue(), ZoneOffset.UTC));
        } catch (IOException | DateTimeException e) {
            return ScoreUpdate.BROKEN;
        }
    }
}
