package io.adstream.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryTest {

    private static final View VIEW = new Numbers();

    @Test
    void whatIsNotGivenHasItsDefaultSoThatTwoWaysOfAskingAreOneQuery() {
        Query asked = Query.of(VIEW, Map.of("name", "a"));

        assertThat(asked.text("order")).isEqualTo("up");
        assertThat(asked.integer("limit")).isEqualTo(10);
        assertThat(asked)
                .isEqualTo(Query.of(VIEW, Map.of("name", "a", "limit", "010", "order", "up")));
    }

    @Test
    void refusesWhatIsNotAllowedAndSaysWhatIs() {
        assertRefused(Map.of(), "name", "has to be given");
        assertRefused(Map.of("name", ""), "name", "has to be given");
        assertRefused(Map.of("name", "a", "limit", "0"), "limit", "from 1 to 100");
        assertRefused(Map.of("name", "a", "limit", "1e1"), "limit", "from 1 to 100");
        assertRefused(Map.of("name", "a", "order", "sideways"), "order", "up, down");
        assertRefused(Map.of("name", "a\0"), "name", "8192 characters");
        assertRefused(Map.of("name", "a".repeat(8193)), "name", "8192 characters");
        assertRefused(Map.of("name", "a", "sort", "x"), "sort", "is no parameter of numbers");
    }

    private static void assertRefused(Map<String, String> given, String parameter, String says) {
        assertThatThrownBy(() -> Query.of(VIEW, given))
                .isInstanceOfSatisfying(
                        BadParameterException.class,
                        e -> assertThat(e.parameter()).isEqualTo(parameter))
                .hasMessageContaining(says);
    }

    private static final class Numbers implements View {
        @Override
        public String name() {
            return "numbers";
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(
                    Parameter.required("name"),
                    Parameter.choice("order", "up", "down"),
                    Parameter.integer("limit", 10, 1, 100));
        }

        @Override
        public Duration interval(Query query) {
            return Duration.ofSeconds(1);
        }

        @Override
        public Loader open(Query query) {
            return () -> Content.of(List.of(), true);
        }
    }
}
