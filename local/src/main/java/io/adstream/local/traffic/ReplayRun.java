package io.adstream.local.traffic;

import io.adstream.common.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends a user's own log to a system that may have moved on: moves its times, or says that they are
 * too old; and reports what was sent.
 */
final class ReplayRun {

    /** Exit code: nothing was sent, because every record would be LATE. */
    static final int ALL_LATE = 4;

    private final Path file;
    private final LogOptions log;
    private final double pace;
    private final long events;
    private final ServiceOptions services;
    private final WallClock wall;
    private final TrafficConsole console;

    /**
     * A run that has not begun.
     *
     * @param pace event time per wall time
     * @param events how many records; 0 is all
     */
    ReplayRun(
            Path file,
            LogOptions log,
            double pace,
            long events,
            ServiceOptions services,
            WallClock wall,
            TrafficConsole console) {
        this.file = file;
        this.log = log;
        this.pace = pace;
        this.events = events;
        this.services = services;
        this.wall = wall;
        this.console = console;
    }

    /**
     * Sends it and reports.
     *
     * @return the exit code: 0, 1 where not all has arrived, or {@link #ALL_LATE}
     * @throws ConfigException where the file or the broker is not there
     */
    int send() throws IOException {
        if (!Files.isRegularFile(file) && !Files.isReadable(file)) {
            throw new ConfigException("The file " + file + " cannot be read. Does it exist?");
        }
        Replay replay = new Replay(file, log.topic, wall);
        Optional<Instant> watermark =
                log.shiftToNow
                        ? Optional.empty()
                        : MetricsWatermark.read(services.postgresUrl(), console);
        long shift = 0;
        if (log.shiftToNow || watermark.isPresent()) {
            Replay.Times times = replay.times();
            if (times == null) {
                console.remark("No line of " + file + " has an event_time that can be read.");
            } else if (log.shiftToNow) {
                shift = Replay.shiftToNow(times, pace, wall.millis());
            } else if (!isWorthSending(times, watermark.get())) {
                return ALL_LATE;
            }
        }
        return send(replay, shift) ? 0 : 1;
    }

    /** Compares the log with the watermark, says what is LATE, and whether to go on. */
    private boolean isWorthSending(Replay.Times times, Instant watermark) {
        if (Replay.isLate(times.greatest(), watermark.toEpochMilli())) {
            String problem =
                    "Every record of "
                            + file
                            + " would be LATE: the newest is of "
                            + Instant.ofEpochMilli(times.greatest())
                            + ", and the metrics job has come to "
                            + watermark
                            + ", more than 5 min after its minute.";
            if (!log.force) {
                console.say(
                        problem
                                + " Nothing was sent. Use --shift-to-now to move the event times to"
                                + " now, start the system with ./adstream up --fresh --no-traffic to"
                                + " begin empty, or send them nevertheless with --force.");
                return false;
            }
            console.remark(problem);
        } else if (Replay.isLate(times.first(), watermark.toEpochMilli())) {
            console.remark(
                    "The log begins behind the metrics job, which has come to "
                            + watermark
                            + ": its older records are LATE there.");
        }
        return true;
    }

    private boolean send(Replay replay, long shift) throws IOException {
        try (StopSignal stop = new StopSignal();
                RecordSink sink =
                        KafkaRecords.connect(services.kafkaAddress(), List.of(log.topic))) {
            Instant began = Instant.now();
            try (ProgressLine progress = console.progress(sink)) {
                replay.run(
                        sink, pace, shift, events, stop, (sent, time) -> at(progress, sent, time));
            }
            sink.close();
            TrafficReport report =
                    TrafficReport.ofReplay(
                            replay,
                            file.toString(),
                            log.topic,
                            SpeedText.format(pace),
                            shift,
                            Duration.between(began, Instant.now()),
                            sink);
            console.print(report);
            return sink.delivered() == replay.sent();
        }
    }

    private static void at(@Nullable ProgressLine progress, long sent, long time) {
        if (progress != null) {
            progress.at(sent, time);
        }
    }
}
