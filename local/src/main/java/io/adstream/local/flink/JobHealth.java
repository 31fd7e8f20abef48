package io.adstream.local.flink;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges one job by what Flink's REST interface tells.
 *
 * <p>Bounds: the watermark may lag behind the wall clock by {@code maxWatermarkLag}, not counted
 * that the records themselves are old (a replay), and not at all where the input is silent and read
 * to its end; the newest checkpoint may be three intervals and half a minute old; no commit to
 * Kafka may have been refused.
 */
public final class JobHealth {

    private static final Duration CHECKPOINT_SLACK = Duration.ofSeconds(30);
    private static final int INTERVALS = 3;
    private static final String WATERMARK_LAG = "watermarkLag";
    private static final String EVENT_LAG = "currentEmitEventTimeLag";
    private static final String PENDING = "pendingRecords";
    private static final String IDLE = "sourceIdleTime";
    private static final String FAILED_COMMITS = "failedCommittables";
    private static final List<String> METRICS =
            List.of(WATERMARK_LAG, EVENT_LAG, PENDING, IDLE, FAILED_COMMITS);

    /** A source is silent when it had nothing to read for this long. */
    private static final double SILENT_MILLIS = 10_000;

    private final FlinkRest rest;
    private final Duration maxWatermarkLag;

    public JobHealth(FlinkRest rest, Duration maxWatermarkLag) {
        this.rest = rest;
        this.maxWatermarkLag = maxWatermarkLag;
    }

    /** What is wrong with the job, each in a clause; empty where nothing is. */
    public List<String> problems(String id, long nowMillis) throws IOException {
        Optional<JsonNode> job = rest.job(id);
        if (job.isEmpty()) {
            return List.of("is not on the cluster");
        }
        List<String> problems = new ArrayList<>();
        String state = job.get().path("state").asText();
        if (!state.equals("RUNNING")) {
            problems.add("is " + state);
        }
        for (JsonNode vertex : job.get().path("vertices")) {
            String status = vertex.path("status").asText();
            if (state.equals("RUNNING") && !status.equals("RUNNING")) {
                problems.add("task " + vertex.path("name").asText() + " is " + status);
            }
            judge(rest.largest(id, vertex.path("id").asText(), METRICS), problems);
        }
        checkpoints(id, job.get().path("start-time").asLong(), nowMillis, problems);
        return problems;
    }

    private void checkpoints(String id, long started, long now, List<String> problems)
            throws IOException {
        long interval = rest.checkpointConfig(id).path("interval").asLong();
        Duration bound = Duration.ofMillis(INTERVALS * interval).plus(CHECKPOINT_SLACK);
        JsonNode latest = rest.checkpoints(id).path("latest");
        long completed =
                Math.max(
                        latest.path("completed").path("latest_ack_timestamp").asLong(started),
                        latest.path("restored").path("restore_timestamp").asLong(started));
        Duration age = Duration.ofMillis(now - completed);
        if (age.compareTo(bound) > 0) {
            problems.add(
                    "the newest checkpoint is "
                            + age.toSeconds()
                            + " s old, at most "
                            + bound.toSeconds()
                            + " s is right");
        }
    }

    private void judge(Map<String, Double> metrics, List<String> problems) {
        double refused = named(metrics, FAILED_COMMITS);
        if (refused > 0) {
            problems.add(refusedCommits((long) refused));
        }
        judgeLag(
                        named(metrics, WATERMARK_LAG),
                        named(metrics, EVENT_LAG),
                        named(metrics, PENDING),
                        named(metrics, IDLE))
                .ifPresent(problems::add);
    }

    static String refusedCommits(long count) {
        return count
                + (count == 1 ? " commit to Kafka was" : " commits to Kafka were")
                + " refused (failedCommittables), and Kafka does not know the transactions as"
                + " committed: records may be missing there, as docs/local.md says under"
                + " \"Refused commits\"";
    }

    /**
     * Judges a source.
     *
     * @param watermarkLag wall clock minus watermark, ms
     * @param eventLag wall clock minus event time of the record read last, at the time of reading,
     *     ms
     * @param pending records in Kafka that were not read yet
     * @param idle how long there was nothing to read, ms
     */
    Optional<String> judgeLag(double watermarkLag, double eventLag, double pending, double idle) {
        if (watermarkLag <= maxWatermarkLag.toMillis()) {
            return Optional.empty();
        }
        boolean readToItsEnd = pending <= 0;
        boolean silent = readToItsEnd && idle > SILENT_MILLIS;
        boolean oldRecords = readToItsEnd && watermarkLag - eventLag <= maxWatermarkLag.toMillis();
        return silent || oldRecords
                ? Optional.empty()
                : Optional.of(
                        "the watermark is "
                                + (long) (watermarkLag / 1000)
                                + " s behind, at most "
                                + maxWatermarkLag.toSeconds()
                                + " s is right ("
                                + (long) pending
                                + " records wait in Kafka)");
    }

    private static double named(Map<String, Double> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(
                        metric ->
                                metric.getKey().equals(name)
                                        || metric.getKey().endsWith("." + name))
                .mapToDouble(Map.Entry::getValue)
                .max()
                .orElse(0);
    }
}
