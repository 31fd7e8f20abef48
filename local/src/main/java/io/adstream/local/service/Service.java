package io.adstream.local.service;

import io.adstream.local.process.ProcessSpec;
import java.time.Duration;

/** A server that the system needs, run as a process of its own. */
public interface Service {

    /** Its name towards users and of its process. */
    String name();

    /** Where it is reached, for the progress line. */
    String address();

    /** Makes everything ready that its process needs: programs, configuration, data folder. */
    void prepare();

    /**
     * The process to start.
     *
     * @param attempt how often it was started before under this supervisor
     */
    ProcessSpec process(int attempt);

    /** Whether it answers now; returns soon in either case. */
    boolean answers();

    /** How long it may take from the start of its process until it answers. */
    default Duration patience() {
        return Duration.ofSeconds(90);
    }
}
