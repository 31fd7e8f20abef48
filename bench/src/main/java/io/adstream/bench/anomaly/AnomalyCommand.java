package io.adstream.bench.anomaly;

import io.adstream.anomaly.rule.Param;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what the anomaly job finds, what it finds wrongly, and how soon. */
@Command(
        name = "anomaly",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Labelled days of ads and clicks through the job's operators: recall, false alerts"
                        + " per 1,000 ad-days, exactness of floods, the cost of a click; then the"
                        + " whole job, live: from the 101st click to the alert.")
public final class AnomalyCommand implements Callable<Integer> {

    @Option(names = "--seeds", description = "labelled days")
    int seeds = 20;

    @Option(names = "--first-seed", description = "the first of them; a run can be done in parts")
    int firstSeed = 1;

    @Option(
            names = "--set",
            paramLabel = "RULE.PARAM=VALUE",
            description =
                    "labelled days: a parameter that is not as built in, as in"
                            + " cvr-drop.confirm_chance=1")
    Map<String, Double> params = Map.of();

    @Option(names = "--ads", description = "ads of a day")
    int ads = 1000;

    @Option(names = "--hours", description = "hours of a day")
    int hours = 24;

    @Option(names = "--floods", description = "live: floods that are measured; 0 leaves it out")
    int floods = 200;

    @Option(names = "--rate", description = "live: other events per second")
    int rate = 1000;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws Exception {
        boolean good = true;
        if (seeds > 0) {
            good &= ads();
            good &= clicks();
        }
        if (floods > 0) {
            good &= new FloodLatency(floods, rate, out).measure();
        }
        return good ? 0 : 1;
    }

    private boolean ads() throws Exception {
        LabelledAds.Result all = new LabelledAds.Result();
        List<Rule> rules = rules();
        long begin = System.nanoTime();
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
            LabelledAds.Result day = new LabelledAds(seed, ads, hours * 60, rules).run();
            all.add(day);
            out.printf(
                    Locale.ROOT,
                    "seed %2d: found %s of %s, false %s%s%n",
                    seed,
                    day.found,
                    day.injected,
                    day.falseOpens.isEmpty() ? "none" : day.falseOpens,
                    day.outages == 0
                            ? ""
                            : ", outage " + (day.outagesFound == 1 ? "found" : "MISSED"));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        out.printf(
                Locale.ROOT,
                "%n%,.0f ad-days, %,d rows of ad and minute in %.0f s (%.1f µs each, simulation"
                        + " included)%n",
                all.adDays,
                all.rows,
                seconds,
                seconds * 1e6 / all.rows);
        boolean good = true;
        for (String rule : List.of("ctr-spike", "cvr-drop")) {
            double recall =
                    (double) all.found.getOrDefault(rule, 0)
                            / Math.max(1, all.injected.getOrDefault(rule, 0));
            double letter =
                    (double) all.foundByTheLetter.getOrDefault(rule, 0)
                            / Math.max(1, all.injectedByTheLetter.getOrDefault(rule, 0));
            double wrong = 1000.0 * all.falseOpens.getOrDefault(rule, 0) / all.adDays;
            List<Integer> minutes = all.minutesToFind.getOrDefault(rule, List.of());
            out.printf(
                    Locale.ROOT,
                    "%-10s recall %.4f (%d of %d above the guards; %.4f of %d without the guards"
                            + " against chance), false OPEN per 1,000 ad-days %.3f, median %d min"
                            + " to find%n",
                    rule,
                    recall,
                    all.found.getOrDefault(rule, 0),
                    all.injected.getOrDefault(rule, 0),
                    letter,
                    all.injectedByTheLetter.getOrDefault(rule, 0),
                    wrong,
                    minutes.isEmpty()
                            ? 0
                            : minutes.stream().sorted().toList().get(minutes.size() / 2));
            good &= recall >= 0.95 && wrong <= 1;
        }
        out.printf(
                Locale.ROOT,
                "tracking-outage: %d of %d found, %d false; cvr-drop in outages: %d%n",
                all.outagesFound,
                all.outages,
                all.falseOpens.getOrDefault("tracking-outage", 0),
                all.dropsInOutages);
        return good && all.outagesFound == all.outages && all.dropsInOutages == 0;
    }

    private List<Rule> rules() {
        Map<RuleId, Map<String, Double>> set = new EnumMap<>(RuleId.class);
        params.forEach(
                (name, value) -> {
                    int dot = name.indexOf('.');
                    RuleId rule = dot < 0 ? null : RuleId.of(name.substring(0, dot));
                    Param param = rule == null ? null : rule.param(name.substring(dot + 1));
                    if (rule == null || param == null || !param.allows(value)) {
                        throw new IllegalArgumentException(
                                "--set " + name + "=" + value + " is not in reference/rules.md.");
                    }
                    set.computeIfAbsent(rule, any -> new HashMap<>()).put(param.name(), value);
                });
        List<Rule> rules = new ArrayList<>();
        set.forEach(
                (rule, its) ->
                        rules.add(
                                new Rule(
                                        rule.id(),
                                        1,
                                        Rule.Scope.GLOBAL,
                                        "",
                                        its,
                                        Rule.State.ACTIVE,
                                        null)));
        return rules;
    }

    private boolean clicks() throws Exception {
        LabelledFloods.Result all = new LabelledFloods.Result();
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
            LabelledFloods.Result day = LabelledFloods.run(seed, hours * 60);
            all.clicks += day.clicks;
            all.expected += day.expected;
            all.right += day.right;
            all.wrong += day.wrong;
            all.atTheLimit += day.atTheLimit;
            all.firedAtTheLimit += day.firedAtTheLimit;
        }
        out.printf(
                Locale.ROOT,
                "click-flood: %d of %d incidents exact (breach and end to the millisecond), %d"
                        + " wrong, %d of %d devices with 100 clicks in 60 s fired; %,d clicks%n",
                all.right,
                all.expected,
                all.wrong,
                all.firedAtTheLimit,
                all.atTheLimit,
                all.clicks);
        double[] parts = LabelledFloods.millionClicks();
        StringBuilder text = new StringBuilder();
        for (double part : parts) {
            text.append(String.format(Locale.ROOT, " %.0f", part));
        }
        out.printf(
                Locale.ROOT,
                "1,000,000 clicks of one device: ns CPU per click, by hundred thousands:%s%n",
                text);
        return all.right == all.expected && all.wrong == 0 && all.firedAtTheLimit == 0;
    }
}
