package io.adstream.budget.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of budget-management against the schema that other systems are given. */
class BudgetSchemaTest {

    private static final long AT = 1_795_168_800_123L;

    private final JsonSchema schema = schema();

    @ParameterizedTest
    @EnumSource(BudgetNotice.Type.class)
    void recordsOfEveryTypeAreValid(BudgetNotice.Type type) {
        for (Long budget : new @Nullable Long[] {null, 0L, 100_000_000L}) {
            String record = BudgetRecord.value(notice(type, budget));
            assertThat(schema.validate(record, InputFormat.JSON)).as(record).isEmpty();
        }
    }

    @Test
    void amountsArePlainDecimals() {
        assertThat(BudgetRecord.value(notice(BudgetNotice.Type.BUDGET_THRESHOLD, 100_000_000L)))
                .isEqualTo(
                        "{\"schema_version\":1,\"type\":\"BUDGET_THRESHOLD\","
                                + "\"campaign_id\":\"cmp \\\"1\\\"\",\"budget_date\":\"2026-11-20\","
                                + "\"daily_budget\":100,\"spent\":95.25,\"usage\":95.25,"
                                + "\"threshold\":95,\"seq\":3,\"at\":\"2026-11-20T10:00:00.123Z\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"threshold\":95 -> \"threshold\":96",
                "\"threshold\":95, -> ",
                "\"seq\":3, -> ",
                "2026-11-20\", -> 2026-11-20T00:00\",",
                "\"usage\":95.25 -> \"reason\":\"NEW_DAY\",\"usage\":95.25",
            })
    void theSchemaNoticesWhatIsWrong(String change) {
        String record =
                BudgetRecord.value(notice(BudgetNotice.Type.BUDGET_THRESHOLD, 100_000_000L));
        int arrow = change.indexOf(" -> ");
        String changed = record.replace(change.substring(0, arrow), change.substring(arrow + 4));

        assertThat(changed).isNotEqualTo(record);
        assertThat(schema.validate(changed, InputFormat.JSON)).as(changed).isNotEmpty();
    }

    private static BudgetNotice notice(BudgetNotice.Type type, @Nullable Long budget) {
        boolean pause =
                type == BudgetNotice.Type.CAMPAIGN_PAUSED
                        || type == BudgetNotice.Type.CAMPAIGN_RESUMED;
        boolean check =
                type == BudgetNotice.Type.COUNTER_CORRECTED
                        || type == BudgetNotice.Type.SYNC_ACCURACY;
        return new BudgetNotice(
                type,
                "cmp \"1\"",
                20777,
                budget,
                95_250_000,
                3,
                AT,
                type == BudgetNotice.Type.BUDGET_THRESHOLD ? (Integer) 95 : null,
                pause ? BudgetNotice.Reason.NEW_DAY : null,
                check
                        ? new BudgetNotice.Check(AT, 100_000_000L, 4_750_000, null, 95_000_000)
                        : null);
    }

    private static JsonSchema schema() {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(
                            Files.readString(
                                    ProjectRoot.resolve("conf/schemas/out/budget.schema.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
