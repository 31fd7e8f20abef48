package io.adstream.metrics.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.adstream.metrics.EntityType;
import io.adstream.metrics.window.WindowSize;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** METRICS records against the schema that other systems are given. */
class MetricsSchemaTest {

    private static final long HOUR = 1_795_168_800_000L;

    private final JsonSchema schema = schema();

    @ParameterizedTest
    @EnumSource(EntityType.class)
    void recordsOfEveryEntityAreValid(EntityType type) {
        for (WindowSize size : WindowSize.values()) {
            String record = MetricsRecord.value(row(type, size, "shoes"));
            assertThat(schema.validate(record, InputFormat.JSON)).as(record).isEmpty();
        }
    }

    @Test
    void anAdWithoutCategoryIsValid() {
        String record = MetricsRecord.value(row(EntityType.AD, WindowSize.ONE_MINUTE, null));

        assertThat(record).contains("\"category\":null");
        assertThat(schema.validate(record, InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"revision\":3 -> \"revision\":0",
                "\"clicks\":7 -> \"clicks\":7.5",
                "\"clicks\":7, -> ",
                "\"window\":\"1m\" -> \"window\":\"2m\"",
                "\"type\":\"METRICS\" -> \"type\":\"OTHER\"",
                "\"category\":\"shoes\", -> ",
                "\"schema_version\":1 -> \"schema_version\":1,\"unknown\":1",
                ".000Z\",\"window_end\" -> Z\",\"window_end\"",
            })
    void theSchemaNoticesWhatIsWrong(String change) {
        String record = MetricsRecord.value(row(EntityType.AD, WindowSize.ONE_MINUTE, "shoes"));
        int arrow = change.indexOf(" -> ");
        String changed = record.replace(change.substring(0, arrow), change.substring(arrow + 4));

        assertThat(changed).isNotEqualTo(record);
        assertThat(schema.validate(changed, InputFormat.JSON)).as(changed).isNotEmpty();
    }

    private static MetricsRow row(EntityType type, WindowSize size, @Nullable String category) {
        boolean ad = type == EntityType.AD;
        return new MetricsRow(
                MetricsRow.Kind.CLOSED,
                type,
                "id \"1\"\n",
                size,
                HOUR,
                1000,
                7,
                2,
                1_750_000,
                59_980_000,
                3,
                ad ? "cmp-1" : null,
                ad ? "adv-1" : null,
                ad ? category : null,
                HOUR + 61_001,
                HOUR + 300_000);
    }

    private static JsonSchema schema() {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(
                            Files.readString(
                                    ProjectRoot.resolve("conf/schemas/out/metrics.schema.json")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
