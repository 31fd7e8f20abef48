package io.adstream.local.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.money.Micros;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CounterFindingTest {

    @ParameterizedTest
    @CsvSource({
        // A quiet campaign: all of the difference is drift.
        "104.99, 100, 104.99, 4.99, false",
        "105, 100, 105, 5, true",
        "95, 100, 95, -5, true",
        "0.05, 0, 0.05, 0.05, true",
        "0.049999, 0, 0.049999, 0.049999, false",
        // A busy one: what was spent between the looks explains the difference.
        "100, 130, 140, 0, false",
        "100, 100, 140, 0, false",
        "100, 140, 140, 0, false",
        // More than that is drift.
        "120, 100, 140, 20, true",
        "100, 200, 140, -60, true",
    })
    void driftIsWhatTheLooksDoNotEnclose(
            String first, String deduction, String last, String drift, boolean repair) {
        CounterFinding finding = finding(first, deduction, last);

        assertThat(finding.drift()).isEqualTo(Micros.parse(drift));
        assertThat(finding.needsRepair()).isEqualTo(repair);
    }

    @ParameterizedTest
    @CsvSource({"100, true", "0, false"})
    void whatIsAbsentIsSeededWhereSomethingWasSpent(String deduction, boolean repair) {
        CounterFinding finding = finding(null, deduction, null);

        assertThat(finding.drift()).isZero();
        assertThat(finding.needsRepair()).isEqualTo(repair);
    }

    private static CounterFinding finding(
            @Nullable String first, String deduction, @Nullable String last) {
        return new CounterFinding(
                "cmp-1",
                LocalDate.parse("2026-11-20"),
                first == null ? null : (Long) Micros.parse(first),
                Micros.parse(deduction),
                last == null ? null : (Long) Micros.parse(last),
                "");
    }
}
