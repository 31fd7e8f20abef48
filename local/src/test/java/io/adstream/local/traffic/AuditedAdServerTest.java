package io.adstream.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditedAdServerTest {

    private final Map<String, Long> counters = new HashMap<>();
    private final AdServer server =
            new AdServer() {
                @Override
                public boolean serves(Campaign campaign) {
                    return campaign.index() != 3;
                }

                @Override
                public void spent(Campaign campaign, long eventTime, long micros) {
                    counters.merge(campaign.id(), micros, Long::sum);
                }
            };

    @Test
    void losesAndDoublesAboutAQuarterAndKnowsHowMuch() {
        AuditedAdServer audited = new AuditedAdServer(server, 2, 1);
        for (int i = 0; i < 3000; i++) {
            audited.spent(campaign(i % 3), 0, 10);
        }

        assertThat(audited.spentMicros()).isEqualTo(30_000);
        List<AuditedAdServer.Drift> drifts = audited.drifts();
        assertThat(drifts)
                .extracting(AuditedAdServer.Drift::campaign, AuditedAdServer.Drift::doubled)
                .containsExactly(tuple("cmp-1", false), tuple("cmp-2", true));
        assertThat(counters)
                .containsEntry("cmp-1", 10_000 + drifts.get(0).micros())
                .containsEntry("cmp-2", 10_000 + drifts.get(1).micros())
                .containsEntry("cmp-3", 10_000L);
        assertThat(drifts.get(0).micros()).isBetween(-3000L, -2000L);
        assertThat(drifts.get(1).micros()).isBetween(2000L, 3000L);
    }

    @Test
    void countsWhatIsWithheld() {
        AuditedAdServer audited = new AuditedAdServer(server, 0, 1);

        assertThat(audited.serves(campaign(1))).isTrue();
        assertThat(audited.serves(campaign(3))).isFalse();
        assertThat(audited.withheld()).isEqualTo(1);
        audited.spent(campaign(1), 0, 5);
        assertThat(audited.drifts()).isEmpty();
        assertThat(counters).containsEntry("cmp-2", 5L);
    }

    private static Campaign campaign(int index) {
        return new Campaign(index, "cmp-" + (index + 1), "adv-1", null, ZoneOffset.UTC, "USD");
    }
}
