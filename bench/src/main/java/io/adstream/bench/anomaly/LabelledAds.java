package io.adstream.bench.anomaly;

import io.adstream.anomaly.ad.AdMinute;
import io.adstream.anomaly.ad.WatchAds;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.platform.WatchPlatform;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.anomaly.rule.Signal;
import io.adstream.common.alert.Alert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** One day of many ads through the operators that watch ads and the platform. */
final class LabelledAds {

    private static final OutputTag<Penalty> PENALTIES =
            new OutputTag<>("penalties", TypeInformation.of(Penalty.class));
    private static final OutputTag<Signal> SILENCES =
            new OutputTag<>("silences", TypeInformation.of(Signal.class));
    private static final long START = 1_795_132_800_000L;
    private static final long MINUTE = 60_000;

    /** An incident of long ago may still be found so many minutes after its end. */
    private static final int AFTERMATH = 15;

    /** What came of a day. */
    static final class Result {
        long rows;
        double adDays;
        final Map<String, Integer> falseOpens = new HashMap<>();
        final Map<String, Integer> injected = new HashMap<>();
        final Map<String, Integer> found = new HashMap<>();
        final Map<String, Integer> injectedByTheLetter = new HashMap<>();
        final Map<String, Integer> foundByTheLetter = new HashMap<>();
        final Map<String, List<Integer>> minutesToFind = new HashMap<>();
        int outages;
        int outagesFound;
        int dropsInOutages;

        void add(Result other) {
            rows += other.rows;
            adDays += other.adDays;
            outages += other.outages;
            outagesFound += other.outagesFound;
            dropsInOutages += other.dropsInOutages;
            merge(falseOpens, other.falseOpens);
            merge(injected, other.injected);
            merge(found, other.found);
            merge(injectedByTheLetter, other.injectedByTheLetter);
            merge(foundByTheLetter, other.foundByTheLetter);
            other.minutesToFind.forEach(
                    (rule, minutes) ->
                            minutesToFind
                                    .computeIfAbsent(rule, any -> new ArrayList<>())
                                    .addAll(minutes));
        }

        private static void merge(Map<String, Integer> into, Map<String, Integer> from) {
            from.forEach((key, count) -> into.merge(key, count, Integer::sum));
        }
    }

    private final long seed;
    private final int ads;
    private final int minutes;
    private final List<Rule> rules;

    /**
     * @param rules what is set; each rule's default where it is not among them
     */
    LabelledAds(long seed, int ads, int minutes, List<Rule> rules) {
        this.seed = seed;
        this.ads = ads;
        this.minutes = minutes;
        this.rules = rules;
    }

    /** Runs the day; every second seed has an outage of 15 minutes. */
    Result run() throws Exception {
        Draws draws = new Draws(seed);
        List<SimulatedAd> all = new ArrayList<>();
        for (int i = 0; i < ads; i++) {
            all.add(new SimulatedAd(i, draws, minutes, i % 5 == 0));
        }
        int outage = seed % 2 == 0 ? minutes * 9 / 10 : Integer.MAX_VALUE - 100;
        Result result = new Result();
        List<Step> steps = new ArrayList<>();
        try (Subtask<AdMinute> watchAds =
                        new Subtask<>(
                                new WatchAds(Duration.ofMinutes(5), Duration.ofDays(3), PENALTIES),
                                AdMinute::adId,
                                List.of(RuleStates.RULES, WatchAds.SILENCE));
                Subtask<AdMinute> watchPlatform =
                        new Subtask<>(
                                new WatchPlatform(SILENCES, PENALTIES),
                                AdMinute::adId,
                                List.of(RuleStates.RULES))) {
            for (Rule rule : rules) {
                watchAds.signal(Signal.of(rule));
                watchPlatform.signal(Signal.of(rule));
            }
            for (int m = 0; m < minutes; m++) {
                long time = START + m * MINUTE;
                boolean silent = m >= outage && m < outage + 15;
                long clicks = 0;
                long conversions = 0;
                for (SimulatedAd ad : all) {
                    AdMinute counts = ad.minute(m, time);
                    if (silent) {
                        counts =
                                new AdMinute(
                                        counts.adId(),
                                        counts.campaignId(),
                                        counts.advertiserId(),
                                        time,
                                        counts.impressions(),
                                        counts.clicks(),
                                        0);
                    }
                    clicks += counts.clicks();
                    conversions += counts.conversions();
                    if (counts.impressions() + counts.conversions() > 0) {
                        watchAds.add(counts);
                        result.rows++;
                    }
                }
                watchPlatform.add(new AdMinute("", "", "", time, 0, clicks, conversions));
                watchPlatform.watermark(time + MINUTE - 1);
                for (Signal signal : watchPlatform.side(SILENCES)) {
                    watchAds.signal(signal);
                }
                watchAds.watermark(time + MINUTE - 1);
                steps.addAll(watchPlatform.taken());
                steps.addAll(watchAds.taken());
                watchAds.side(PENALTIES);
            }
        }
        result.adDays = (double) ads * minutes / 1440;
        judge(all, steps, outage, result);
        return result;
    }

