package io.adstream.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ScenarioTest {

    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");

    private final List<TrafficRecord> records = new ArrayList<>();
    private List<Incident> incidents = List.of();

    private Incident run(Scenario scenario, int seconds) {
        SimulationOptions options =
                SimulationOptions.builder()
                        .seed(3)
                        .rate(700)
                        .zipf(1.5)
                        .start(START)
                        .clean()
                        .commerceShare(0)
                        .scenario(scenario)
                        .build();
        Simulation simulation = new Simulation(options);
        incidents = simulation.incidents();
        while (simulation.now() < START.toEpochMilli() + seconds * 1000L) {
            records.add(simulation.next());
        }
        return incidents.get(0);
    }

    private long count(Predicate<TrafficRecord> what) {
        return records.stream().filter(what).count();
    }

    private static Predicate<TrafficRecord> type(String type) {
        return record -> record.type().equals(type);
    }

    private static Predicate<TrafficRecord> during(Incident incident) {
        return record -> incident.covers(record.sentAt());
    }

    private static Predicate<TrafficRecord> ad(String id) {
        return record -> id.equals(record.adId());
    }

    @Test
    void noneHasNoLabel() {
        assertThat(SimulationOptions.builder().scenario(Scenario.NONE).build().scenarios())
                .isEmpty();
    }

    @Test
    void clickFloodClicksOverAHundredTimesWithinAMinute() {
        Incident device = run(Scenario.CLICK_FLOOD, 200);
        Incident ip = incidents.get(1);
        assertThat(device.entityType()).isEqualTo("DEVICE");
        assertThat(ip.entityType()).isEqualTo("IP");
        for (Incident incident : incidents) {
            List<TrafficRecord> clicks =
                    records.stream()
                            .filter(type("CLICK"))
                            .filter(
                                    r ->
                                            new String(r.value(), StandardCharsets.UTF_8)
                                                    .contains('"' + incident.entityId() + '"'))
                            .toList();
            assertThat(clicks).hasSize(150).allMatch(during(incident));
            assertThat(clicks.get(149).eventTime() - clicks.get(0).eventTime()).isLessThan(60_000);
        }
    }

    @Test
    void ctrSpikeMultipliesTheRateOfOneAd() {
        Incident spike = run(Scenario.CTR_SPIKE, 400);
        Predicate<TrafficRecord> target = ad(spike.entityId());
        double before =
                count(target.and(type("CLICK")).and(r -> r.sentAt() < spike.from()))
                        / (double)
                                count(
                                        target.and(type("IMPRESSION"))
                                                .and(r -> r.sentAt() < spike.from()));
        double within =
                count(target.and(type("CLICK")).and(during(spike)))
                        / (double) count(target.and(type("IMPRESSION")).and(during(spike)));
        assertThat(within / before).isGreaterThan(10);
        assertThat(spike.to() - spike.from()).isEqualTo(180_000);
    }

    @Test
    void qualityDropTakesMostClicksOfOneAd() {
        Incident drop = run(Scenario.QUALITY_DROP, 400);
        Predicate<TrafficRecord> target = ad(drop.entityId());
        long before = count(target.and(type("CLICK")).and(r -> r.sentAt() < drop.from()));
        long within = count(target.and(type("CLICK")).and(during(drop)));
        assertThat(before).isGreaterThan(20);
        // Of 280 s as against 120 s.
        assertThat(within).isLessThan(before / 3);
        assertThat(drop.to() - drop.from()).isEqualTo(3_600_000);
    }

    @Test
    void cvrDropTakesMostConversionsOfOneAd() {
        Incident drop = run(Scenario.CVR_DROP, 1_400);
        long within = count(type("CONVERSION").and(ad(drop.entityId())).and(during(drop)));
        records.clear();
        SimulationOptions calm =
                SimulationOptions.builder()
                        .seed(3)
                        .rate(700)
                        .zipf(1.5)
                        .start(START)
                        .clean()
                        .commerceShare(0)
                        .build();
        Simulation simulation = new Simulation(calm);
        while (simulation.now() < START.toEpochMilli() + 1_400_000) {
            records.add(simulation.next());
        }
        long usual = count(type("CONVERSION").and(ad(drop.entityId())).and(during(drop)));
        assertThat(usual).isGreaterThan(20);
        assertThat(within).isLessThanOrEqualTo(usual * 3 / 10);
    }

    @Test
    void budgetBurstSpendsManyTimesFaster() {
        Incident burst = run(Scenario.BUDGET_BURST, 420);
        Predicate<TrafficRecord> clicks =
                type("CLICK").and(r -> burst.entityId().equals(r.campaignId()));
        long before =
                records.stream()
                        .filter(clicks.and(r -> r.sentAt() < burst.from()))
                        .mapToLong(TrafficRecord::costMicros)
                        .sum();
        long within =
                records.stream()
                        .filter(clicks.and(during(burst)))
                        .mapToLong(TrafficRecord::costMicros)
                        .sum();
        // 120 s before, 300 s within.
        assertThat(within / 300.0 / (before / 120.0)).isGreaterThan(20);
    }

    @Test
    void trackingOutageHasNoConversions() {
        Incident outage = run(Scenario.TRACKING_OUTAGE, 1_200);
        assertThat(count(type("CONVERSION").and(during(outage)))).isZero();
        assertThat(count(type("CONVERSION"))).isPositive();
        assertThat(outage.entityType()).isEqualTo("PLATFORM");
    }

    @Test
    void hotAdTakesNineTenths() {
        Incident hot = run(Scenario.HOT_AD, 60);
        double share =
                count(type("IMPRESSION").and(ad(hot.entityId())))
                        / (double) count(type("IMPRESSION"));
        assertThat(share).isCloseTo(0.94, within(0.02));
        assertThat(hot.to()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void keyExplosionKeepsMakingAds() {
        run(Scenario.KEY_EXPLOSION, 60);
        Set<String> ads = new HashSet<>();
        records.stream().filter(type("IMPRESSION")).forEach(r -> ads.add(r.adId()));
        assertThat(ads.size()).isGreaterThan(15_000);
    }
}
