package io.adstream.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleReader;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.ServicesExtension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code adstream rules} on a real topic. */
@ExtendWith(ServicesExtension.class)
class RulesCommandITCase {

    private static int prefixes;

    private KafkaBroker kafka;
    private String prefix;

    @BeforeEach
    void createTopic(KafkaBroker broker) {
        kafka = broker;
        prefix = "rules-" + ++prefixes + "-";
        kafka.createTopicNamed(prefix + "control", 1, Map.of("cleanup.policy", "compact"));
    }

    @Test
    void setsMutesAndLists() throws Exception {
        assertThat(run("set", "click-flood", "clicks=50").exitCode()).isZero();
        assertThat(run("set", "click-flood", "--campaign", "c", "--state", "shadow").exitCode())
                .isZero();
        assertThat(run("mute", "click-flood", "--campaign", "c", "--for", "2 h").exitCode())
                .isZero();
        assertThat(run("mute", "budget-threshold").exitCode()).isZero();

        List<Rule> rules = new ArrayList<>();
        for (var record : kafka.readAll(prefix + "control")) {
            Rule rule = RuleReader.read(record.value());
            assertThat(new String(record.key(), UTF_8)).isEqualTo(rule.key());
            rules.add(rule);
        }
        assertThat(rules).extracting(Rule::version).containsExactly(2, 2, 3, 2);
        assertThat(rules.get(2).params()).containsEntry("clicks", 50.0);
        assertThat(rules.get(2).state()).isEqualTo(Rule.State.SHADOW);
        assertThat(rules.get(2).mutedUntil()).isGreaterThan(System.currentTimeMillis());

        kafka.produce(
                List.of(
                        new ProducerRecord<>(
                                prefix + "control",
                                "key".getBytes(UTF_8),
                                "no rule".getBytes(UTF_8))));
        JsonNode list = new ObjectMapper().readTree(run("list", "--json").out());
        assertThat(list).hasSize(8);
        assertThat(list.findValuesAsText("rule_id")).contains("quality-drop", "budget-drift");
        assertThat(run("list").out()).contains("click-flood", "campaign c", "clicks = 50", "muted");
    }

    @Test
    void goesBackToTheBuiltInValue() throws Exception {
        run("set", "cvr-drop", "ratio=0.2", "min_clicks=10");
        run("set", "cvr-drop", "ratio=");
        run("set", "cvr-drop", "--state", "deleted");
        JsonNode list = new ObjectMapper().readTree(run("list", "--json").out());
        list.forEach(
                rule -> {
                    if (rule.get("rule_id").asText().equals("cvr-drop")) {
                        assertThat(rule.get("version").asInt()).isEqualTo(1);
                        assertThat(rule.get("params").get("ratio").asDouble()).isEqualTo(0.3);
                    }
                });
    }

    @Test
    void saysWhatIsAllowed() {
        assertThat(run("set", "click-floods", "clicks=1").err()).contains("allowed are ctr-spike");
        assertThat(run("set", "click-flood", "clicks=0").err()).contains("from 1 to 10000");
        assertThat(run("set", "click-flood", "click=5").err()).contains("it has clicks");
        assertThat(run("set", "budget-drift", "x=5").err()).contains("can be muted, not set");
        assertThat(run("mute", "click-flood", "--for", "soon").err()).contains("30 min");
        assertThat(run("set", "click-flood", "clicks=x").exitCode()).isEqualTo(2);
        assertThat(kafka.readAll(prefix + "control")).isEmpty();
    }

    private Printed run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("rules"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(
                List.of("--bootstrap-servers", kafka.bootstrapServers(), "--topic-prefix", prefix));
        CommandRun run = new CommandRun();
        int exitCode = run.exitCode(all.toArray(new String[0]));
        return new Printed(exitCode, run.out(), run.err());
    }

    private record Printed(int exitCode, String out, String err) {}
}
