package io.adstream.dashboard.live;

import java.time.Duration;
import java.util.List;

/** A part of the page. */
public interface View {

    /** Its name in {@code /api/<name>} and in the event stream. */
    String name();

    /** What it can be asked for. */
    List<Parameter> parameters();

    /**
     * Checks what concerns several parameters.
     *
     * @throws BadParameterException where they do not go together
     */
    default void check(Query query) {}

    /** How often it is read while somebody looks at it. */
    Duration interval(Query query);

    /** Something that reads it; it may remember what it read before. */
    Loader open(Query query);

    /** Reads a view. Called by one thread at a time. */
    @FunctionalInterface
    interface Loader {
        /**
         * Reads once.
         *
         * @throws io.adstream.dashboard.store.StoreException where nothing can be shown
         */
        Content load();
    }
}