    private double guard(SimulatedAd.Kind kind) {
        boolean spike = kind == SimulatedAd.Kind.CTR_SPIKE;
        RuleId id = spike ? RuleId.CTR_SPIKE : RuleId.CVR_DROP;
        return rules.stream()
                .filter(rule -> rule.ruleId().equals(id.id()))
                .findFirst()
                .orElse(Rule.builtIn(id))
                .number(spike ? "max_chance" : "confirm_chance");
    }

    private void judge(List<SimulatedAd> all, List<Step> steps, int outage, Result result) {
        Map<String, SimulatedAd> byId = new HashMap<>();
        all.forEach(ad -> byId.put(ad.id, ad));
        Map<String, Integer> firstFound = new HashMap<>();
        boolean outageFound = false;
        for (Step step : steps) {
            Alert alert = step.alert();
            if (alert.status() != Alert.Status.OPEN) {
                continue;
            }
            int minute = (int) ((step.time() - START) / MINUTE);
            boolean inOutage = minute >= outage && minute < outage + 15 + AFTERMATH;
            if (alert.entityType() == Alert.EntityType.PLATFORM) {
                outageFound |= inOutage;
                if (!inOutage) {
                    result.falseOpens.merge(alert.ruleId(), 1, Integer::sum);
                }
                continue;
            }
            SimulatedAd ad = Objects.requireNonNull(byId.get(alert.entityId()));
            SimulatedAd.Label label = ad.label;
            if (label != null
                    && label.kind().rule.equals(alert.ruleId())
                    && minute >= label.from()
                    && minute < label.to() + AFTERMATH) {
                firstFound.merge(ad.id, minute - label.from() + 1, Math::min);
            } else if (inOutage && alert.ruleId().equals("cvr-drop")) {
                result.dropsInOutages++;
            } else if (label == null || minute < label.from() || minute > label.to() + 120) {
                // What an injected incident does to the other rule is not clean traffic.
                result.falseOpens.merge(alert.ruleId(), 1, Integer::sum);
            }
        }
        if (outage < minutes) {
            result.outages = 1;
            result.outagesFound = outageFound ? 1 : 0;
        }
        for (SimulatedAd ad : all) {
            SimulatedAd.Label label = ad.label;
            if (label == null) {
                continue;
            }
            String rule = label.kind().rule;
            Integer found = firstFound.get(ad.id);
            if (ad.isAboveGuards(1)) {
                result.injectedByTheLetter.merge(rule, 1, Integer::sum);
                result.foundByTheLetter.merge(rule, found == null ? 0 : 1, Integer::sum);
            }
            if (ad.isAboveGuards(guard(label.kind()))) {
                result.injected.merge(rule, 1, Integer::sum);
                result.found.merge(rule, found == null ? 0 : 1, Integer::sum);
                if (found != null) {
                    result.minutesToFind.computeIfAbsent(rule, any -> new ArrayList<>()).add(found);
                }
            }
        }
    }
}
