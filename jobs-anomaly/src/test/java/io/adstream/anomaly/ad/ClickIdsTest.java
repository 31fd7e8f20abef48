package io.adstream.anomaly.ad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClickIdsTest {

    @Test
    void keepsTheLeastWhateverTheirOrder() {
        Random random = new Random(31);
        for (int round = 0; round < 1000; round++) {
            List<String> all = new ArrayList<>();
            for (int i = random.nextInt(9); i > 0; i--) {
                all.add("e-" + i);
            }
            Collections.shuffle(all, random);
            ClickIds ids = new ClickIds();
            all.forEach(ids::add);
            assertThat(ids.list()).isEqualTo(all.stream().sorted().limit(ClickIds.MOST).toList());
        }
    }
}
