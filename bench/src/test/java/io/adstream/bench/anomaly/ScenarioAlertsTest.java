package io.adstream.bench.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.anomaly.ad.AdMinute;
import io.adstream.anomaly.ad.WatchAds;
import io.adstream.anomaly.flood.Click;
import io.adstream.anomaly.flood.WatchClicks;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.platform.WatchPlatform;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.anomaly.rule.Signal;
import io.adstream.anomaly.score.ScoreUpdate;
import io.adstream.anomaly.score.WatchScores;
import io.adstream.common.alert.Alert;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.SentinelIds;
import io.adstream.local.traffic.Incident;
import io.adstream.local.traffic.Scenario;
import io.adstream.local.traffic.Simulation;
import io.adstream.local.traffic.SimulationOptions;
import io.adstream.local.traffic.TrafficRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the simulator injects is what the anomaly job's operators find in its traffic, no more. */
class ScenarioAlertsTest {

    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final long MINUTE = 60_000;
    private static final Duration LATENESS = Duration.ofMinutes(5);
    private static final Duration RETENTION = Duration.ofDays(3);
    private static final OutputTag<Penalty> PENALTIES =
            new OutputTag<>("penalties", TypeInformation.of(Penalty.class));
    private static final OutputTag<Signal> SILENCES =
            new OutputTag<>("silences", TypeInformation.of(Signal.class));

