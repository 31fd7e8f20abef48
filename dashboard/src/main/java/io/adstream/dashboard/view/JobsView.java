package io.adstream.dashboard.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.Source;
import io.adstream.dashboard.live.Trouble;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.FlinkStore;
import io.adstream.dashboard.store.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The jobs as Flink has them, each name once: the newest that ran under it. */
final class JobsView implements View {

    private static final String PREFIX = "adstream-";

    /** The suite's jobs, in the order of {@code adstream up}. */
    private static final List<String> SUITE =
            List.of("metrics", "attribution", "budget", "anomaly", "features", "quality");

    private static final String RESTARTS = "numRestarts";

    private final FlinkStore flink;
    private final PostgresStore postgres;
    private final String publicUrl;

    /**
     * @param publicUrl Flink's WebUI as a browser reaches it
     */
    JobsView(FlinkStore flink, PostgresStore postgres, String publicUrl) {
        this.flink = flink;
        this.postgres = postgres;
        this.publicUrl = publicUrl;
    }

    /**
     * A job.
     *
     * @param state as Flink says it, such as RUNNING
     * @param tasksRunning of {@code tasksTotal}
     * @param restarts since it was submitted; null where it does not run
     * @param checkpointedAt when its newest checkpoint was complete, or was restored
     * @param watermark null where the job does not store it
     * @param url its page in the WebUI
     */
    record Job(
            String name,
            String id,
            String state,
            Instant startedAt,
            int tasksRunning,
            int tasksTotal,
            @Nullable Long restarts,
            @Nullable Instant checkpointedAt,
            long checkpointMillis,
            long checkpointBytes,
            long checkpointsFailed,
            @Nullable Instant watermark,
            String url) {}

    /**
     * What is shown.
     *
     * @param missing jobs of the suite that Flink does not have
     */
    record Data(
            String url,
            int taskManagers,
            int slots,
            int slotsFree,
            int running,
            List<String> missing,
            List<Job> jobs) {}

    @Override
    public String name() {
        return "jobs";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofSeconds(1);
    }

    @Override
    public Loader open(Query query) {
        Source<Map<String, Instant>> watermarks =
                new Source<>(Duration.ofSeconds(2), this::watermarks);
        // Flink itself gathers metrics every ten seconds, checkpoints whenever one is complete.
        Map<String, Source<Details>> details = new HashMap<>();
        return () -> {
            List<Trouble> troubles = new ArrayList<>();
            JsonNode cluster = flink.get("/overview");
            Map<String, JsonNode> newest = newest(flink.get("/jobs/overview").path("jobs"));
            Map<String, Instant> at = watermarks.read(troubles, Map.of());
            List<Job> jobs = new ArrayList<>();
            for (JsonNode job : newest.values()) {
                String id = job.path("jid").asText();
                boolean ended = job.path("end-time").asLong() > 0;
                Details known =
                        ended
                                ? Details.NONE
                                : details.computeIfAbsent(
                                                id,
                                                key ->
                                                        new Source<>(
                                                                Duration.ofSeconds(3),
                                                                () -> details(key)))
                                        .read(troubles, Details.NONE);
                jobs.add(job(job, known, at));
            }
            details.keySet().removeIf(id -> jobs.stream().noneMatch(job -> job.id.equals(id)));
            return new Content(
                    new Data(
                            publicUrl,
                            cluster.path("taskmanagers").asInt(),
                            cluster.path("slots-total").asInt(),
                            cluster.path("slots-available").asInt(),
                            (int) jobs.stream().filter(j -> j.state.equals("RUNNING")).count(),
                            SUITE.stream()
                                    .filter(own -> jobs.stream().noneMatch(j -> j.name.equals(own)))
                                    .toList(),
                            jobs),
                    jobs.isEmpty(),
                    troubles);
        };
    }

    private static Map<String, JsonNode> newest(JsonNode jobs) {
        Map<String, JsonNode> newest = new TreeMap<>();
        Comparator<JsonNode> byStart =
                Comparator.comparingLong(job -> job.path("start-time").asLong());
        for (JsonNode job : jobs) {
            newest.merge(
                    job.path("name").asText(), job, (a, b) -> byStart.compare(a, b) >= 0 ? a : b);
        }
        return newest;
    }

    private record Details(
            @Nullable Long restarts,
            @Nullable Instant checkpointedAt,
            long checkpointMillis,
            long checkpointBytes,
            long checkpointsFailed) {

        static final Details NONE = new Details(null, null, 0, 0, 0);
    }

    private Details details(String id) {
        JsonNode checkpoints = flink.get("/jobs/" + id + "/checkpoints");
        JsonNode latest = checkpoints.path("latest");
        JsonNode completed = latest.path("completed");
        long at =
                Math.max(
                        completed.path("latest_ack_timestamp").asLong(),
                        latest.path("restored").path("restore_timestamp").asLong());
        Long restarts = null;
        for (JsonNode metric : flink.get("/jobs/" + id + "/metrics?get=" + RESTARTS)) {
            if (metric.path("id").asText().equals(RESTARTS)) {
                restarts = metric.path("value").asLong();
            }
        }
        return new Details(
                restarts,
                at <= 0 ? null : Instant.ofEpochMilli(at),
                completed.path("end_to_end_duration").asLong(),
                completed.path("state_size").asLong(),
                checkpoints.path("counts").path("failed").asLong());
    }

    private Job job(JsonNode job, Details details, Map<String, Instant> watermarks) {
        String id = job.path("jid").asText();
        String name = job.path("name").asText();
        String own = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        boolean ended = job.path("end-time").asLong() > 0;
        return new Job(
                own,
                id,
                job.path("state").asText(),
                Instant.ofEpochMilli(job.path("start-time").asLong()),
                job.path("tasks").path("running").asInt(),
                job.path("tasks").path("total").asInt(),
                details.restarts,
                details.checkpointedAt,
                details.checkpointMillis,
                details.checkpointBytes,
                details.checkpointsFailed,
                watermarks.get(own),
                publicUrl + "/#/job/" + (ended ? "completed" : "running") + "/" + id + "/overview");
    }

    private Map<String, Instant> watermarks() {
        Map<String, Instant> watermarks = new HashMap<>();
        postgres.query(
                "select job, watermark from realtime.progress where watermark is not null",
                List.of(),
                row ->
                        watermarks.put(
                                row.getString("job"), PostgresStore.timeOf(row, "watermark")));
        return watermarks;
    }
}
