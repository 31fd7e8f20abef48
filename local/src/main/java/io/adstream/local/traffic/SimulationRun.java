package io.adstream.local.traffic;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** Sends what a simulation makes. */
final class SimulationRun {

    private final Simulation simulation;
    private final RecordSink sink;
    private final Pacer pacer;
    private final BooleanSupplier stopped;
    private final @Nullable LabelFile labels;
    private final ObjLongConsumer<TrafficRecord> progress;

    /**
     * A run that has not begun.
     *
     * @param progress told of each record and how many were sent
     */
    SimulationRun(
            Simulation simulation,
            RecordSink sink,
            Pacer pacer,
            BooleanSupplier stopped,
            @Nullable LabelFile labels,
            ObjLongConsumer<TrafficRecord> progress) {
        this.simulation = simulation;
        this.sink = sink;
        this.pacer = pacer;
        this.stopped = stopped;
        this.labels = labels;
        this.progress = progress;
    }

    /**
     * Sends until the limit, the stop or a failure of the sink; then waits for what is under way.
     * What the simulation has tallied is then exactly what the sink was given.
     *
     * @param events how many records; 0 is no limit
     */
    void run(long events) throws IOException {
        long sent = 0;
        while ((events == 0 || sent < events)
                && !stopped.getAsBoolean()
                && sink.failure() == null) {
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
            progress.accept(record, ++sent);
        }
        sink.flush();
    }
}
