package io.adstream.budget.sync;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens the way to the counters. */
@FunctionalInterface
public interface CounterReader extends Serializable {

    /** Begins to read, in the thread that will go on to do so. */
    Session open();

    /** The reading of one thread. */
    interface Session extends AutoCloseable {

        /**
         * Reads the counters of a request as they are now.
         *
         * @return one per campaign and date, in order; null where a counter is no number
         * @throws IOException if Redis is away
         */
        List<CounterScripts.@Nullable Found> read(SampleRequest request) throws IOException;

        @Override
        void close();
    }
}
