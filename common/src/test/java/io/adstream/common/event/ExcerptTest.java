package io.adstream.common.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExcerptTest {

    @ParameterizedTest
    @CsvSource({
        "ad:1,ad:1",
        "'ünï 코드 \uD83D\uDE00','ünï 코드 \uD83D\uDE00'",
        "'a\r\nb','a\\u000d\\u000ab'",
        "'\u001b[31mred','\\u001b[31mred'",
        "'\u009b31m','\\u009b31m'",
        "'\u0000\u007f','\\u0000\\u007f'",
        "'\u2028\u2029','\\u2028\\u2029'",
        "'\u202eabc','\\u202eabc'",
        "'\uD83D','\\ud83d'",
        "'\uDE00\uD83D','\\ude00\\ud83d'",
        "'\uDB40\uDC41','\\udb40\\udc41'",
    })
    void aTextStaysOnOneLineAndSteersNoTerminal(String text, String shown) {
        assertThat(Excerpt.oneLine(text)).isEqualTo(shown);
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        assertThat(Excerpt.oneLine("x".repeat(1000))).isEqualTo("x".repeat(1000));
        assertThat(Excerpt.oneLine("x".repeat(1001))).isEqualTo("x".repeat(1000) + "...");
        String face = "\uD83D\uDE00";
        assertThat(Excerpt.oneLine("x".repeat(999) + face)).isEqualTo("x".repeat(999) + face);
        assertThat(Excerpt.oneLine(null)).isEqualTo("null");
    }

    @Test
    void bytesAreShownInPrintableAscii() {
        byte[] bytes = "a\r\nü".getBytes(UTF_8);
        assertThat(Excerpt.of(bytes, 0, bytes.length)).isEqualTo("'a\\x0d\\x0a\\xc3\\xbc'");
        assertThat(Excerpt.of("x".repeat(65).getBytes(UTF_8), 0, 65))
                .isEqualTo("'" + "x".repeat(64) + "'...");
    }
}
