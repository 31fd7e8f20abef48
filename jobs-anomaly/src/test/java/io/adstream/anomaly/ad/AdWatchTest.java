package io.adstream.anomaly.ad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is usual, against a sum over every minute there ever was. */
class AdWatchTest {

    private static final long START = 1_795_168_800_000L;
    private static final long MINUTE = 60_000;
    private static final double HALF_LIFE = 360;

    private record Past(long minute, long impressions, long clicks, long conversions) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void usualIsADecayedSumOfAllMinutesBefore(long seed) throws Exception {
        Random random = new Random(seed);
        Rule ctr = Rule.builtIn(RuleId.CTR_SPIKE);
        Rule cvr = Rule.builtIn(RuleId.CVR_DROP);
        AdWatch ad = new AdWatch();
        List<Past> past = new ArrayList<>();
        for (int m = 0; m < 600; m++) {
            long minute = START + m * MINUTE;
            if (random.nextInt(4) > 0) {
                Past now =
                        new Past(
                                minute,
                                random.nextInt(2000),
                                random.nextInt(50),
                                random.nextInt(9));
                past.add(now);
                ad.add(
                        new AdMinute(
                                "ad",
                                "c",
                                "a",
                                minute,
                                now.impressions,
                                now.clicks,
                                now.conversions));
            }
            Usual usualCtr = ad.usualCtr(minute, HALF_LIFE);
            Usual usualCvr = ad.usualCvr(minute, HALF_LIFE);
            double impressions = 0;
            double clicks = 0;
            double clicksBefore = 0;
            double conversions = 0;
            double weight = 0;
            for (Past one : past) {
                double factor = Math.pow(2, -(minute - one.minute) / (HALF_LIFE * MINUTE));
                if (one.minute < minute) {
                    impressions += one.impressions * factor;
                    clicks += one.clicks * factor;
                }
                if (one.minute < minute - 9 * MINUTE) {
                    clicksBefore += one.clicks * factor;
                    conversions += one.conversions * factor;
                    weight += factor;
                }
            }
            assertThat(usualCtr.trials()).isCloseTo(impressions, within(1e-6 * (1 + impressions)));
            assertThat(usualCtr.successes()).isCloseTo(clicks, within(1e-6 * (1 + clicks)));
            assertThat(usualCvr.trials())
                    .isCloseTo(clicksBefore, within(1e-6 * (1 + clicksBefore)));
            assertThat(usualCvr.successes())
                    .isCloseTo(conversions, within(1e-6 * (1 + conversions)));
            assertThat(usualCvr.trialsPerMinute() * weight)
                    .isCloseTo(clicksBefore, within(1e-6 * (1 + clicksBefore)));
            for (int i = 0; i < 3; i++) {
                ad.foldOldest(minute - 9 * MINUTE, ctr, cvr);
            }
            if (m % 50 == 7) {
                ad = AdCodec.read(new AdCodec().write(ad));
            }
        }
        assertThat(ad.recent).hasSizeLessThan(12);
    }
}
