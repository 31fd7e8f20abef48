package io.adstream.local.system;

import io.adstream.local.CommandFailure;
import io.adstream.local.Report;
import io.adstream.local.flink.FlinkRest;
import io.adstream.local.flink.JobManagerService;
import io.adstream.local.flink.JobRecord;
import io.adstream.local.flink.JobStopper;
import io.adstream.local.process.PidFile;
import io.adstream.local.process.ProcessIdentity;
import io.adstream.local.process.StopSignal;
import io.adstream.local.process.Stopper;
import io.adstream.local.service.KafkaService;
import io.adstream.local.service.PostgresService;
import io.adstream.local.service.RedisService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Stops a system in the reverse order of its start: what makes load, the jobs with savepoints,
 * Flink, the services. Only processes that were started for it, known by their pid files.
 */
final class SystemStop {

    private static final Duration SAVEPOINT = Duration.ofSeconds(90);
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Set<String> SERVICES =
            Set.of(KafkaService.NAME, PostgresService.NAME, RedisService.NAME);

    private final DataDir data;
    private final SystemState state;
    private final Report report;

    SystemStop(DataDir data, SystemState state, Report report) {
        this.data = data;
        this.state = state;
        this.report = report;
    }

    /** Stops everything. */
    void stopAll() {
        List<String> load = new ArrayList<>();
        List<String> flink = new ArrayList<>();
        List<String> services = new ArrayList<>();
        for (String name : state.processes()) {
            boolean ofFlink =
                    name.equals(JobManagerService.NAME) || name.startsWith("taskmanager-");
            (ofFlink ? flink : SERVICES.contains(name) ? services : load).add(name);
        }
        stop(load);
        stopJobs();
        stop(flink);
        stop(services);
    }

    /** Stops the processes without savepoints: what a supervisor that was killed left behind. */
    void stopProcesses() {
        List<String> names = new ArrayList<>(state.processes());
        stop(names);
    }

    private void stopJobs() {
        FlinkRest rest = new FlinkRest(new Ports(state.portOffset()).flink());
        Map<String, String> running;
        try {
            running = rest.jobs();
        } catch (IOException e) {
            return;
        }
        List<CompletableFuture<Void>> stops = new ArrayList<>();
        for (JobRecord job : JobRecord.all(data)) {
            if (job.wanted() && "RUNNING".equals(running.get(String.valueOf(job.id())))) {
                stops.add(CompletableFuture.runAsync(() -> stopJob(rest, job)));
            }
        }
        stops.forEach(CompletableFuture::join);
    }

    private void stopJob(FlinkRest rest, JobRecord job) {
        try {
            Path savepoint =
                    new JobStopper(rest, SAVEPOINT)
                            .stop(
                                    job.name(),
                                    String.valueOf(job.id()),
                                    data.stopSavepoints(job.name()));
            report.say(job.name() + " stopped with " + savepoint.getFileName());
        } catch (CommandFailure e) {
            report.say(e.getMessage() + "; it will continue from its newest checkpoint");
        }
        job.unwanted().write(data.jobFile(job.name()));
    }

    private void stop(List<String> names) {
        List<CompletableFuture<Void>> stops =
                names.stream().map(name -> CompletableFuture.runAsync(() -> stop(name))).toList();
        stops.forEach(CompletableFuture::join);
    }

    private void stop(String name) {
        PidFile file = data.pidFile(name);
        Optional<ProcessIdentity> process = file.alive();
        if (process.isPresent()) {
            // On SIGTERM PostgreSQL would wait for its clients to leave.
            StopSignal signal =
                    name.equals(PostgresService.NAME) ? StopSignal.INT : StopSignal.TERM;
            boolean inOrder = Stopper.stop(process.get(), signal, GRACE);
            report.say(name + (inOrder ? " stopped" : " did not stop in time and was killed"));
        }
        file.delete();
    }
}
