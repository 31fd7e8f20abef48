package io.adstream.quality.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adstream.quality.hour.AdHour;
import io.adstream.quality.pool.PooledHour;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreFormulaTest {

    private static final ScoreParameters DEFAULTS =
            new ScoreParameters(200, 20, 5.5, 2.25, 1.125, 0.3, 1, 10, 0.5);

    private final ScoreFormula formula = new ScoreFormula(DEFAULTS);

    @Test
    void twiceTheCtrOfTheCategoryIsALittleLessThanTwoAndAQuarterPoints() {
        // p = 1,000 / 100,000; ctr = (36 + 200 p) / (1,600 + 200) = 38 / 1,800
        Refresh refresh = first(hour(1600, 36, 0), 100_000, 1000, 0);

        assertThat(refresh.categoryCtr()).isEqualTo(0.01);
        assertThat(refresh.ctr()).isEqualTo(38.0 / 1800);
        double raw = 5.5 + 2.25 * (Math.log(38.0 / 18) / Math.log(2));
        assertThat(refresh.raw()).isCloseTo(raw, within(1e-12));
        assertThat(refresh.base()).isCloseTo(0.3 * raw + 0.7 * 5.5, within(1e-12));
    }

    @Test
    void theCvrCountsHalfAsMuch() {
        // q = 0.1; cvr = (18 + 20 q) / (80 + 20) = 0.2: twice that of the category
        Refresh refresh = first(hour(0, 80, 18), 0, 1000, 100);

        assertThat(refresh.cvrTerm()).isCloseTo(1.125, within(1e-12));
        assertThat(refresh.raw()).isCloseTo(6.625, within(1e-12));
    }

    @Test
    void anAdAloneInItsCategoryIsNeutral() {
        for (PooledHour alone :
                new PooledHour[] {
                    new PooledHour(hour(1000, 30, 2), 1000, 30, 2),
                    new PooledHour(hour(1000, 0, 0), 1000, 0, 0),
                    new PooledHour(hour(0, 0, 0), 0, 0, 0)
                }) {
            assertThat(formula.refresh(alone, null).raw()).isCloseTo(5.5, within(1e-12));
        }
    }

    @Test
    void anAdWithoutClicksLosesByHowOftenItWasShown() {
        Refresh seldom = first(hour(20, 0, 0), 100_000, 1000, 100);
        Refresh often = first(hour(20_000, 0, 0), 100_000, 1000, 100);

        assertThat(seldom.raw()).isBetween(5.1, 5.4);
        assertThat(often.raw()).isEqualTo(1);
        assertThat(often.cvrTerm()).isZero();
    }

    @Test
    void aScoreIsNeverBelowTheLeastNorAboveTheMost() {
        assertThat(first(hour(10, 10_000, 10_000), 100_000, 20_000, 10_000).raw()).isEqualTo(10);
        Refresh refresh = first(hour(100, 1, 0), 1000, 10, 0);
        assertThat(formula.served(refresh, 0)).isEqualTo(refresh.base());
        assertThat(formula.served(refresh, 2)).isEqualTo(refresh.base() - 2);
        assertThat(formula.served(refresh, 20)).isEqualTo(1);
    }

    @Test
    void theRefreshBeforeIsTheGreaterPart() {
        Refresh first = first(hour(1600, 36, 0), 100_000, 1000, 0);
        PooledHour next = new PooledHour(hour(0, 0, 0), 100_000, 1000, 0);

        Refresh second = formula.refresh(next, first);

        assertThat(second.previous()).isEqualTo(first.base());
        assertThat(second.base()).isCloseTo(0.3 * 5.5 + 0.7 * first.base(), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "6.0, 5.5, true",
        "5.5, 6.0, true",
        "5.99, 5.5, false",
        // 8.2 - 7.7 is less than a half in binary
        "8.2, 7.7, true",
        "7.7, 8.2, true",
        "8.199999999, 7.7, false"
    })
    void aHalfIsAMove(double score, double published, boolean moved) {
        assertThat(formula.moved(score, published)).isEqualTo(moved);
    }

    @Test
    void noCountsMakeItNaN() {
        Random random = new Random(3);
        long[] counts = {0, 0, 0, 1, 2, 5, 1000, 1_000_000_000_000L, Long.MAX_VALUE / 1000};
        for (int i = 0; i < 100_000; i++) {
            long impressions = counts[random.nextInt(counts.length)];
            long clicks = counts[random.nextInt(counts.length)];
            long conversions = counts[random.nextInt(counts.length)];
            Refresh refresh =
                    first(
                            hour(impressions, clicks, conversions),
                            impressions + counts[random.nextInt(counts.length)],
                            clicks + counts[random.nextInt(counts.length)],
                            conversions + counts[random.nextInt(counts.length)]);
            assertThat(refresh.base()).as("%s", refresh).isBetween(1.0, 10.0);
            assertThat(refresh.ctrTerm() + refresh.cvrTerm()).as("%s", refresh).isFinite();
        }
    }

    private Refresh first(AdHour hour, long impressions, long clicks, long conversions) {
        return formula.refresh(new PooledHour(hour, impressions, clicks, conversions), null);
    }

    private static AdHour hour(long impressions, long clicks, long conversions) {
        return new AdHour("ad", "shoes", 0, impressions, clicks, conversions, false);
    }
}
