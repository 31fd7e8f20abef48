package io.adstream.anomaly.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RuleBookTest {

    @Test
    void theNarrowestScopeWins() {
        RuleBook book =
                RuleBook.of(
                        List.of(
                                rule(2, Rule.Scope.GLOBAL, "", Rule.State.ACTIVE),
                                rule(3, Rule.Scope.ADVERTISER, "a", Rule.State.PAUSED),
                                rule(4, Rule.Scope.CAMPAIGN, "c", Rule.State.SHADOW),
                                rule(5, Rule.Scope.CAMPAIGN, "gone", Rule.State.DELETED)));

        assertThat(book.find(RuleId.CTR_SPIKE, "c", "a").version()).isEqualTo(4);
        assertThat(book.find(RuleId.CTR_SPIKE, "gone", "a").version()).isEqualTo(3);
        assertThat(book.find(RuleId.CTR_SPIKE, "gone", "b").version()).isEqualTo(2);
        assertThat(book.find(RuleId.CTR_SPIKE, null, null).version()).isEqualTo(2);
        assertThat(book.find(RuleId.CVR_DROP, "c", "a").version()).isEqualTo(1);
        assertThat(book.find(RuleId.CTR_SPIKE, "c", "a").judges()).isTrue();
        assertThat(book.find(RuleId.CTR_SPIKE, "x", "a").judges()).isFalse();
    }

    @Test
    void onlyANewerVersionReplaces() {
        Rule two = rule(2, Rule.Scope.GLOBAL, "", Rule.State.ACTIVE);
        assertThat(RuleBook.replaces(two, null)).isTrue();
        assertThat(RuleBook.replaces(two, two)).isFalse();
        assertThat(RuleBook.replaces(rule(1, Rule.Scope.GLOBAL, "", Rule.State.DELETED), two))
                .isFalse();
        assertThat(RuleBook.replaces(rule(3, Rule.Scope.GLOBAL, "", Rule.State.DELETED), two))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(RuleId.class)
    void everyStandardIsAllowed(RuleId id) {
        for (Param param : id.params()) {
            assertThat(param.allows(param.standard())).as(param.name()).isTrue();
            assertThat(Rule.builtIn(id).number(param.name())).isEqualTo(param.standard());
        }
    }

    private static Rule rule(int version, Rule.Scope scope, String id, Rule.State state) {
        return new Rule("ctr-spike", version, scope, id, Map.of(), state, null);
    }
}
