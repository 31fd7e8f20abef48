package io.adstream.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All rounds of {@link FeaturesCommand}. */
final class FeaturesResults {

    private final PrintStream out;
    private final Map<Case, Measured> measured = new LinkedHashMap<>();

    FeaturesResults(PrintStream out) {
        this.out = out;
    }

    private record Case(Candidate candidate, String backend) {
        String title() {
            return candidate.title() + ", " + backend;
        }
    }

    private static final class Measured {
        final List<Double> perEvent = new ArrayList<>();
        final List<Double> wall = new ArrayList<>();
        double writesPerEvent;
        double stateBytesPerPerson;
        boolean right = true;

        double median() {
            return Medians.median(perEvent.stream().mapToDouble(d -> d).toArray());
        }
    }

    /**
     * @param round below 0 for one that does not count
     */
    void add(
            FeaturesCommand.Input input,
            Candidate candidate,
            String backend,
            int round,
            RunResult result) {
        Case each = new Case(candidate, backend);
        boolean right = result.features().equals(input.expected());
        double perEvent = (double) result.jobNanos() / input.records();
        double writes = (double) result.redisWrites() / input.records();
        out.printf(
                Locale.ROOT,
                "%s: %s %6.0f ns CPU per event (%.0f with the JIT compiler), %,9.0f events per CPU"
                        + " second, %5.1f s by the wall clock, %.2f writes to Redis per event;"
                        + " %,d hours, %,d sessions, %s%n",
                each.title(),
                round < 0 ? "warm-up" : "round " + (round + 1),
                perEvent,
                (double) result.cpuNanos() / input.records(),
                1e9 / perEvent,
                result.wallNanos() / 1e9,
                writes,
                result.features().hours(),
                result.features().sessions(),
                right ? "right" : "WRONG");
        Measured sums = measured.computeIfAbsent(each, any -> new Measured());
        sums.right &= right;
        if (round < 0) {
            return;
        }
        sums.perEvent.add(perEvent);
        sums.wall.add(input.records() / (result.wallNanos() / 1e9));
        sums.writesPerEvent = writes;
        sums.stateBytesPerPerson =
                Math.max(sums.stateBytesPerPerson, (double) result.stateBytes() / input.people());
    }

    boolean allRight() {
        return measured.values().stream().allMatch(each -> each.right);
    }

    void print() {
        TextTable table =
                new TextTable(
                        "shop events",
                        "ns CPU per event",
                        "least – most",
                        "events per CPU second",
                        "events per second (wall)",
                        "writes to Redis per event",
                        "savepoint, bytes per user",
                        "hours and sessions");
        measured.forEach(
                (each, sums) ->
                        table.row(
                                each.title(),
                                number(sums.median()),
                                number(sums.perEvent.stream().mapToDouble(d -> d).min().orElse(0))
                                        + " – "
                                        + number(
                                                sums.perEvent.stream()
                                                        .mapToDouble(d -> d)
                                                        .max()
                                                        .orElse(0)),
                                number(1e9 / sums.median()),
                                number(
                                        Medians.median(
                                                sums.wall.stream().mapToDouble(d -> d).toArray())),
                                String.format(Locale.ROOT, "%.2f", sums.writesPerEvent),
                                number(sums.stateBytesPerPerson),
                                sums.right ? "right" : "WRONG"));
        out.println();
        out.print(table.render());
        out.println();
        measured.forEach(
                (each, sums) -> {
                    Measured windows =
                            measured.get(new Case(Candidate.LITERAL_WINDOWS, each.backend()));
                    if (windows != null && each.candidate() != Candidate.LITERAL_WINDOWS) {
                        out.printf(
                                Locale.ROOT,
                                "%s: %.1f × the events per CPU second of %s%n",
                                each.title(),
                                windows.median() / sums.median(),
                                Candidate.LITERAL_WINDOWS.title());
                    }
                });
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
