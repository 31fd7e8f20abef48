package io.adstream.metrics.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HashTextTest {

    private static final long HOUR = 3_600_000;
    private static final long START = 490_000 * HOUR;

    private final HashText text = new HashText();

    @Test
    void minutesThatShareAPlaceAreToldApart() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            long millis = START + 60_000L * random.nextInt(200);
            assertThat(text.minute(millis).text()).isEqualTo(EventTimes.format(millis));
            assertThat(text.minute(millis).bytes()).asString().isEqualTo(EventTimes.format(millis));
        }
    }

    @Test
    void momentsFollowTheClock() {
        for (long millis : new long[] {START, START, START + 1, START, START + 60_000}) {
            assertThat(text.moment(millis)).asString().isEqualTo(EventTimes.format(millis));
        }
    }

    @Test
    void numbersArePlainText() {
        for (long value : new long[] {0, 1, 9, 10, 1023, 1024, 1025, -1, Long.MAX_VALUE}) {
            assertThat(HashText.number(value)).asString().isEqualTo(Long.toString(value));
            assertThat(HashText.micros(value)).asString().isEqualTo(Micros.format(value));
        }
    }
}
