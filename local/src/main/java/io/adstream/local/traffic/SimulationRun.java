package io.adstream.local.traffic;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Sends what a simulation makes, each record in its time, and reports what was sent. */
final class SimulationRun {

    private final RunSchedule schedule;
    private final RecordSink sink;
    private final @Nullable LabelFile labels;
    private final BooleanSupplier stopped;
    private final TrafficConsole console;

    /**
     * A run that has not begun.
     *
     * @param sink closed at the end of the run: what it says then is what is reported
     * @param labels takes what is known of single records; null where nobody asks
     */
    SimulationRun(
            RunSchedule schedule,
            RecordSink sink,
            @Nullable LabelFile labels,
            BooleanSupplier stopped,
            TrafficConsole console) {
        this.schedule = schedule;
        this.sink = sink;
        this.labels = labels;
        this.stopped = stopped;
        this.console = console;
    }

    /**
     * Sends and reports.
     *
     * @param adServer the one that the simulation asks; null where it has none
     * @return whether all has arrived
     */
    boolean send(Simulation simulation, @Nullable AuditedAdServer adServer) throws IOException {
        Instant began = Instant.now();
        Pacer pacer = schedule.pacer(simulation.options().start(), stopped);
        try (ProgressLine progress = console.progress(sink)) {
            sendAll(simulation, pacer, progress);
        }
        sink.close();
        TrafficReport report =
                TrafficReport.ofSimulation(
                        simulation,
                        SpeedText.format(schedule.pace()),
                        Duration.between(began, Instant.now()),
                        sink);
        if (adServer != null) {
            report.adServer(adServer);
        }
        console.print(report);
        return sink.delivered() == simulation.tally().sent();
    }

    /**
     * Sends until the limit, the stop or a failure of the sink; then waits for what is under way.
     * What the simulation has tallied is then exactly what the sink was given.
     */
    private void sendAll(Simulation simulation, Pacer pacer, @Nullable ProgressLine progress)
            throws IOException {
        long limit = schedule.events();
        long sent = 0;
        while ((limit == 0 || sent < limit) && !stopped.getAsBoolean() && sink.failure() == null) {
            TrafficRecord record = simulation.next();
            pacer.await(record.sentAt());
            sink.send(
                    record.topic().topic(),
                    record.key(),
                    record.value(),
                    record.verdict() == Verdict.VALID ? null : record.expected());
            if (labels != null) {
                labels.add(record);
            }
            sent++;
            if (progress != null) {
                progress.at(sent, record.sentAt());
            }
        }
        sink.flush();
    }
}
