package io.adstream.dashboard.store;

/** A service that the page reads. */
public enum Service {
    REDIS("Redis"),
    POSTGRES("PostgreSQL"),
    FLINK("Flink");

    private final String title;

    Service(String title) {
        this.title = title;
    }

    /** Its name towards people. */
    public String title() {
        return title;
    }
}
