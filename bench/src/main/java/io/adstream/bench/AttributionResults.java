package io.adstream.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rounds of {@link AttributionCommand}. */
final class AttributionResults {

    private final PrintStream out;
    private final Map<Case, Measured> measured = new LinkedHashMap<>();

    AttributionResults(PrintStream out) {
        this.out = out;
    }

    private record Case(String input, Candidate candidate, String backend) {
        String title() {
            return candidate.title() + ", " + backend;
        }
    }

    private static final class Measured {
        final List<Double> perEvent = new ArrayList<>();
        final List<Double> wall = new ArrayList<>();
        long stateBytes;
        long credited;
        boolean right = true;

        double median() {
            return Medians.median(perEvent.stream().mapToDouble(d -> d).toArray());
        }
    }

    /**
     * @param round below 0 for one that does not count
     */
    void add(
            AttributionCommand.Input input,
            Candidate candidate,
            String backend,
            int round,
            RunResult result) {
        Case each = new Case(input.name(), candidate, backend);
        Credits expected =
                candidate == Candidate.ATTRIBUTION || candidate == Candidate.WHOLE_JOIN
                        ? input.expected()
                        : input.expected().sessionsAlone();
        boolean right = result.credits().equals(expected);
        double perEvent = (double) result.jobNanos() / input.records();
        out.printf(
                Locale.ROOT,
                "%s, %s: %s %6.0f ns CPU per event (%.0f with the JIT compiler), %,9.0f events per"
                        + " CPU second, %5.1f s by the wall clock; credits %,d of %,d conversions,"
                        + " %s%n",
                input.name(),
                each.title(),
                round < 0 ? "warm-up" : "round " + (round + 1),
                perEvent,
                (double) result.cpuNanos() / input.records(),
                1e9 / perEvent,
                result.wallNanos() / 1e9,
                result.credits().conversions(),
                expected.conversions(),
                right ? "right" : "WRONG");
        if (round < 0) {
            return;
        }
        Measured sums = measured.computeIfAbsent(each, any -> new Measured());
        sums.perEvent.add(perEvent);
        sums.wall.add(input.records() / (result.wallNanos() / 1e9));
        sums.stateBytes = Math.max(sums.stateBytes, result.stateBytes());
        sums.credited = result.credits().conversions();
        sums.right &= right;
    }

    boolean adstreamIsRight() {
        return measured.entrySet().stream()
                .filter(entry -> entry.getKey().candidate() == Candidate.ATTRIBUTION)
                .allMatch(entry -> entry.getValue().right);
    }

    void print(List<AttributionCommand.Input> inputs) {
        for (AttributionCommand.Input input : inputs) {
            TextTable table =
                    new TextTable(
                            input.name(),
                            "ns CPU per event",
                            "least – most",
                            "events per CPU second",
                            "events per second (wall)",
                            "savepoint, bytes per open click",
                            "credited",
                            "credits");
            measured.forEach(
                    (each, sums) -> {
                        if (each.input().equals(input.name())) {
                            table.row(
                                    each.title(),
                                    number(sums.median()),
                                    number(
                                                    sums.perEvent.stream()
                                                            .mapToDouble(d -> d)
                                                            .min()
                                                            .orElse(0))
                                            + " – "
                                            + number(
                                                    sums.perEvent.stream()
                                                            .mapToDouble(d -> d)
                                                            .max()
                                                            .orElse(0)),
                                    number(1e9 / sums.median()),
                                    number(
                                            Medians.median(
                                                    sums.wall.stream()
                                                            .mapToDouble(d -> d)
                                                            .toArray())),
                                    number((double) sums.stateBytes / input.openClicks()),
                                    "%,d".formatted(sums.credited),
                                    sums.right ? "right" : "WRONG");
                        }
                    });
            out.println();
            out.print(table.render());
        }
        out.println();
        for (AttributionCommand.Input input : inputs) {
            measured.forEach(
                    (each, sums) -> {
                        if (each.input().equals(input.name())
                                && each.candidate() == Candidate.ATTRIBUTION) {
                            compare(each, sums);
                            if (input.crowded()) {
                                compareWithAlone(each, sums, inputs.get(0));
                            }
                        }
                    });
        }
    }

    private void compare(Case each, Measured sums) {
        for (Candidate other :
                List.of(Candidate.LITERAL_CEP, Candidate.SESSION_JOIN, Candidate.WHOLE_JOIN)) {
            @Nullable Measured theirs = measured.get(new Case(each.input(), other, each.backend()));
            if (theirs != null) {
                out.printf(
                        Locale.ROOT,
                        "adstream on %s: %.1f × the events per CPU second of %s on %s%n",
                        each.backend(),
                        theirs.median() / sums.median(),
                        other.title(),
                        each.backend());
            }
        }
    }

    private void compareWithAlone(Case each, Measured sums, AttributionCommand.Input people) {
        @Nullable Measured alone =
                measured.get(new Case(people.name(), each.candidate(), each.backend()));
        if (alone != null) {
            out.printf(
                    Locale.ROOT,
                    "adstream on %s, %s: %+.1f %% events per CPU second%n",
                    each.backend(),
                    each.input(),
                    100 * (alone.median() / sums.median() - 1));
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
