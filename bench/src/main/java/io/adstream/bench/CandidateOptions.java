package io.adstream.bench;

import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the JVMs of candidates are started: the same for all of a command. */
final class CandidateOptions {

    @Option(names = "--rounds", description = "measured rounds of each candidate")
    int rounds = 3;

    @Option(names = "--warm-up", description = "rounds before them that do not count")
    int warmUp = 2;

    @Option(names = "--backend", description = "hashmap, rocksdb or both")
    String backend = "both";

    @Option(names = "--parallelism", description = "of all Flink jobs")
    int parallelism = 2;

    @Option(names = "--heap", description = "heap of each candidate's JVM")
    String heap = "3g";

    @Option(names = "--checkpoint-seconds", description = "time between two checkpoints")
    int checkpointSeconds;

    @Option(
            names = "--jfr",
            description = "folder for a profile (Java Flight Recorder) of each candidate")
    @Nullable Path jfr;

    CandidateOptions() {
        this(10);
    }

    /**
     * @param checkpointSeconds of the product's job, unless told otherwise
     */
    CandidateOptions(int checkpointSeconds) {
        this.checkpointSeconds = checkpointSeconds;
    }

    List<String> backends() {
        return backend.equals("both") ? List.of("hashmap", "rocksdb") : List.of(backend);
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "%d processors, Java %s, parallelism %d, heap %s, checkpoints every %d s%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                parallelism,
                heap,
                checkpointSeconds);
    }

    CandidateJvm start(
            Candidate candidate,
            String stateBackend,
            KafkaProcess kafka,
            RedisProcess redis,
            Path folder)
            throws IOException {
        String label = candidate.name().toLowerCase(Locale.ROOT);
        Path own = Files.createDirectories(folder.resolve(label));
        Files.createDirectories(own.resolve("tmp"));
        List<String> arguments =
                new ArrayList<>(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC"));
        if (jfr != null) {
            Files.createDirectories(jfr);
            arguments.add(
                    "-XX:StartFlightRecording=settings=profile,filename="
                            + jfr.resolve(label + "-" + stateBackend + ".jfr"));
        }
        return CandidateJvm.start(
                CandidateMain.class,
                new CandidateSettings(
                        candidate,
                        stateBackend,
                        parallelism,
                        kafka.bootstrapServers(),
                        redis.host(),
                        redis.port(),
                        checkpointSeconds,
                        own.toString(),
                        EngineSettings.ofProduction()),
                arguments,
                folder.resolve(label + ".log"));
    }
}