    private final EventParser parser = new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC);
    private final InputEvent event = EventContract.AD_EVENTS.newEvent();
    private final TreeMap<Long, Map<String, AdMinute>> minutes = new TreeMap<>();
    private final Deque<Map<String, AdMinute>> hour = new ArrayDeque<>();
    private final Map<String, Double> scores = new HashMap<>();
    private final TreeSet<String> found = new TreeSet<>();

    @ParameterizedTest
    @CsvSource({
        // The flooding device has one address, and its clicks are of one ad.
        "CLICK_FLOOD, 500, 1000, 2, 5, click-flood IP 198.51.100.7, ctr-spike AD ad-3",
        "CTR_SPIKE, 500, 1000, 2, 6, ,",
        // Half of the conversions come within half an hour, most others within twelve hours.
        "CVR_DROP, 200, 2, 60, 75, ,",
        "TRACKING_OUTAGE, 200, 1000, 30, 40, ,",
    })
    void isFound(
            Scenario scenario,
            int rate,
            int ads,
            int afterMinutes,
            int minutesInAll,
            @Nullable String effect,
            @Nullable String otherEffect)
            throws Exception {
        List<Incident> incidents = run(scenario, rate, ads, afterMinutes, minutesInAll);
        TreeSet<String> expected = expected(scenario.commandName(), incidents);
        Stream.of(effect, otherEffect).filter(Objects::nonNull).forEach(expected::add);
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void qualityDropIsFoundByTheScoresThatFall() throws Exception {
        List<Incident> incidents = run(Scenario.QUALITY_DROP, 100, 10, 60, 115);
        // What an ad with few impressions an hour is worth goes up and down by chance.
        found.removeIf(alert -> !alert.matches("quality-drop AD ad-[0-9]"));
        assertThat(found).isEqualTo(expected("quality-drop", incidents));
    }

    private static TreeSet<String> expected(String rule, List<Incident> incidents) {
        TreeSet<String> expected = new TreeSet<>();
        for (Incident incident : incidents) {
            String id =
                    incident.entityType().equals("PLATFORM") ? Alert.PLATFORM : incident.entityId();
            expected.add(rule + " " + incident.entityType() + " " + id);
        }
        return expected;
    }

    private List<Incident> run(
            Scenario scenario, int rate, int adCount, int afterMinutes, int minutesInAll)
            throws Exception {
        Simulation simulation =
                new Simulation(
                        SimulationOptions.builder()
                                .seed(7)
                                .rate(rate)
                                .ads(adCount)
                                .start(START)
                                .clean()
                                .commerceShare(0)
                                .scenario(scenario)
                                .scenarioAfter(Duration.ofMinutes(afterMinutes))
                                .build());
        try (Subtask<Click> clicks =
                        new Subtask<>(
                                new WatchClicks(LATENESS, PENALTIES),
                                Click::key,
                                List.of(RuleStates.RULES));
                Subtask<AdMinute> ads =
                        new Subtask<>(
                                new WatchAds(LATENESS, RETENTION, PENALTIES),
                                AdMinute::adId,
                                List.of(RuleStates.RULES, WatchAds.SILENCE));
                Subtask<AdMinute> platform =
                        new Subtask<>(
                                new WatchPlatform(SILENCES, PENALTIES),
                                AdMinute::adId,
                                List.of(RuleStates.RULES));
                Subtask<ScoreUpdate> drops =
                        new Subtask<>(
                                new WatchScores(RETENTION, PENALTIES),
                                ScoreUpdate::adId,
                                List.of(RuleStates.RULES))) {
            long start = START.toEpochMilli();
            for (long end = start + MINUTE; end <= start + minutesInAll * MINUTE; end += MINUTE) {
                while (simulation.now() < end) {
                    take(simulation.next(), clicks);
                }
                Map<String, AdMinute> counts = minutes.getOrDefault(end - MINUTE, new HashMap<>());
                minutes.headMap(end).clear();
                for (AdMinute count : counts.values()) {
                    (count.adId().isEmpty() ? platform : ads).add(count);
                }
                platform.watermark(end - 1);
                for (Signal signal : platform.side(SILENCES)) {
                    ads.signal(signal);
                }
                ads.watermark(end - 1);
                clicks.watermark(end - 1);
                hour.addLast(counts);
                if (hour.size() > 60) {
                    hour.removeFirst();
                }
                if (scenario == Scenario.QUALITY_DROP && (end - start) % (5 * MINUTE) == 0) {
                    score(end, drops);
                }
                // Scores begin in the middle and find their places, some of them far below.
                long from = start + afterMinutes * MINUTE;
                opened(clicks.taken(), from);
                opened(ads.taken(), from);
                opened(platform.taken(), from);
                opened(drops.taken(), from);
            }
        }
        return simulation.incidents();
    }

    private void opened(List<Step> steps, long from) {
        for (Step step : steps) {
            Alert alert = step.alert();
            if (alert.status() == Alert.Status.OPEN && step.time() >= from) {
                found.add(alert.ruleId() + " " + alert.entityType() + " " + alert.entityId());
            }
        }
    }

    private void take(TrafficRecord record, Subtask<Click> clicks) throws Exception {
        assertThat(parser.parse(record.value(), record.sentAt(), event)).isNull();
        long minute = Math.floorDiv(event.eventTime, MINUTE) * MINUTE;
        Map<String, AdMinute> counts = minutes.computeIfAbsent(minute, any -> new HashMap<>());
        count("", "", "", minute, counts);
        String ad = event.string(AdEvents.AD_ID);
        String campaign = event.string(AdEvents.CAMPAIGN_ID);
        String advertiser = event.string(AdEvents.ADVERTISER_ID);
        if (ad == null || campaign == null || advertiser == null) {
            return;
        }
        count(ad, campaign, advertiser, minute, counts);
        if (event.eventType != AdEvents.CLICK) {
            return;
        }
        for (Alert.EntityType type : List.of(Alert.EntityType.DEVICE, Alert.EntityType.IP)) {
            String id =
                    event.string(
                            type == Alert.EntityType.DEVICE ? AdEvents.DEVICE_ID : AdEvents.IP);
            if (id != null && SentinelIds.identifies(id)) {
                clicks.add(new Click(type, id, event.eventTime, ad, campaign, advertiser, "event"));
            }
        }
    }

    private void count(
            String ad,
            String campaign,
            String advertiser,
            long minute,
            Map<String, AdMinute> counts) {
        int type = event.eventType;
        counts.merge(
                ad,
                new AdMinute(
                        ad,
                        campaign,
                        advertiser,
                        minute,
                        type == AdEvents.IMPRESSION ? 1 : 0,
                        type == AdEvents.CLICK ? 1 : 0,
                        type == AdEvents.CONVERSION ? 1 : 0),
                ScenarioAlertsTest::sum);
    }

    private static AdMinute sum(AdMinute a, AdMinute b) {
        return new AdMinute(
                a.adId(),
                a.campaignId(),
                a.advertiserId(),
                a.minute(),
                a.impressions() + b.impressions(),
                a.clicks() + b.clicks(),
                a.conversions() + b.conversions());
    }

    /** Scores as the quality job makes them, by the last hour's CTR alone and in one category. */
    private void score(long at, Subtask<ScoreUpdate> drops) throws Exception {
        Map<String, AdMinute> sums = new HashMap<>();
        hour.forEach(
                counts ->
                        counts.forEach(
                                (ad, count) -> sums.merge(ad, count, ScenarioAlertsTest::sum)));
        AdMinute all = Objects.requireNonNull(sums.remove(""));
        double pooled = (double) all.clicks() / all.impressions();
        for (AdMinute ad : sums.values()) {
            double smoothed = (ad.clicks() + 200 * pooled) / (ad.impressions() + 200);
            double raw = 5.5 + 2.25 * Math.log(smoothed / pooled) / Math.log(2);
            double before = scores.getOrDefault(ad.adId(), 5.5);
            double score = 0.3 * Math.max(1, Math.min(10, raw)) + 0.7 * before;
            scores.put(ad.adId(), score);
            drops.add(new ScoreUpdate(ScoreUpdate.Kind.SCORE, ad.adId(), score, at));
        }
        drops.watermark(at);
    }
}
