package io.adstream.metrics.slice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatestTest {

    @Test
    void theLaterEventTimeWins() {
        assertThat(Latest.later(at(2, "a"), at(1, "b")).eventId()).isEqualTo("a");
        assertThat(Latest.later(at(1, "b"), at(2, "a")).eventId()).isEqualTo("a");
        assertThat(Latest.later(null, at(2, "a")).eventId()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({
        "a, b",
        "a, aa",
        "B, a",
        "z, é",
        "\uFFFD, \uD83D\uDE00",
        "\uD83D\uDE00, \uD83D\uDE01"
    })
    void atTheSameTimeTheHigherIdInByteOrderWins(String lower, String higher) {
        assertThat(Latest.later(at(1, lower), at(1, higher)).eventId()).isEqualTo(higher);
        assertThat(Latest.later(at(1, higher), at(1, lower)).eventId()).isEqualTo(higher);
    }

    @Test
    void theOrderIsThatOfTheUtf8Bytes() {
        int[] codePoints = {
            'a', 'b', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF
        };
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            String one = text(random, codePoints);
            String other = text(random, codePoints);
            String later =
                    Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8)) >= 0
                            ? one
                            : other;
            assertThat(Latest.later(at(1, one), at(1, other)).eventId()).isEqualTo(later);
        }
    }

    private static String text(Random random, int[] codePoints) {
        StringBuilder text = new StringBuilder();
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
        }
        return text.toString();
    }

    private static Latest at(long time, String eventId) {
        return new Latest(time, eventId, "cmp", "adv", null);
    }
}
