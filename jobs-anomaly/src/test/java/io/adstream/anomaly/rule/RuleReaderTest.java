package io.adstream.anomaly.rule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.adstream.common.event.RejectCode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuleReaderTest {

    private static final String GOOD =
            "{\"schema_version\":1,\"rule_id\":\"click-flood\",\"version\":2,"
                    + "\"scope\":\"CAMPAIGN\",\"scope_id\":\"cmp-1\",\"params\":{\"clicks\":50},"
                    + "\"state\":\"ACTIVE\",\"muted_until\":\"2026-11-20T10:00:00Z\"}";

    @Test
    void readsARule() throws Exception {
        assertThat(RuleReader.read(GOOD.getBytes(UTF_8)))
                .isEqualTo(
                        new Rule(
                                "click-flood",
                                2,
                                Rule.Scope.CAMPAIGN,
                                "cmp-1",
                                Map.of("clicks", 50.0),
                                Rule.State.ACTIVE,
                                1_795_168_800_000L));
    }

    @ParameterizedTest
    @EnumSource(RuleId.class)
    void readsWhatItWrites(RuleId id) throws Exception {
        Rule rule = Rule.builtIn(id);
        assertThat(RuleReader.read(RuleRecord.value(rule).getBytes(UTF_8))).isEqualTo(rule);
    }

    @Test
    void aGlobalRuleNeedsNoScopeId() throws Exception {
        String global = GOOD.replace("CAMPAIGN", "GLOBAL");
        for (String id : new String[] {"null", "\"\"", "\"*\""}) {
            Rule rule = RuleReader.read(global.replace("\"cmp-1\"", id).getBytes(UTF_8));
            assertThat(rule.key()).isEqualTo("click-flood:GLOBAL:");
        }
        assertThat(refused(global)).isEqualTo(RejectCode.BAD_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"click-flood\" | \"click-floods\" | BAD_VALUE",
                "\"click-flood\" | 7 | BAD_TYPE",
                "\"version\":2, | | MISSING_FIELD",
                "\"version\":2 | \"version\":0 | BAD_VALUE",
                "\"version\":2 | \"version\":3000000000 | BAD_VALUE",
                "\"version\":2 | \"version\":1.5 | BAD_TYPE",
                "\"version\":2 | \"version\":\"2\" | BAD_TYPE",
                "CAMPAIGN | campaign | BAD_VALUE",
                "\"cmp-1\" | \" \" | BAD_VALUE",
                "\"cmp-1\" | null | MISSING_FIELD",
                "\"clicks\":50 | \"click\":50 | BAD_VALUE",
                "\"clicks\":50 | \"clicks\":0 | BAD_VALUE",
                "\"clicks\":50 | \"clicks\":50.5 | BAD_VALUE",
                "\"clicks\":50 | \"clicks\":\"50\" | BAD_TYPE",
                "{\"clicks\":50} | [50] | BAD_TYPE",
                "ACTIVE | ON | BAD_VALUE",
                "2026-11-20T10:00:00Z | soon | BAD_VALUE",
                "\"state\" | \"status\" | BAD_VALUE",
                "\"state\":\"ACTIVE\" | \"state\":\"ACTIVE\",\"state\":\"PAUSED\" | MALFORMED",
                "\"} | \"}x | MALFORMED",
                "\"} | \" | MALFORMED",
            })
    void refusesWhatIsNotWhollyRight(String from, String to, RejectCode code) {
        String changed = GOOD.replace(from, to == null ? "" : to);
        assertThat(changed).isNotEqualTo(GOOD);
        assertThat(refused(changed)).isEqualTo(code);
    }

    @Test
    void refusesWhatIsNoObject() {
        assertThat(catchThrowableOfType(RuleReader.Refused.class, () -> RuleReader.read(null)))
                .isNotNull();
        for (String text : new String[] {"", "[]", "1", "\u0000", "{", "[[[[[[[[[[[[[[[[[[[[["}) {
            assertThat(refused(text)).as(text).isEqualTo(RejectCode.MALFORMED);
        }
        assertThat(refused(" ".repeat(70_000))).isEqualTo(RejectCode.TOO_LARGE);
    }

    private static RejectCode refused(String text) {
        return catchThrowableOfType(
                        RuleReader.Refused.class, () -> RuleReader.read(text.getBytes(UTF_8)))
                .code();
    }
}
