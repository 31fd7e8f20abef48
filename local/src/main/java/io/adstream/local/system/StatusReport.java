package io.adstream.local.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adstream.local.flink.FlinkRest;
import io.adstream.local.flink.JobHealth;
import io.adstream.local.flink.JobRecord;
import io.adstream.local.process.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a running system is: its addresses, jobs and processes. */
public final class StatusReport {

    /** The state of a job that the cluster does not know, or while the cluster is away. */
    private static final String MISSING = "MISSING";

    private static final String UNREACHABLE = "UNKNOWN";

    private final RunningSystem system;
    private final Endpoints endpoints;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final @Nullable String flinkFailure;

    private StatusReport(RunningSystem system) {
        this.system = system;
        this.endpoints = new Endpoints(system.ports(), system.data().postgresPasswordFile());
        Map<String, String> states = null;
        String failure = null;
        try {
            states = rest().jobs();
        } catch (IOException e) {
            failure = "Flink does not answer at " + endpoints.flink();
        }
        this.flinkFailure = failure;
        for (JobRecord job : JobRecord.all(system.data())) {
            if (job.wanted() || system.state().jobs().contains(job.name())) {
                jobs.put(job.name(), new Job(job.id(), state(job, states)));
            }
        }
        for (String job : system.state().jobs()) {
            jobs.putIfAbsent(job, new Job(null, MISSING));
        }
    }

    private static String state(JobRecord job, @Nullable Map<String, String> states) {
        if (states == null) {
            return UNREACHABLE;
        }
        return states.getOrDefault(String.valueOf(job.id()), MISSING);
    }

    /** Looks at a running system. */
    public static StatusReport of(RunningSystem system) {
        return new StatusReport(system);
    }

    private record Job(@Nullable String id, String state) {}

    private FlinkRest rest() {
        return new FlinkRest(system.ports().flink());
    }

    /** As JSON; the shape is a contract with scripts. */
    public String toJson() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("kafka", endpoints.kafka());
        root.put("redis", endpoints.redis());
        root.put("postgres", endpoints.postgresUrlWithPassword());
        root.put("flink", endpoints.flink());
        root.put("dashboard", endpoints.dashboard());
        ObjectNode jobsNode = root.putObject("jobs");
        jobs.forEach(
                (name, job) -> jobsNode.putObject(name).put("id", job.id).put("state", job.state));
        ObjectNode processes = root.putObject("processes");
        Map<String, ProcessIdentity> running = system.processes();
        for (String name : system.state().processes()) {
            ProcessIdentity process = running.get(name);
            ObjectNode node = processes.putObject(name);
            if (process == null) {
                node.putNull("pid");
            } else {
                node.put("pid", process.pid());
            }
            node.put("restarts", restarts(name));
        }
        return root.toString();
    }

    private int restarts(String process) {
        return system.state().restarts().getOrDefault(process, 0);
    }

    /** For people. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        SystemState state = system.state();
        text.append("adstream is ").append(state.phase()).append(", data in ");
        text.append(system.data().root()).append('\n');
        if (system.supervisor().isEmpty()) {
            text.append(
                    "Its supervisor was killed: nothing is started again. ./adstream up takes"
                            + " over, ./adstream down stops what is left.\n");
        }
        text.append('\n');
        line(text, "Dashboard", endpoints.dashboard());
        line(text, "Flink WebUI", endpoints.flink());
        line(text, "Kafka", endpoints.kafka());
        line(text, "Redis", endpoints.redis());
        line(text, "PostgreSQL", endpoints.postgresUrl() + "  user " + endpoints.postgresUser());
        text.append(String.format("%n%-16s %-10s %s%n", "JOB", "STATE", "ID"));
        jobs.forEach(
                (name, job) ->
                        text.append(
                                String.format(
                                        "%-16s %-10s %s%n",
                                        name, job.state, job.id == null ? "" : job.id)));
        text.append(String.format("%n%-16s %-10s %s%n", "PROCESS", "PID", "RESTARTS"));
        Map<String, ProcessIdentity> running = system.processes();
        for (String name : state.processes()) {
            ProcessIdentity process = running.get(name);
            text.append(
                    String.format(
                            "%-16s %-10s %d%n",
                            name, process == null ? "not there" : process.pid(), restarts(name)));
        }
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format("%-16s %s%n", name, value));
    }

    /** What is wrong, a sentence each; empty where nothing is. */
    public List<String> problems(Duration maxWatermarkLag) {
        List<String> problems = new ArrayList<>();
        if (system.supervisor().isEmpty()) {
            problems.add("the supervisor does not run");
        }
        if (system.state().phase() != SystemState.Phase.UP) {
            problems.add("the system is " + system.state().phase());
        }
        Map<String, ProcessIdentity> running = system.processes();
        for (String name : system.state().processes()) {
            if (!running.containsKey(name)) {
                problems.add("process " + name + " does not run");
            }
        }
        if (flinkFailure != null) {
            problems.add(flinkFailure);
            return problems;
        }
        JobHealth health = new JobHealth(rest(), maxWatermarkLag);
        jobs.forEach((name, job) -> judge(health, name, job, problems));
        return problems;
    }

    private static void judge(JobHealth health, String name, Job job, List<String> problems) {
        if (job.id == null || job.state.equals(MISSING)) {
            problems.add(name + " is not on the cluster");
            return;
        }
        try {
            health.problems(job.id, System.currentTimeMillis())
                    .forEach(problem -> problems.add(name + ": " + problem));
        } catch (IOException e) {
            problems.add(name + " cannot be judged: " + e.getMessage());
        }
    }
}
