package io.adstream.quality.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.adstream.quality.Scores;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of quality-score-updates against the schema that other systems are given. */
class ScoreSchemaTest {

    private static final String RECORD =
            ScoreRecord.value(Scores.score("ad \"1\"", 5, 6.123456789012346, 3).ranked(2, 40));

    private final JsonSchema schema = schema();

    @Test
    void aScoreExplainsItself() {
        assertThat(RECORD)
                .isEqualTo(
                        """
                        {"schema_version":1,"type":"SCORE","ad_id":"ad \\"1\\"",\
                        "score":6.123456789012346,"base_score":6.373456789012346,"previous":5.5,"raw":7.82,\
                        "components":{"impressions":1000,"clicks":20,"conversions":3,"ctr":0.0183,"cvr":0.125,\
                        "category_ctr":0.01,"category_cvr":0.1,"ctr_points":1.96,"cvr_points":0.36,\
                        "penalty_points":0.25},"category":"shoes","category_rank":2,"category_size":40,\
                        "revision":3,"at":"2026-11-20T12:05:00.000Z"}""");
        assertThat(schema.validate(RECORD, InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"raw\":7.82, -> ",
                "\"cvr\":0.125, -> ",
                "\"score\":6.1 -> \"score\":\"6\",\"x\":6.1",
                "\"category\":\"shoes\" -> \"category\":null",
                "\"category_rank\":2 -> \"category_rank\":0",
                "12:05:00.000Z -> 12:05:00Z",
            })
    void theSchemaNoticesWhatIsWrong(String change) {
        int arrow = change.indexOf(" -> ");
        String changed = RECORD.replace(change.substring(0, arrow), change.substring(arrow + 4));

        assertThat(changed).isNotEqualTo(RECORD);
        assertThat(schema.validate(changed, InputFormat.JSON)).as(changed).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5.0, 5", "1.0E-7, 0.0000001", "10, 10", "0, 0", "-0.0, 0", "1e9, 1000000000"})
    void numbersAreWrittenOut(double number, String text) {
        assertThat(PlainNumber.text(number)).isEqualTo(text);
    }

    private static JsonSchema schema() {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(
                            Files.readString(
                                    ProjectRoot.resolve("conf/schemas/out/score.schema.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
