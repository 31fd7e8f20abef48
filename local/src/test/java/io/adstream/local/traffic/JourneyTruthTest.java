package io.adstream.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.oracle.AttributionBatch;
import io.adstream.testing.oracle.AttributionResult;
import io.adstream.testing.oracle.Comparison;
import io.adstream.testing.oracle.ExpectedAttribution;
import io.adstream.testing.oracle.InputRecord;
import io.adstream.testing.oracle.JourneyTruth;
import io.adstream.testing.oracle.LateRule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the labels say of journeys is what can be found in the records. */
class JourneyTruthTest {

    /** Some 70 hours of few people: visits are many enough to mix, and lags exceed the window. */
    private static final double RATE = 4;

    private static final int RECORDS = 1_000_000;

    @TempDir Path folder;

    @Test
    void whatLedToConversionsIsWhatCanBeAttributed() throws IOException {
        Simulation simulation =
                new Simulation(
                        SimulationOptions.builder()
                                .seed(11)
                                .rate(RATE)
                                .start(Instant.parse("2026-03-01T00:00:00Z"))
                                .users(3_000)
                                .commerceShare(0.05)
                                .lateAfter(Duration.ofMinutes(10))
                                .build());
        Path labels = folder.resolve("labels.ndjson");
        ExpectedAttribution attributed = attribute(simulation, labels);

        JourneyTruth truth = JourneyTruth.of(labels);
        Collection<AttributionResult> results = attributed.results().values();
        truth.compare(results).assertEqual();

        Tally tally = simulation.tally();
        long known = 0;
        for (Journey.Reach reach : Journey.Reach.values()) {
            assertThat(tally.journeys(reach)).as(reach.name()).isGreaterThan(20);
            known += tally.journeys(reach);
        }
        assertThat(truth.size()).isEqualTo(known);
        assertThat(results.stream().filter(r -> "SESSION".equals(r.match())).count())
                .isEqualTo(tally.journeys(Journey.Reach.SESSION));
        assertThat(truth.report(results)).startsWith("of ").contains("known journeys");
    }

    @Test
    void resultsThatMissAJourneyAreSeen() throws IOException {
        Simulation simulation =
                new Simulation(SimulationOptions.builder().seed(3).rate(50).clean().build());
        Path labels = folder.resolve("labels.ndjson");
        List<AttributionResult> results =
                new ArrayList<>(attribute(simulation, labels, 200_000).results().values());
        JourneyTruth truth = JourneyTruth.of(labels);
        truth.compare(results).assertEqual();

        results.removeIf(result -> "SESSION".equals(result.match()));
        Comparison comparison = truth.compare(results);
        assertThat(comparison.differenceCount())
                .isEqualTo(simulation.tally().journeys(Journey.Reach.SESSION))
                .isPositive();
    }

    private static ExpectedAttribution attribute(Simulation simulation, Path labels)
            throws IOException {
        return attribute(simulation, labels, RECORDS);
    }

    private static ExpectedAttribution attribute(Simulation simulation, Path labels, int records)
            throws IOException {
        Set<String> late = new HashSet<>();
        AttributionBatch batch = AttributionBatch.with().late(LateRule.ids(late)).build();
        try (LabelFile file = new LabelFile(labels)) {
            for (int i = 0; i < records; i++) {
                TrafficRecord record = simulation.next();
                file.add(record);
                if (record.verdict() == Verdict.LATE) {
                    late.add(record.eventId());
                }
                if (record.topic() == InputTopic.AD_EVENTS && !record.type().equals("IMPRESSION")) {
                    batch.add(InputRecord.of(0, i, record.sentAt(), record.value()));
                }
            }
        }
        return batch.expected();
    }
}
