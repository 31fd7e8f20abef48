package io.adstream.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The measured rounds of the metrics benchmark: tables, and who is how much faster. */
final class MetricsResults {

    private final Map<String, List<Double>> perEvent = new LinkedHashMap<>();
    private final Map<String, List<Double>> wholePerEvent = new LinkedHashMap<>();
    private final Map<String, List<Double>> wall = new LinkedHashMap<>();
    private final Map<String, Boolean> right = new LinkedHashMap<>();
    private final Map<String, Long> counted = new LinkedHashMap<>();
    private final Set<MetricsCommand.Measured> measured = new LinkedHashSet<>();
    private final PrintStream out;

    MetricsResults(PrintStream out) {
        this.out = out;
    }

    /**
     * Adds a round.
     *
     * @param nanos CPU time per event
     * @param sumsRight whether it counted what it should
     */
    void add(
            MetricsCommand.Case input,
            MetricsCommand.Measured who,
            double nanos,
            RunResult result,
            InputFiller.Input topic,
            boolean sumsRight) {
        String key = key(input, who);
        measured.add(who);
        perEvent.computeIfAbsent(key, k -> new ArrayList<>()).add(nanos);
        wholePerEvent
                .computeIfAbsent(key, k -> new ArrayList<>())
                .add((double) result.wholeCpuNanos() / topic.records());
        wall.computeIfAbsent(key, k -> new ArrayList<>())
                .add(topic.records() / (result.wallNanos() / 1e9));
        right.merge(key, sumsRight, Boolean::logicalAnd);
        counted.put(
                key,
                who.candidate() == Candidate.BARE
                        ? result.counts().getOrDefault("ad_1m", Counts.NONE).events()
                        : topic.expected().events());
    }

    private static String key(MetricsCommand.Case input, MetricsCommand.Measured who) {
        return input.name() + '/' + who.title();
    }

    /** Prints the table of a setting. */
    void print(MetricsCommand.Case input) {
        TextTable table =
                new TextTable(
                        input.name(),
                        "events read",
                        "counted",
                        "ns CPU per event",
                        "least – most",
                        "events per CPU second",
                        "with JIT and deployment, ns",
                        "events per second (wall)",
                        "sums");
        for (MetricsCommand.Measured who : measured) {
            String key = key(input, who);
            List<Double> rounds = perEvent.get(key);
            if (rounds == null) {
                continue;
            }
            double median = median(rounds);
            table.row(
                    who.title(),
                    "%,d"
                            .formatted(
                                    (who.candidate() == Candidate.SQL
                                                    ? input.forSql()
                                                    : input.whole())
                                            .records()),
                    "%,d".formatted(counted.getOrDefault(key, 0L)),
                    number(median),
                    number(rounds.stream().mapToDouble(d -> d).min().orElse(0))
                            + " – "
                            + number(rounds.stream().mapToDouble(d -> d).max().orElse(0)),
                    number(1e9 / median),
                    number(median(wholePerEvent.getOrDefault(key, List.of()))),
                    number(median(wall.getOrDefault(key, List.of()))),
                    Boolean.TRUE.equals(right.get(key)) ? "right" : "WRONG");
        }
        out.println();
        out.print(table.render());
        ratios(input);
    }

    private void ratios(MetricsCommand.Case input) {
        Map<String, Double> medians = new HashMap<>();
        MetricsCommand.Measured bare = null;
        for (MetricsCommand.Measured who : measured) {
            List<Double> rounds = perEvent.get(key(input, who));
            if (rounds != null) {
                medians.put(who.title(), median(rounds));
                if (who.candidate() == Candidate.BARE) {
                    bare = who;
                }
            }
        }
        for (MetricsCommand.Measured who : measured) {
            Double own = medians.get(who.title());
            if (who.candidate() != Candidate.ADSTREAM || own == null) {
                continue;
            }
            Double sql =
                    medians.get(new MetricsCommand.Measured(Candidate.SQL, who.backend()).title());
            if (sql != null) {
                out.printf(
                        Locale.ROOT,
                        "adstream on %s: %.1f × the events per CPU second of Flink SQL on %s%n",
                        who.backend(),
                        sql / own,
                        who.backend());
            }
            if (bare != null) {
                out.printf(
                        Locale.ROOT,
                        "adstream on %s: %.2f × the events per CPU second of the bare loop%n",
                        who.backend(),
                        medians.get(bare.title()) / own);
            }
        }
    }

    /** Prints what the settings after the first one cost more than it. */
    void compareCases(List<MetricsCommand.Case> cases) {
        MetricsCommand.Case first = cases.get(0);
        for (MetricsCommand.Case other : cases.subList(1, cases.size())) {
            for (MetricsCommand.Measured who : measured) {
                List<Double> before = perEvent.get(key(first, who));
                List<Double> after = perEvent.get(key(other, who));
                if (before != null && after != null) {
                    out.printf(
                            Locale.ROOT,
                            "%s: %s instead of %s changes the CPU time per event by %+.0f %%%n",
                            who.title(),
                            other.name(),
                            first.name(),
                            (median(after) / median(before) - 1) * 100);
                }
            }
        }
    }

    private static double median(List<Double> values) {
        return Medians.median(values.stream().mapToDouble(d -> d).toArray());
    }

    private static String number(double value) {
        return "%,.0f".formatted(value);
    }
}
