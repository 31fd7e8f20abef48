package io.adstream.common.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertRecordTest {

    private static final long AT = 1_795_168_800_123L;

    private final JsonSchema schema = schema();

    @Test
    void recordsFollowTheSchema() {
        for (Alert.Status status : Alert.Status.values()) {
            for (Alert alert : List.of(full(status), bare(status))) {
                String record = AlertRecord.value(alert);
                assertThat(schema.validate(record, InputFormat.JSON)).as(record).isEmpty();
            }
        }
    }

    @Test
    void numbersArePlainAndTextIsEscaped() {
        assertThat(AlertRecord.value(full(Alert.Status.OPEN)))
                .contains("\"observed\":12.345679,\"usual\":0,\"threshold\":0.0001,")
                .contains("\"message\":\"ten \\\"times\\\"\\n\"")
                .contains("\"sample_event_ids\":[\"e-1\",\"e\\\\2\"]")
                .contains("\"window_start\":\"2026-11-20T10:00:00.123Z\"");
        assertThat(
                        AlertRecord.value(
                                full(Alert.Status.OPEN).step(Alert.Status.UPDATE, 1e15, "m", AT)))
                .contains("\"status\":\"UPDATE\"")
                .contains("\"observed\":1000000000000000,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"status\":\"OPEN\" -> \"status\":\"CLOSED\"",
                "\"rule_version\":2 -> \"rule_version\":0",
                "\"usual\":0, -> ",
                "\"schema_version\":1 -> \"schema_version\":1,\"extra\":1",
            })
    void theSchemaNoticesWhatIsWrong(String change) {
        String record = AlertRecord.value(full(Alert.Status.OPEN));
        int arrow = change.indexOf(" -> ");
        String changed = record.replace(change.substring(0, arrow), change.substring(arrow + 4));

        assertThat(changed).isNotEqualTo(record);
        assertThat(schema.validate(changed, InputFormat.JSON)).as(changed).isNotEmpty();
    }

    @Test
    void idsAreTheSameForTheSameBreachAlone() {
        String id = AlertIds.of("rule", Alert.EntityType.AD, "a", "b");

        assertThat(id).isEqualTo(AlertIds.of("rule", Alert.EntityType.AD, "a", "b"));
        assertThat(id)
                .isNotEqualTo(AlertIds.of("rule", Alert.EntityType.AD, "ab", ""))
                .isNotEqualTo(AlertIds.of("rule", Alert.EntityType.IP, "a", "b"));
    }

    @Test
    void flinkSerializesItWithoutKryo() {
        assertThat(TypeInformation.of(Alert.class)).isNotInstanceOf(GenericTypeInfo.class);
    }

    private static Alert full(Alert.Status status) {
        return new Alert(
                AlertIds.of("ctr-spike", Alert.EntityType.AD, "ad-1", "2026"),
                "ctr-spike",
                2,
                Alert.Severity.CRITICAL,
                status,
                Alert.EntityType.AD,
                "ad-1",
                AT,
                12.3456789,
                -0.0,
                1e-4,
                "ten \"times\"\n",
                List.of("e-1", "e\\2"),
                AT);
    }

    private static Alert bare(Alert.Status status) {
        return new Alert(
                AlertIds.of("r", Alert.EntityType.PLATFORM, Alert.PLATFORM, ""),
                "r",
                1,
                Alert.Severity.INFO,
                status,
                Alert.EntityType.PLATFORM,
                Alert.PLATFORM,
                null,
                null,
                null,
                null,
                "m",
                List.of(),
                AT);
    }

    private static JsonSchema schema() {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(
                            Files.readString(
                                    ProjectRoot.resolve("conf/schemas/out/alert.schema.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
