package io.adstream.local.system;

import io.adstream.local.CommandFailure;
import io.adstream.local.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ports of one system: the usual ones of each service, all moved by the same offset.
 *
 * @param offset what is added to each
 */
public record Ports(int offset) {

    private static final int KAFKA = 9092;
    private static final int KAFKA_CONTROLLER = 9093;
    private static final int REDIS = 6379;
    private static final int POSTGRES = 5432;
    private static final int FLINK = 8081;
    private static final int JOB_MANAGER = 6123;
    private static final int DASHBOARD = 8501;
    private static final int LOWEST = -4000;
    private static final int HIGHEST = 65_535 - KAFKA_CONTROLLER;

    public Ports {
        if (offset < LOWEST || offset > HIGHEST) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--port-offset is "
                            + offset
                            + ", allowed is "
                            + LOWEST
                            + " to "
                            + HIGHEST
                            + ".");
        }
    }

    public int kafka() {
        return KAFKA + offset;
    }

    public int kafkaController() {
        return KAFKA_CONTROLLER + offset;
    }

    public int redis() {
        return REDIS + offset;
    }

    public int postgres() {
        return POSTGRES + offset;
    }

    /** Flink's REST interface and WebUI. */
    public int flink() {
        return FLINK + offset;
    }

    /** Where the TaskManagers find the JobManager. */
    public int jobManager() {
        return JOB_MANAGER + offset;
    }

    public int dashboard() {
        return DASHBOARD + offset;
    }

    /** The ports that are listened on, by what they are for. */
    public Map<String, Integer> byUse() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("Kafka", kafka());
        ports.put("Kafka's controller", kafkaController());
        ports.put("Redis", redis());
        ports.put("PostgreSQL", postgres());
        ports.put("Flink's WebUI", flink());
        ports.put("the JobManager", jobManager());
        ports.put("the dashboard", dashboard());
        return ports;
    }
}
