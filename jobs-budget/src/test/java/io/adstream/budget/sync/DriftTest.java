package io.adstream.budget.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.money.Micros;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {

    @ParameterizedTest
    @CsvSource({
        "104.99, 100, ACCURATE",
        "104.999999, 100, ACCURATE",
        "105, 100, DRIFTED",
        "95.01, 100, ACCURATE",
        "95, 100, DRIFTED",
        // Nothing deducted yet: against 1.00.
        "0.04, 0, ACCURATE",
        "0.049999, 0, ACCURATE",
        "0.05, 0, DRIFTED",
        "0.54, 0.5, ACCURATE",
        "0.55, 0.5, DRIFTED",
        "-1, 100, DRIFTED",
        "0, 0, ACCURATE",
    })
    void isCorrectedFrom5PercentOn(String counter, String deduction, Drift.Outcome outcome) {
        long spent = Micros.parse(deduction);
        Drift drift = Drift.of(Micros.parse(counter), deduction(spent, spent, spent));

        assertThat(drift.outcome()).isEqualTo(outcome);
        assertThat(drift.amount()).isEqualTo(Micros.parse(counter) - spent);
    }

    @ParameterizedTest
    @CsvSource({
        // 30 % of a budget of 100 within the tolerance around the cut.
        "70, ACCURATE",
        "55, IN_FLIGHT",
        "85, IN_FLIGHT",
        "88.49, IN_FLIGHT",
        "88.50, DRIFTED",
        "51.50, DRIFTED",
        "51.51, IN_FLIGHT",
    })
    void spendOnItsWayIsNoDrift(String counter, Drift.Outcome outcome) {
        Drift drift =
                Drift.of(
                        Micros.parse(counter),
                        deduction(70 * Micros.ONE, 55 * Micros.ONE, 85 * Micros.ONE));

        assertThat(drift.outcome()).isEqualTo(outcome);
    }

    @Test
    void staysInRangeAtTheEndsOfTheNumbers() {
        Drift drift = Drift.of(Long.MIN_VALUE, deduction(Long.MAX_VALUE, 0, Long.MAX_VALUE));

        assertThat(drift.outcome()).isEqualTo(Drift.Outcome.DRIFTED);
        assertThat(drift.amount()).isEqualTo(-Long.MAX_VALUE);
        assertThat(Drift.accuracy(drift.amount(), 1)).isZero();
        assertThat(Drift.accuracy(Micros.ONE, 100 * Micros.ONE)).isEqualTo(99 * Micros.ONE);
    }

    private static Deduction deduction(long spent, long least, long most) {
        return new Deduction(0, false, "cmp-1", 0, spent, least, most, null, 1);
    }
}
