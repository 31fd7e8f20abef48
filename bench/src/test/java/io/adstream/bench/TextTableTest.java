package io.adstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void alignsTextLeftAndNumbersRight() {
        assertThat(new TextTable("who", "ns").row("a", "1,000").row("bcde", "2").render())
                .isEqualTo(
                        """
                        | who  |    ns |
                        |:-----|------:|
                        | a    | 1,000 |
                        | bcde |     2 |
                        """);
    }

    @Test
    void aRowHasAsManyCellsAsTheHeader() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TextTable("a", "b").row("1"));
    }
}
