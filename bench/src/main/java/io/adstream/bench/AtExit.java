package io.adstream.bench;

import io.adstream.testing.services.TestService;
import java.util.List;

/** What is to be done where a run is interrupted. */
final class AtExit {

    private AtExit() {}

    /** Closes the services when the JVM ends. */
    static void close(TestService... services) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> List.of(services).forEach(TestService::close), "close"));
    }
}
