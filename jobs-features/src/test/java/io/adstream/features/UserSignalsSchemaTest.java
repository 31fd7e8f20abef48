package io.adstream.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.adstream.features.profile.ProfileRecord;
import io.adstream.features.profile.ProfileRow;
import io.adstream.features.retarget.Signal;
import io.adstream.features.retarget.SignalNotice;
import io.adstream.features.retarget.SignalRecord;
import io.adstream.features.retarget.SignalType;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of {@code user-signals} against the schema that other systems are given. */
class UserSignalsSchemaTest {

    private static final long T = 1_795_168_800_123L;
    private static final long DAY = 86_400_000;

    private final JsonSchema schema = schema();

    @Test
    void everyRecordIsValid() {
        for (String record :
                List.of(
                        profile(),
                        signal(SignalType.CART_ABANDONED, null, false),
                        signal(SignalType.REPEATED_VIEW, "p \"1\"\n", false),
                        signal(SignalType.CART_ABANDONED, null, true))) {
            assertThat(schema.validate(record, InputFormat.JSON)).as(record).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"engagement_score\":18.367347 -> \"engagement_score\":101",
                "\"interest:shoes\":2.5 -> \"interest:shoes\":-1",
                "\"top_categories\":[\"shoes\"], -> ",
                "\"type\":\"PROFILE\" -> \"type\":\"SIGNAL\"",
                "\"user_id\":\"u\" -> \"user_id\":\"\"",
                "\"schema_version\":1 -> \"schema_version\":1,\"other\":1",
                ".123Z -> Z",
            })
    void theSchemaNoticesWhatIsWrong(String change) {
        int arrow = change.indexOf(" -> ");
        String changed = profile().replace(change.substring(0, arrow), change.substring(arrow + 4));

        assertThat(changed).isNotEqualTo(profile());
        assertThat(schema.validate(changed, InputFormat.JSON)).as(changed).isNotEmpty();
    }

    @Test
    void recordsSayAllOfIt() {
        assertThat(profile())
                .isEqualTo(
                        """
                        {"schema_version":1,"type":"PROFILE","user_id":"u","interest:shoes":2.5,\
                        "interest:unknown":2,"top_categories":["shoes"],\
                        "engagement_score":18.367347,"updated_at":"2026-11-20T10:00:00.123Z"}""");
        assertThat(signal(SignalType.REPEATED_VIEW, "p-1", false))
                .matches(
                        "\\{\"schema_version\":1,\"type\":\"SIGNAL\",\"user_id\":\"u\","
                                + "\"signal_id\":\"[0-9a-f]{32}\",\"signal\":\"REPEATED_VIEW\","
                                + "\"product_id\":\"p-1\","
                                + "\"expires_at\":\"2026-11-21T10:00:00.123Z\","
                                + "\"at\":\"2026-11-20T10:00:00.123Z\"}");
    }

    private static String profile() {
        return ProfileRecord.value(
                new ProfileRow(
                        "u",
                        List.of(
                                new ProfileRow.Interest("shoes", 2_500_000),
                                new ProfileRow.Interest("unknown", 2_000_000)),
                        List.of("shoes"),
                        18_367_347,
                        T,
                        0));
    }

    private static String signal(SignalType type, String product, boolean cancelled) {
        return SignalRecord.value(
                new SignalNotice(
                        new Signal("u", type, product, T - 1000, T, T + DAY), cancelled, T));
    }

    private static JsonSchema schema() {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(
                            Files.readString(
                                    ProjectRoot.resolve(
                                            "conf/schemas/out/user-signals.schema.json"),
                                    UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the schema cannot be read", e);
        }
    }
}
