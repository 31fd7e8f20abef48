package io.adstream.quality.publish;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.adstream.common.time.EventTimes;
import io.adstream.quality.hour.AdHour;
import io.adstream.quality.score.Refresh;
import io.adstream.quality.score.Score;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * The SCORE record of topic {@code quality-score-updates}: {@code
 * conf/schemas/out/score.schema.json}.
 */
public final class ScoreRecord {

    private static final int SCHEMA_VERSION = 1;

    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

    private ScoreRecord() {}

    /** The record's key. */
    public static String key(Score score) {
        return score.adId();
    }

    /** The record as JSON. */
    public static String value(Score score) {
        StringWriter text = new StringWriter(640);
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(score, json);
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes all that is written", e);
        }
        return text.toString();
    }

    private static void write(Score score, JsonGenerator json) throws IOException {
        Refresh refresh = score.refresh();
        json.writeStartObject();
        json.writeNumberField("schema_version", SCHEMA_VERSION);
        json.writeStringField("type", "SCORE");
        json.writeStringField("ad_id", score.adId());
        number(json, "score", score.score());
        number(json, "base_score", refresh.base());
        number(json, "previous", refresh.previous());
        number(json, "raw", refresh.raw());
        writeComponents(score, refresh, json);
        json.writeStringField("category", refresh.category());
        json.writeNumberField("category_rank", score.rank());
        json.writeNumberField("category_size", score.size());
        json.writeNumberField("revision", score.revision());
        json.writeStringField("at", EventTimes.format(refresh.at()));
        json.writeEndObject();
    }

    private static void writeComponents(Score score, Refresh refresh, JsonGenerator json)
            throws IOException {
        AdHour hour = refresh.hour().hour();
        json.writeObjectFieldStart("components");
        json.writeNumberField("impressions", hour.impressions());
        json.writeNumberField("clicks", hour.clicks());
        json.writeNumberField("conversions", hour.conversions());
        number(json, "ctr", refresh.ctr());
        number(json, "cvr", refresh.cvr());
        number(json, "category_ctr", refresh.categoryCtr());
        number(json, "category_cvr", refresh.categoryCvr());
        number(json, "ctr_points", refresh.ctrTerm());
        number(json, "cvr_points", refresh.cvrTerm());
        number(json, "penalty_points", score.penalty());
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        json.writeNumberField(name, PlainNumber.of(value));
    }
}
