package io.adstream.local.system;

import io.adstream.common.kafka.TopicAdmin;
import io.adstream.common.kafka.TopicDifference;
import io.adstream.common.kafka.Topics;
import io.adstream.local.CommandFailure;
import io.adstream.local.Report;
import io.adstream.local.flink.JobManagerService;
import io.adstream.local.flink.JobStarter;
import io.adstream.local.flink.JobWatch;
import io.adstream.local.flink.TaskManagerService;
import io.adstream.local.install.Installation;
import io.adstream.local.process.Pause;
import io.adstream.local.process.ProcessSpec;
import io.adstream.local.process.ProcessWatch;
import io.adstream.local.process.SideBySide;
import io.adstream.local.service.DashboardService;
import io.adstream.local.service.KafkaService;
import io.adstream.local.service.Migrations;
import io.adstream.local.service.PostgresService;
import io.adstream.local.service.RedisService;
import io.adstream.local.service.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;

/**
 * Starts a system: every server at the same time, topics and tables as soon as theirs answers, then
 * the jobs, then what makes load.
 */
final class SystemStart {

    /** The simulator's process. */
    static final String TRAFFIC = "traffic";

    private static final int TASK_MANAGERS = FlinkSetup.TASK_MANAGERS;
    private static final int JOBS_AT_ONCE = 3;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(150);

    private final Installation installation;
    private final DataDir data;
    private final UpOptions options;
    private final FlinkSetup flink;
    private final ProcessWatch watch;
    private final Report report;
    private final Ports ports;
    private final PostgresService postgres;
    private final List<Service> services = new ArrayList<>();

    SystemStart(
            Installation installation,
            DataDir data,
            UpOptions options,
            FlinkSetup flink,
            ProcessWatch watch,
            Report report) {
        this.installation = installation;
        this.data = data;
        this.options = options;
        this.flink = flink;
        this.watch = watch;
        this.report = report;
        this.ports = new Ports(options.portOffset());
        this.postgres =
                new PostgresService(
                        installation.binaries(),
                        data.postgres(),
                        data.postgresPasswordFile(),
                        data.log(PostgresService.NAME),
                        ports.postgres());
        Configuration config = flink.config();
        services.add(
                new KafkaService(
                        installation,
                        data.kafka(),
                        data.run(),
                        data.log(KafkaService.NAME),
                        data.output(KafkaService.NAME),
                        ports.kafka(),
                        ports.kafkaController()));
        services.add(postgres);
        services.add(
                new RedisService(
                        installation.binaries(),
                        data.redis(),
                        data.log(RedisService.NAME),
                        ports.redis()));
        services.add(new JobManagerService(flink.processes(), flink.rest()));
        for (int number = 1; number <= TASK_MANAGERS; number++) {
            services.add(
                    new TaskManagerService(
                            flink.processes(),
                            flink.rest(),
                            number,
                            config.get(TaskManagerOptions.NUM_TASK_SLOTS)));
        }
        services.add(dashboard());
    }

    /** The dashboard stands for itself: it waits for none of the others. */
    private DashboardService dashboard() {
        return new DashboardService(
                installation,
                data.dashboardPasswordFile(),
                data.log(DashboardService.NAME),
                ports.dashboard(),
                ports.redis(),
                PostgresService.url(ports.postgres()),
                flink.rest().address());
    }

    /** The names of all processes, in the order in which they are listed. */
    List<String> processes() {
        List<String> names = new ArrayList<>(services.stream().map(Service::name).toList());
        if (options.traffic()) {
            names.add(TRAFFIC);
        }
        return names;
    }

    /** Starts everything; returns when all of it runs. */
    void start() {
        flink.processes().writeConfig();
        startServices();
        startJobs();
        if (options.traffic()) {
            watch.start(TRAFFIC, attempt -> traffic());
            report.say(String.format("%-14s %s records/s", TRAFFIC, rate()));
        }
    }

    private void startServices() {
        List<Callable<String>> starts = new ArrayList<>();
        services.forEach(service -> starts.add(() -> start(service)));
        SideBySide.run(starts, starts.size(), report::say);
    }

    /** Each is submitted by a program of its own, which takes seconds, mostly to begin. */
    private void startJobs() {
        JobStarter starter = flink.starter(report);
        List<Callable<String>> starts = new ArrayList<>();
        for (String job : options.jobs()) {
            starts.add(
                    () ->
                            String.format(
                                    "%-14s RUNNING%s",
                                    job, JobWatch.from(starter.continueOrBegin(job))));
        }
        SideBySide.run(starts, JOBS_AT_ONCE, report::say);
    }

    private String start(Service service) {
        service.prepare();
        watch.start(service.name(), service::process);
        long deadline = System.nanoTime() + service.patience().toNanos();
        while (!service.answers()) {
            if (!watch.isAlive(service.name())) {
                throw new CommandFailure(
                        service.name()
                                + " ended at its start"
                                + watch.diagnosis(service.name())
                                        .map(cause -> ": " + cause)
                                        .orElse("")
                                + ". The end of its log ("
                                + data.logs()
                                + "):\n  | "
                                + String.join("\n  | ", watch.endOfLog(service.name())));
            }
            if (System.nanoTime() > deadline) {
                throw new CommandFailure(
                        service.name()
                                + " does not answer after "
                                + service.patience().toSeconds()
                                + " s; see "
                                + data.logs()
                                + ".");
            }
            Pause.of(LOOK_AGAIN);
        }
        return String.format("%-14s %s%s", service.name(), service.address(), afterStart(service));
    }

    /** What needs this service alone. */
    private String afterStart(Service service) {
        return switch (service.name()) {
            case KafkaService.NAME -> topics();
            case PostgresService.NAME -> tables();
            default -> "";
        };
    }

    private String topics() {
        Properties client = new Properties();
        client.setProperty("bootstrap.servers", "127.0.0.1:" + ports.kafka());
        Topics topics = Topics.load(installation.topicsFile());
        try (TopicAdmin admin = TopicAdmin.connect(client, "")) {
            List<TopicDifference> changes = admin.apply(topics, 1);
            changes.stream()
                    .filter(change -> !change.isApplied())
                    .forEach(change -> report.say(change.describe()));
            long made =
                    changes.stream()
                            .filter(change -> change.kind() == TopicDifference.Kind.MISSING)
                            .count();
            return ", "
                    + topics.all().size()
                    + " topics"
                    + (made == 0 ? "" : " (" + made + " new)");
        }
    }

    private String tables() {
        postgres.createDatabase();
        Endpoints endpoints = new Endpoints(ports, data.postgresPasswordFile());
        int applied =
                Migrations.apply(
                        installation.migrations(),
                        endpoints.postgresUrl(),
                        endpoints.postgresUser(),
                        endpoints.postgresPassword());
        postgres.createReader(
                DashboardService.LOGIN, DashboardService.ROLE, data.dashboardPasswordFile());
        return applied == 0 ? ", tables up to date" : ", tables made (" + applied + " migrations)";
    }

    private ProcessSpec traffic() {
        return new ProcessSpec(
                TRAFFIC,
                List.of(
                        Installation.java(),
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-D" + Installation.ROOT_PROPERTY + "=" + installation.root(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.adstream.local.Adstream",
                        "traffic",
                        "--rate",
                        rate(),
                        "--quiet",
                        "--data-dir",
                        data.root().toString()),
                Map.of(),
                data.log(TRAFFIC),
                data.log(TRAFFIC));
    }

    private String rate() {
        double rate = options.rate();
        return rate == Math.rint(rate) ? String.valueOf((long) rate) : String.valueOf(rate);
    }
}
