package io.adstream.budget.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class CampaignChangesTest {

    private final CampaignChanges changes = new CampaignChanges();

    @Test
    void tellsAllAtFirstAndThenWhatChanges() {
        assertThat(changes.in(List.of(row("a", 1), row("b", 1))))
                .containsExactly(
                        ControlSignal.of(ControlSignal.Kind.READING),
                        ControlSignal.campaign(row("a", 1)),
                        ControlSignal.campaign(row("b", 1)),
                        ControlSignal.of(ControlSignal.Kind.READ));
        assertThat(changes.in(List.of(row("b", 1), row("a", 1)))).isEmpty();
        assertThat(changes.in(List.of(row("a", 2), row("c", 1))))
                .containsExactlyInAnyOrder(
                        ControlSignal.campaign(row("a", 2)),
                        ControlSignal.campaign(row("c", 1)),
                        ControlSignal.removed("b"));
    }

    @Test
    void aZoneThatIsNoneIsUtc() {
        assertThat(new Campaign("a", null, "Mars/Olympus", "ACTIVE", null, 0, 0).zone())
                .isEqualTo(ZoneOffset.UTC);
    }

    private static Campaign row(String id, long budget) {
        return new Campaign(id, budget, "UTC", "ACTIVE", null, 0, 0);
    }
}
