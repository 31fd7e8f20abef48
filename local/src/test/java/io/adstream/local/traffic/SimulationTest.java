package io.adstream.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RejectCode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");

    private static SimulationOptions.Builder options() {
        return SimulationOptions.builder().seed(7).rate(500).start(START);
    }

    private static List<TrafficRecord> run(SimulationOptions options, int records) {
        Simulation simulation = new Simulation(options);
        List<TrafficRecord> made = new ArrayList<>(records);
        for (int i = 0; i < records; i++) {
            made.add(simulation.next());
        }
        return made;
    }

    @Test
    void equalOptionsGiveEqualRecords() {
        Simulation one = new Simulation(options().build());
        Simulation two = new Simulation(options().build());
        for (int i = 0; i < 200_000; i++) {
            TrafficRecord a = one.next();
            TrafficRecord b = two.next();
            assertThat(Arrays.equals(a.value(), b.value())).isTrue();
            assertThat(Arrays.equals(a.key(), b.key())).isTrue();
            assertThat(a.sentAt()).isEqualTo(b.sentAt());
            assertThat(a.expected()).isEqualTo(b.expected());
        }
    }

    @Test
    void anotherSeedOrStartGivesOtherIds() {
        String first = run(options().clean().commerceShare(0).build(), 1).get(0).eventId();
        String otherSeed =
                run(options().clean().commerceShare(0).seed(8).build(), 1).get(0).eventId();
        String otherStart =
                run(options().clean().commerceShare(0).start(START.plusSeconds(1)).build(), 1)
                        .get(0)
                        .eventId();
        assertThat(Set.of(first, otherSeed, otherStart)).hasSize(3);
    }

    @Test
    void theRateIsExactAndTimeNeverGoesBack() {
        List<TrafficRecord> records = run(options().rate(250).build(), 25_000);
        long last = 0;
        for (TrafficRecord record : records) {
            assertThat(record.sentAt()).isGreaterThanOrEqualTo(last);
            last = record.sentAt();
        }
        assertThat(last).isCloseTo(START.toEpochMilli() + 100_000, within(1L));
    }

    @Test
    void theDailyCurvePeaksInTheEveningAndKeepsTheMean() {
        Simulation simulation = new Simulation(options().clean().rate(5).dailyCurve(0.8).build());
        long[] perHour = new long[24];
        long end = START.plus(Duration.ofDays(1)).toEpochMilli();
        TrafficRecord record = simulation.next();
        while (record.sentAt() < end) {
            perHour[(int) ((record.sentAt() - START.toEpochMilli()) / 3_600_000)]++;
            record = simulation.next();
        }
        assertThat(Arrays.stream(perHour).sum() / 86_400.0).isCloseTo(5, within(0.01));
        assertThat(perHour[20] / 3_600.0).isCloseTo(9, within(0.2));
        assertThat(perHour[8] / 3_600.0).isCloseTo(1, within(0.2));
    }

    @Test
    void aRunThatIsToEndAtATimeBeginsEarlyEnough() {
        for (int hour = 0; hour < 24; hour += 3) {
            long end = START.plus(Duration.ofHours(hour)).toEpochMilli();
            for (int records : new int[] {10, 5_000, 400_000}) {
                Duration length = SimulationClock.lengthUntil(end, records, 20, 0.8);
                Simulation simulation =
                        new Simulation(
                                options()
                                        .clean()
                                        .rate(20)
                                        .dailyCurve(0.8)
                                        .start(Instant.ofEpochMilli(end).minus(length))
                                        .build());
                for (int i = 0; i < records; i++) {
                    simulation.next();
                }
                assertThat(end - simulation.now()).isBetween(0L, 600_000L);
            }
        }
    }

    @Test
    void sharesAreAsAskedFor() {
        int records = 500_000;
        Simulation simulation =
                new Simulation(
                        options()
                                .duplicates(0.02)
                                .late(0.005)
                                .amending(0.01)
                                .broken(0.016)
                                .commerceShare(0.2)
                                .lateAfter(Duration.ZERO)
                                .build());
        long disordered = 0;
        for (int i = 0; i < records; i++) {
            TrafficRecord record = simulation.next();
            long age = record.sentAt() - record.eventTime();
            if (record.verdict() == Verdict.VALID && !record.amending()) {
                assertThat(age).isBetween(0L, 11_000L);
                disordered += age > 0 && record.eventId() != null ? 1 : 0;
            } else if (record.amending()) {
                assertThat(age).isBetween(80_000L, 240_000L);
            } else if (record.verdict() == Verdict.LATE) {
                assertThat(age).isBetween(1_800_000L, 3_000_000L);
            } else if (record.verdict() == Verdict.DUPLICATE) {
                assertThat(age).isBetween(1L, 200_000L + 240_000L);
            }
        }
        Tally tally = simulation.tally();
        Tally.OfTopic ads = tally.of(InputTopic.AD_EVENTS);
        Tally.OfTopic shop = tally.of(InputTopic.COMMERCE_EVENTS);
        assertThat(ads.sent() + shop.sent()).isEqualTo(records);
        assertThat(shop.sent() / (double) records).isCloseTo(0.2, within(0.01));
        assertThat(share(ads, shop, Verdict.DUPLICATE)).isCloseTo(0.02, within(0.001));
        assertThat(share(ads, shop, Verdict.LATE)).isCloseTo(0.005, within(0.0005));
        assertThat(share(ads, shop, Verdict.REJECTED)).isCloseTo(0.016, within(0.001));
        assertThat(tally.amending() / (double) records).isCloseTo(0.01, within(0.001));
        assertThat(disordered / (double) records).isCloseTo(0.2, within(0.025));
        Map<RejectCode, Long> codes = new EnumMap<>(RejectCode.class);
        ads.rejectedByCode().forEach((code, n) -> codes.merge(code, n, Long::sum));
        shop.rejectedByCode().forEach((code, n) -> codes.merge(code, n, Long::sum));
        assertThat(codes).containsOnlyKeys(RejectCode.values());
        codes.values()
                .forEach(n -> assertThat(n / (double) records).isCloseTo(0.002, within(4e-4)));
    }

    private static double share(Tally.OfTopic a, Tally.OfTopic b, Verdict verdict) {
        return (a.of(verdict) + b.of(verdict)) / (double) (a.sent() + b.sent());
    }

    @Test
    void everyPrefixIsAsReported() {
        Simulation simulation =
                new Simulation(options().broken(0.02).late(0.01).duplicates(0.05).build());
        Recount ads = new Recount(InputTopic.AD_EVENTS);
        Recount shop = new Recount(InputTopic.COMMERCE_EVENTS);
        for (int i = 1; i <= 150_000; i++) {
            TrafficRecord record = simulation.next();
            String counted =
                    (record.topic() == InputTopic.AD_EVENTS ? ads : shop).add(record.value());
            assertThat(counted)
                    .as("%s %s", record.defect(), record.eventId())
                    .isEqualTo(record.expected());
            if (i % 50_000 == 0) {
                assertThatTallyIs(simulation.tally(), ads, shop);
            }
        }
    }

    static void assertThatTallyIs(Tally tally, Recount ads, Recount shop) {
        assertThat(counts(tally.of(InputTopic.AD_EVENTS))).isEqualTo(ads.counts);
        assertThat(counts(tally.of(InputTopic.COMMERCE_EVENTS))).isEqualTo(shop.counts);
        assertThat(ads.byType.get("IMPRESSION")).isEqualTo(tally.impressions());
        assertThat(ads.byType.get("CLICK")).isEqualTo(tally.clicks());
        assertThat(ads.byType.get("CONVERSION"))
                .isEqualTo(tally.conversions() + tally.conversionsWithoutAd());
        assertThat(ads.conversionsWithoutAd).isEqualTo(tally.conversionsWithoutAd());
        assertThat(ads.cost).isEqualByComparingTo(BigDecimal.valueOf(tally.costMicros(), 6));
        assertThat(ads.revenue).isEqualByComparingTo(BigDecimal.valueOf(tally.revenueMicros(), 6));
    }

    static Map<String, Long> counts(Tally.OfTopic topic) {
        Map<String, Long> counts = new TreeMap<>();
        for (Verdict verdict : Verdict.values()) {
            if (verdict != Verdict.REJECTED && topic.of(verdict) > 0) {
                counts.put(verdict.name(), topic.of(verdict));
            }
        }
        topic.rejectedByCode().forEach((code, n) -> counts.put(code.name(), n));
        return counts;
    }

    @ParameterizedTest
    @EnumSource(InputTopic.class)
    void theParserOfTheJobsJudgesAlike(InputTopic topic) {
        EventContract contract =
                topic == InputTopic.AD_EVENTS
                        ? EventContract.AD_EVENTS
                        : EventContract.COMMERCE_EVENTS;
        EventParser parser = new EventParser(contract, ZoneOffset.UTC);
        InputEvent event = contract.newEvent();
        Simulation simulation =
                new Simulation(options().broken(0.5).late(0).commerceShare(0.5).build());
        Set<String> defects = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            TrafficRecord record = simulation.next();
            if (record.topic() != topic) {
                continue;
            }
            RejectCode judged = parser.parse(record.value(), record.sentAt(), event);
            if (record.code() == RejectCode.ID_CONFLICT) {
                assertThat(judged).isNull();
            } else {
                assertThat(judged)
                        .as(
                                "%s: %s",
                                record.defect(),
                                record.value() == null
                                        ? null
                                        : new String(record.value(), StandardCharsets.UTF_8))
                        .isEqualTo(record.code());
            }
            if (judged == null) {
                assertThat(event.eventTime).isEqualTo(record.eventTime());
            } else {
                defects.add(Objects.requireNonNull(record.defect()));
            }
        }
        assertThat(defects)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Defect.values()).map(Defect::label).toList());
    }

    @Test
    void linesOnlyHasNoRecordThatIsNoLine() {
        for (TrafficRecord record : run(options().broken(0.5).linesOnly(true).build(), 100_000)) {
            String value =
                    new String(Objects.requireNonNull(record.value()), StandardCharsets.ISO_8859_1);
            if (value.isBlank() || value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
                throw new AssertionError(record.defect() + " is no line: " + value);
            }
        }
    }

    @Test
    void aConflictFollowsItsOriginalThroughTheSamePartition() {
        Map<String, TrafficRecord> originals = new HashMap<>();
        int conflicts = 0;
        for (TrafficRecord record : run(options().broken(0.1).build(), 50_000)) {
            if (record.code() == RejectCode.ID_CONFLICT) {
                TrafficRecord original = originals.get(record.eventId());
                assertThat(original).isNotNull();
                assertThat(record.key()).isEqualTo(original.key());
                assertThat(record.value()).isNotEqualTo(original.value());
                conflicts++;
            } else if (record.verdict() == Verdict.VALID && record.eventId() != null) {
                originals.put(record.eventId(), record);
            }
        }
        assertThat(conflicts).isGreaterThan(300);
    }

    @Test
    void lateRecordsWaitUntilWatermarksHaveMoved() {
        List<TrafficRecord> records =
                run(options().late(0.05).lateAfterRecords(70_000).build(), 100_000);
        for (int i = 0; i < 70_000; i++) {
            assertThat(records.get(i).verdict()).isNotEqualTo(Verdict.LATE);
        }
        assertThat(records.stream().filter(r -> r.verdict() == Verdict.LATE).count())
                .isCloseTo(1_500, within(200L));
    }

    @Test
    void aBacklogAgesLateRecordsByWhatPartitionsMayDrift() {
        SimulationOptions slow = options().rate(100).forBacklog(1_000_000).build();
        assertThat(slow.lateAfterRecords()).isEqualTo(400_000);
        assertThat(slow.lateMinAge()).isEqualTo(Duration.ofSeconds(4_600));
        SimulationOptions brief = options().rate(10_000).forBacklog(20_000).build();
        assertThat(brief.lateAfterRecords()).isEqualTo(10_000);
        assertThat(brief.lateMinAge()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void popularityFollowsZipf() {
        Map<String, Integer> shown = new HashMap<>();
        for (TrafficRecord record : run(options().clean().commerceShare(0).build(), 200_000)) {
            if (record.type().equals("IMPRESSION")) {
                shown.merge(record.adId(), 1, Integer::sum);
            }
        }
        assertThat(shown.get("ad-1") / (double) shown.get("ad-10")).isCloseTo(10, within(1.5));
        assertThat(shown.size()).isGreaterThan(900);
    }

    @Test
    void aJourneyIsMadeOfClicksThatWereSent() {
        Map<String, TrafficRecord> clicks = new HashMap<>();
        Set<Integer> lengths = new HashSet<>();
        boolean elsewhere = false;
        int journeys = 0;
        for (TrafficRecord record :
                run(options().clean().rate(20).disordered(0.2).build(), 500_000)) {
            if (record.type().equals("CLICK")) {
                clicks.put(record.eventId(), record);
            }
            Journey journey = record.journey();
            if (journey == null) {
                continue;
            }
            journeys++;
            lengths.add(journey.touches().size());
            long last = 0;
            for (Journey.Touch touch : journey.touches()) {
                TrafficRecord click = clicks.get(touch.clickId());
                assertThat(click).isNotNull();
                assertThat(click.eventTime()).isEqualTo(touch.clickTime());
                assertThat(click.adId()).isEqualTo(touch.adId());
                assertThat(touch.clickTime()).isBetween(last, record.eventTime());
                last = touch.clickTime();
                elsewhere |= !touch.deviceId().equals(journey.deviceId());
            }
        }
        assertThat(journeys).isGreaterThan(100);
        assertThat(lengths).contains(1, 2, 3);
        assertThat(elsewhere).isTrue();
    }

    @Test
    void theAdServerIsToldOfEveryClickAndStopsWhatIsPaused() {
        Map<String, Long> spent = new HashMap<>();
        Set<String> paused = new HashSet<>();
        AdServer server =
                new AdServer() {
                    @Override
                    public boolean serves(Campaign campaign) {
                        return !paused.contains(campaign.id());
                    }

                    @Override
                    public void spent(Campaign campaign, long eventTime, long micros) {
                        spent.merge(campaign.id(), micros, Long::sum);
                    }
                };
        Simulation simulation = new Simulation(options().clean().build(), server);
        Map<String, Long> counted = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            TrafficRecord record = simulation.next();
            if (record.type().equals("CLICK")) {
                counted.merge(record.campaignId(), record.costMicros(), Long::sum);
            }
        }
        assertThat(spent).isNotEmpty().isEqualTo(counted);

        paused.add("cmp-1");
        for (int i = 0; i < 100_000; i++) {
            TrafficRecord record = simulation.next();
            if (record.type().equals("IMPRESSION")) {
                assertThat(record.campaignId()).isNotEqualTo("cmp-1");
            }
        }

        simulation.market().campaigns().forEach(campaign -> paused.add(campaign.id()));
        for (int i = 0; i < 1_000; i++) {
            assertThat(simulation.next().type()).isNotEqualTo("IMPRESSION");
        }
    }

    @Test
    void anImpossibleOptionIsRefusedByName() {
        assertThatThrownBy(() -> options().duplicates(0.9).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0.9")
                .hasMessageContaining("duplicates")
                .hasMessageContaining("from 0 to 0.5");
        assertThatThrownBy(() -> options().rate(5).scenario(Scenario.CLICK_FLOOD).build())
                .hasMessageContaining("click-flood");
        assertThatThrownBy(() -> Scenario.named("flood"))
                .hasMessageContaining("click-flood, ctr-spike");
    }

    @Test
    void everyBrokenCodeHasAWayToBreakIt() {
        Set<RejectCode> codes = EnumSet.of(RejectCode.ID_CONFLICT);
        for (Defect defect : Defect.values()) {
            if (defect.canBeLine()) {
                codes.add(defect.code());
            }
        }
        assertThat(codes).containsExactlyInAnyOrder(RejectCode.values());
    }
}
