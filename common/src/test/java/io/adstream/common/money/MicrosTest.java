package io.adstream.common.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MicrosTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.000001, 1",
        "0.1, 100000",
        "0.25, 250000",
        "1, 1000000",
        "100, 100000000",
        "29.99, 29990000",
        "1.000001, 1000001",
        "12.0305, 12030500",
        "9000000000000, 9000000000000000000",
        "9223372036854.775807, 9223372036854775807",
        "-0.000001, -1",
        "-1.5, -1500000",
        "-9223372036854.775808, -9223372036854775808"
    })
    void asTextAndBack(String text, long micros) {
        assertThat(Micros.format(micros)).isEqualTo(text);
        assertThat(Micros.parse(text)).isEqualTo(micros);
        assertThat(Micros.toDecimal(micros)).isEqualByComparingTo(text);
        assertThat(Micros.of(new BigDecimal(text))).isEqualTo(micros);
    }

    @ParameterizedTest
    @CsvSource({"0.0, 0", "-0, 0", "007, 7000000", "1.500000, 1500000", "0.250, 250000"})
    void parsesWhatItWouldWriteOtherwise(String text, long micros) {
        assertThat(Micros.parse(text)).isEqualTo(micros);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                ".5",
                "5.",
                "-.5",
                "+1",
                "1e3",
                "1,5",
                " 1",
                "1 ",
                "0.0000001",
                "1.2.3",
                "NaN",
                "٣",
                "9223372036854.775808",
                "-9223372036854.775809",
                "9223372036855",
                "99999999999999999999"
            })
    void refusesWhatIsNoAmount(String text) {
        assertThatThrownBy(() -> Micros.parse(text))
                .isInstanceOf(NumberFormatException.class)
                .hasMessageContaining(text);
    }

    @Test
    void roundTripsAnything() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long micros = random.nextLong() >> random.nextInt(64);
            assertThat(Micros.parse(Micros.format(micros))).isEqualTo(micros);
            assertThat(Micros.format(micros))
                    .isEqualTo(
                            micros == 0
                                    ? "0"
                                    : BigDecimal.valueOf(micros, 6)
                                            .stripTrailingZeros()
                                            .toPlainString());
        }
    }

    @Test
    void aTenthAndTwoTenthsAreThreeTenths() {
        assertThat(Micros.format(Micros.parse("0.1") + Micros.parse("0.2"))).isEqualTo("0.3");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 4, 25",
        "2, 3, 66.666667",
        "1, 3, 33.333333",
        "1, 1000, 0.1",
        "0, 7, 0",
        "5, 0, 0",
        "7, 7, 100",
        "300, 100, 300",
        // Exactly half a micro: to the even neighbour.
        "1, 200000000, 0",
        "3, 200000000, 0.000002",
        "5, 200000000, 0.000002",
        "7, 200000000, 0.000004"
    })
    void percentage(long clicks, long impressions, String ctr) {
        assertThat(Micros.format(Micros.percentage(clicks, impressions))).isEqualTo(ctr);
    }

    @ParameterizedTest
    @CsvSource({
        "0.25, 1, 0.25",
        "1, 3, 0.333333",
        "2, 3, 0.666667",
        "0.000001, 2, 0",
        "0.000003, 2, 0.000002",
        "0.000005, 2, 0.000002",
        "5, 0, 0",
        "9223372036854.775807, 2, 4611686018427.387904"
    })
    void perPiece(String cost, long clicks, String cpc) {
        assertThat(Micros.format(Micros.perPiece(Micros.parse(cost), clicks))).isEqualTo(cpc);
    }

    @Test
    void divisionsAgreeWithBigDecimal() {
        Random random = new Random(2);
        for (int i = 0; i < 200_000; i++) {
            long whole = 1 + (random.nextLong() >>> (1 + random.nextInt(62)));
            long part = random.nextLong() >>> (1 + random.nextInt(62));
            BigDecimal percentage =
                    BigDecimal.valueOf(part)
                            .movePointRight(8)
                            .divide(BigDecimal.valueOf(whole), 0, RoundingMode.HALF_EVEN);
            if (percentage.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                assertThat(Micros.percentage(part, whole))
                        .as("%d of %d", part, whole)
                        .isEqualTo(percentage.longValueExact());
            }
            assertThat(Micros.perPiece(part, whole))
                    .isEqualTo(
                            BigDecimal.valueOf(part)
                                    .divide(BigDecimal.valueOf(whole), 0, RoundingMode.HALF_EVEN)
                                    .longValueExact());
        }
    }

    @Test
    void ofADecimalRoundsHalfEven() {
        assertThat(Micros.of(new BigDecimal("0.0000005"))).isZero();
        assertThat(Micros.of(new BigDecimal("0.0000015"))).isEqualTo(2);
        assertThatThrownBy(() -> Micros.of(new BigDecimal("1e13")))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void sumsStopAtTheTop() {
        long most = Micros.parse("9000000000000");
        assertThat(Micros.addCapped(1, 2)).isEqualTo(3);
        assertThat(Micros.addCapped(most, most)).isEqualTo(Long.MAX_VALUE);
        assertThat(Micros.addCapped(Long.MAX_VALUE, 0)).isEqualTo(Long.MAX_VALUE);
    }
}
