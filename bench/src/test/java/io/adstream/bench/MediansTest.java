package io.adstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MediansTest {

    @Test
    void theMedianIsTheMiddleValue() {
        assertThat(Medians.median(5, 1, 3)).isEqualTo(3);
        assertThat(Medians.median(4, 1, 3, 2)).isEqualTo(2.5);
        assertThat(Medians.median(7)).isEqualTo(7);
    }

    @Test
    void percentilesAreOfTheNearestRank() {
        long[] hundred = LongStream.rangeClosed(1, 100).toArray();
        assertThat(Medians.percentile(hundred, 0.5)).isEqualTo(50);
        assertThat(Medians.percentile(hundred, 0.99)).isEqualTo(99);
        assertThat(Medians.percentile(hundred, 0.991)).isEqualTo(100);
        assertThat(Medians.percentile(hundred, 1)).isEqualTo(100);
        assertThat(Medians.percentile(new long[] {8}, 0.01)).isEqualTo(8);
    }

    @Test
    void nothingHasNoMedian() {
        assertThatIllegalArgumentException().isThrownBy(Medians::median);
        assertThatIllegalArgumentException().isThrownBy(() -> Medians.percentile(new long[0], 0.5));
    }
}
