package io.adstream.budget.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShareTest {

    @Test
    void comparesAsExactNumbersDo() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 20_000; i++) {
            long whole = random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
            long percent = random.nextInt(101);
            long near =
                    BigInteger.valueOf(whole)
                            .multiply(BigInteger.valueOf(percent))
                            .divide(BigInteger.valueOf(100))
                            .longValueExact();
            long part = Math.max(0, near + random.nextInt(-2, 3));
            boolean exact =
                    BigInteger.valueOf(part)
                                    .multiply(BigInteger.valueOf(100))
                                    .compareTo(
                                            BigInteger.valueOf(whole)
                                                    .multiply(BigInteger.valueOf(percent)))
                            >= 0;
            assertThat(Share.reaches(part, whole, percent))
                    .as("%s of %s reaches %s %%", part, whole, percent)
                    .isEqualTo(exact);
        }
    }

    @Test
    void ofNothingEverythingIsReached() {
        assertThat(Share.reaches(0, 0, 95)).isTrue();
        assertThat(Share.percent(0, 0)).isEqualTo(100_000_000);
        assertThat(Share.percent(Long.MAX_VALUE, 1)).isEqualTo(Long.MAX_VALUE);
    }
}
