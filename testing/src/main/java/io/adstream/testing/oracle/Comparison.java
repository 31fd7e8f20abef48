package io.adstream.testing.oracle;

import java.util.ArrayList;
import java.util.List;

/** What differs between what was expected and what was found. */
public final class Comparison {

    private static final int SHOWN = 20;

    private final String what;
    private final List<String> shown = new ArrayList<>();
    private long compared;
    private long differences;

    Comparison(String what) {
        this.what = what;
    }

    void compared() {
        compared++;
    }

    void differs(String difference) {
        differences++;
        if (shown.size() < SHOWN) {
            shown.add(difference);
        }
    }

    void check(Object where, String field, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            differs(where + ": " + field + " expected " + expected + ", found " + actual);
        }
    }

    /** How many rows, records or keys were looked at. */
    public long count() {
        return compared;
    }

    /** How many differences there are; the report shows the first twenty. */
    public long differenceCount() {
        return differences;
    }

    /** The first twenty differences, one a line. */
    public String report() {
        StringBuilder report = new StringBuilder(what);
        report.append(": ").append(differences).append(" differences in ").append(compared);
        shown.forEach(difference -> report.append("\n  ").append(difference));
        if (differences > shown.size()) {
            report.append("\n  and ").append(differences - shown.size()).append(" more");
        }
        return report.toString();
    }

    /** Fails with the report where anything differs, or where nothing was there to compare. */
    public Comparison assertEqual() {
        if (differences > 0) {
            throw new AssertionError(report());
        }
        if (compared == 0) {
            throw new AssertionError(what + ": nothing was compared");
        }
        return this;
    }

    @Override
    public String toString() {
        return report();
    }
}
