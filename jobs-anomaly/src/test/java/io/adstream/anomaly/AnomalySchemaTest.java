package io.adstream.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.adstream.anomaly.incident.Breach;
import io.adstream.anomaly.incident.Incident;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.PenaltyRecord;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.notify.AlertReader;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleRecord;
import io.adstream.common.alert.Alert;
import io.adstream.common.alert.AlertRecord;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that the job writes and reads against the schemas that other systems are given. */
class AnomalySchemaTest {

    private static final long AT = 1_795_168_800_123L;

    @Test
    void alertsAndPenaltiesAreValidAndReadBack() throws IOException {
        List<Alert> alerts = new ArrayList<>();
        List<Penalty> penalties = new ArrayList<>();
        Incident.Listener out =
                new Incident.Listener() {
                    @Override
                    public void step(Step step) {
                        alerts.add(step.alert());
                    }

                    @Override
                    public void penalty(Penalty penalty) {
                        penalties.add(penalty);
                    }
                };
        Rule rule = Rule.builtIn(RuleId.CTR_SPIKE);
        Incident incident =
                Incident.open(
                        rule,
                        new Breach(
                                Alert.EntityType.AD,
                                "ad \"1\"\n",
                                "cmp-1",
                                "adv-1",
                                AT,
                                AT,
                                12.5,
                                1.0,
                                10,
                                "CTR 12.5 %",
                                List.of("e\u0001"),
                                "ad \"1\"\n"),
                        AT,
                        out);
        Incident later = incident.hot(rule, Incident.minute(AT) + 60_000, 13, AT, out);
        later.resolve(null, "calm", AT, AT, out);

        assertThat(alerts).hasSize(3);
        JsonSchema alertSchema = schema("out/alert.schema.json");
        for (Alert alert : alerts) {
            String record = AlertRecord.value(alert);
            assertThat(alertSchema.validate(record, InputFormat.JSON)).as(record).isEmpty();
            assertThat(AlertReader.read(record.getBytes(StandardCharsets.UTF_8))).isEqualTo(alert);
        }
        assertThat(penalties).hasSize(1);
        String record = PenaltyRecord.value(penalties.get(0));
        assertThat(schema("out/penalty.schema.json").validate(record, InputFormat.JSON))
                .as(record)
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(RuleId.class)
    void rulesAreValid(RuleId id) throws IOException {
        String record = RuleRecord.value(Rule.builtIn(id));
        assertThat(schema("control.schema.json").validate(record, InputFormat.JSON))
                .as(record)
                .isEmpty();
    }

    @Test
    void theSchemaNoticesWhatIsWrong() throws IOException {
        String record = RuleRecord.value(Rule.builtIn(RuleId.CVR_DROP));
        assertThat(
                        schema("control.schema.json")
                                .validate(
                                        record.replace("\"version\":1", "\"version\":0"),
                                        InputFormat.JSON))
                .isNotEmpty();
    }

    private static JsonSchema schema(String name) throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(ProjectRoot.resolve("conf/schemas").resolve(name)));
    }
}
