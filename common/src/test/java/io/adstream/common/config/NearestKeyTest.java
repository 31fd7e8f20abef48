package io.adstream.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "'', abc, 3",
        "abc, abc, 0",
        "abc, abd, 1",
        "abc, acb, 1",
        "port, prot, 1",
        "kitten, sitting, 3"
    })
    void countsTheEdits(String left, String right, int edits) {
        assertThat(NearestKey.distance(left, right)).isEqualTo(edits);
        assertThat(NearestKey.distance(right, left)).isEqualTo(edits);
    }

    @Test
    void prefersTheFirstOfEquallyNearKeys() {
        assertThat(NearestKey.of("ac", List.of("ad", "ab"))).contains("ab");
        assertThat(NearestKey.of("ac", List.of())).isEmpty();
    }
}
