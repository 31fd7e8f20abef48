package io.adstream.testing.services;

import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Where the shared servers of a test JVM come from. */
public enum ServiceMode {
    /** The real servers, started from jars on the class path. */
    EMBEDDED,
    /** The real servers in containers; needs a Docker engine. */
    TESTCONTAINERS;

    /** The system property: {@code embedded}, {@code testcontainers} or {@code auto}. */
    public static final String PROPERTY = "adstream.test.services";

    /**
     * Decides the mode. {@code auto}, also the meaning of an absent or blank setting, takes
     * containers where a Docker engine answers.
     *
     * @param setting value of the property
     * @param dockerAnswers asked only where the answer matters, since asking takes a moment
     * @throws IllegalArgumentException where the setting is none of the three
     * @throws IllegalStateException where containers are demanded and no engine answers
     */
    public static ServiceMode choose(@Nullable String setting, BooleanSupplier dockerAnswers) {
        String wanted = setting == null ? "" : setting.strip().toLowerCase(Locale.ROOT);
        return switch (wanted) {
            case "embedded" -> EMBEDDED;
            case "testcontainers" -> {
                if (!dockerAnswers.getAsBoolean()) {
                    throw new IllegalStateException(
                            PROPERTY
                                    + "=testcontainers, but no Docker engine answers; start one or"
                                    + " use embedded");
                }
                yield TESTCONTAINERS;
            }
            case "", "auto" -> dockerAnswers.getAsBoolean() ? TESTCONTAINERS : EMBEDDED;
            default ->
                    throw new IllegalArgumentException(
                            PROPERTY
                                    + "="
                                    + setting
                                    + "; allowed are embedded, testcontainers and auto");
        };
    }
}
