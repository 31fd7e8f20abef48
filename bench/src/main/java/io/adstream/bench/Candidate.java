package io.adstream.bench;

/** Who is measured. */
public enum Candidate {
    /** The metrics job of adstream. */
    ADSTREAM("adstream"),
    /** The same results as Flink SQL would be asked for them. */
    SQL("Flink SQL"),
    /** One thread that reads, parses and counts, and nothing else. */
    BARE("bare loop"),
    /** The attribution job of adstream. */
    ATTRIBUTION("adstream"),
    /** The pattern as it was first written down, by Flink's own CEP operator. */
    LITERAL_CEP("literal CEP pattern"),
    /** An interval join in Flink SQL by session, and of its pairs the last click. */
    SESSION_JOIN("SQL join by session"),
    /** The same by session and device, without repeated ids: what adstream credits. */
    WHOLE_JOIN("SQL join, same credits"),
    /** The budget job of adstream. */
    BUDGET("adstream"),
    /** A loop that adds each click to a counter of Redis and looks whether it is too much. */
    INCREMENTS("INCRBY loop"),
    /** The features job of adstream. */
    FEATURES("adstream"),
    /** The same with so few users on heap that nearly all are read from state. */
    FEATURES_FROM_STATE("adstream, users from state"),
    /** Flink's sliding and session windows, as the features were first written down. */
    LITERAL_WINDOWS("Flink's windows");

    private final String title;

    Candidate(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
