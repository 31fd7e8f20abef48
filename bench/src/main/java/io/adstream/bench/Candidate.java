package io.adstream.bench;

/** Who is measured. */
public enum Candidate {
    /** The metrics job of adstream. */
    ADSTREAM("adstream"),
    /** The same results as Flink SQL would be asked for them. */
    SQL("Flink SQL"),
    /** One thread that reads, parses and counts, and nothing else. */
    BARE("bare loop");

    private final String title;

    Candidate(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
