package io.adstream.attribution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.attribution.hour.AdHour;
import io.adstream.attribution.match.PathLimits;
import io.adstream.attribution.result.AttributionRecord;
import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.oracle.AttributionBatch;
import io.adstream.testing.oracle.AttributionResult;
import io.adstream.testing.oracle.ExpectedAttribution;
import io.adstream.testing.oracle.InputRecord;
import io.adstream.testing.oracle.LateRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random journeys, held against a look at every click of every conversion: zero differences in any
 * field of any result, each conversion exactly once. {@code -Dadstream.journeys.factor=10} makes
 * ten times as many.
 */
class AttributionJourneysITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().build();

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(4);
    private static final int LOOKED_AT = 20;
    private static final int CONVERSIONS =
            18_000 * Integer.getInteger("adstream.journeys.factor", 1);

    @ParameterizedTest
    @CsvSource({
        "1, 1, hashmap, true, 10000, 500",
        "2, 4, hashmap, true, 10000, 500",
        "3, 4, hashmap, false, 10000, 500",
        "4, 1, hashmap, true, 3, 2",
        "5, 4, hashmap, false, 5, 3",
        "6, 4, rocksdb, true, 10000, 500"
    })
    void everyConversionGetsWhatBruteForceSays(
            long seed,
            int parallelism,
            String backend,
            boolean advertiserScope,
            int clicksPerKey,
            int maxPath) {
        boolean withLate = parallelism == 1;
        Journeys journeys = new Journeys(START, SPAN, CONVERSIONS, withLate, seed);
        Set<String> late = journeys.lateIds();
        AttributionBatch.Builder batch =
                AttributionBatch.with().limits(clicksPerKey, maxPath).late(LateRule.ids(late));
        if (!advertiserScope) {
            batch.anyAdvertiser();
        }
        CompletableFuture<ExpectedAttribution> bruteForce =
                CompletableFuture.supplyAsync(() -> expected(journeys.records(), batch.build()));
        AttributionConfig config =
                new AttributionConfig(
                        Duration.ofHours(1),
                        Journeys.WINDOW,
                        advertiserScope,
                        Duration.ofHours(7),
                        new PathLimits(clicksPerKey, maxPath));

        AttributionRuns.Results results =
                AttributionRuns.run(
                        FLINK,
                        () -> new Journeys(START, SPAN, CONVERSIONS, withLate, seed).records(),
                        parallelism,
                        config,
                        Map.of("state.backend.type", backend));

        List<AttributionResult> found =
                results.results().records().stream()
                        .map(r -> AttributionResult.of(AttributionRecord.value(r).getBytes(UTF_8)))
                        .toList();
        ExpectedAttribution expected = bruteForce.join();
        expected.compare(found).assertEqual();
        assertEveryKindOccurs(expected, withLate);
        assertHoursEqual(results.hours().records(), expected);
    }

    private static ExpectedAttribution expected(List<byte[]> records, AttributionBatch batch) {
        for (int i = 0; i < records.size(); i++) {
            batch.add(InputRecord.of(0, i, AttributionRuns.NOW.toEpochMilli(), records.get(i)));
        }
        return batch.expected();
    }

    /** The journeys hold what they are meant to hold. */
    private static void assertEveryKindOccurs(ExpectedAttribution expected, boolean withLate) {
        assertThat(expected.results()).hasSizeGreaterThan(CONVERSIONS * 9 / 10);
        Set<String> kinds =
                expected.results().values().stream()
                        .map(r -> r.match() + "/" + r.reason())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(kinds)
                .contains("DEVICE/null", "SESSION/null", "null/NO_CLICK", "null/NO_IDENTITY");
        assertThat(kinds.contains("null/LATE")).isEqualTo(withLate);
        assertThat(expected.results().values())
                .anyMatch(r -> r.lagMs() != null && r.lagMs() == 0)
                .anyMatch(r -> r.lagMs() != null && r.lagMs() == Journeys.WINDOW.toMillis())
                .anyMatch(r -> r.path().size() >= 2);
    }

    /** The hours that were written when some of the minutes ended. */
    private static void assertHoursEqual(List<AdHour> hours, ExpectedAttribution expected) {
        Map<Long, List<AdHour>> byEnd =
                hours.stream()
                        .collect(
                                Collectors.groupingBy(
                                        AdHour::end, TreeMap::new, Collectors.toList()));
        int step = 1 + byEnd.size() / LOOKED_AT;
        int number = 0;
        int compared = 0;
        for (Map.Entry<Long, List<AdHour>> minute : byEnd.entrySet()) {
            if (number++ % step > 0) {
                continue;
            }
            Map<String, Map<String, String>> right =
                    expected.hashes(Instant.ofEpochMilli(minute.getKey() - 1));
            for (AdHour hour : minute.getValue()) {
                assertThat(hour.isEmpty() ? null : hash(hour))
                        .as("ad %s at %s", hour.adId(), Instant.ofEpochMilli(hour.end()))
                        .isEqualTo(right.get("ad:" + hour.adId() + ":attribution"));
                compared++;
            }
        }
        assertThat(compared).isPositive();
    }

    private static Map<String, String> hash(AdHour hour) {
        return Map.of(
                "clicks", String.valueOf(hour.clicks()),
                "attributed_conversions", String.valueOf(hour.conversions()),
                "attributed_value", Micros.format(hour.value()),
                "cvr", Micros.format(hour.cvr()),
                "updated_at", EventTimes.format(hour.end()));
    }
}
