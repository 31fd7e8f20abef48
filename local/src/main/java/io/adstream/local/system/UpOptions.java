package io.adstream.local.system;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for when starting a system.
 *
 * @param jobs the jobs to run
 * @param traffic whether to start the simulator
 * @param rate its records per second
 * @param parallelism for every job; null for what the configuration says
 * @param stateBackend {@code hashmap} or {@code rocksdb}; null for what the configuration says
 * @param fresh whether to begin without the data of earlier runs
 * @param portOffset what is added to the ports
 * @param flink settings of Flink that win over all others
 */
public record UpOptions(
        List<String> jobs,
        boolean traffic,
        double rate,
        @Nullable Integer parallelism,
        @Nullable String stateBackend,
        boolean fresh,
        int portOffset,
        Map<String, String> flink) {

    public UpOptions {
        jobs = List.copyOf(jobs);
        flink = Map.copyOf(flink);
    }
}
