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
    private static final Instant MIDDLE = START.plus(SPAN.dividedBy(2));
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
        ExpectedAttribution expected = expected(journeys.records(), batch.build());
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
        expected.compare(found).assertEqual();
        assertEveryKindOccurs(expected, withLate);
        assertThat(hashes(results.hours().records())).isEqualTo(expected.hashes(MIDDLE));
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

    /** What Redis held when the watermark had come to the middle. */
    private static Map<String, Map<String, String>> hashes(List<AdHour> hours) {
        long end = MIDDLE.toEpochMilli();
        Map<String, Map<String, String>> hashes = new TreeMap<>();
        for (AdHour hour : hours) {
            if (hour.end() == end && !hour.isEmpty()) {
                Map<String, String> hash = new TreeMap<>();
                hash.put("clicks", String.valueOf(hour.clicks()));
                hash.put("attributed_conversions", String.valueOf(hour.conversions()));
                hash.put("attributed_value", Micros.format(hour.value()));
                hash.put("cvr", Micros.format(hour.cvr()));
                hash.put("updated_at", EventTimes.format(hour.end()));
                hashes.put("ad:" + hour.adId() + ":attribution", hash);
            }
        }
        return hashes;
    }
}
