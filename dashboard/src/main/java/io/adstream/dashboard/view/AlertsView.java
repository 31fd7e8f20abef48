package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.Source;
import io.adstream.dashboard.live.Trouble;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.PostgresStore;
import io.adstream.dashboard.store.RedisStore;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.resps.StreamEntry;

/**
 * Incidents, each once as it stands: from the stream in Redis as soon as they are told, from
 * PostgreSQL what is older.
 */
final class AlertsView implements View {

    private static final Parameter STATUS = Parameter.choice("status", "all", "open", "resolved");
    private static final Parameter SEVERITY =
            Parameter.choice("severity", "all", "INFO", "WARNING", "CRITICAL");
    private static final Parameter RULE = Parameter.text("rule_id");
    private static final Parameter LIMIT = Parameter.integer("limit", 30, 1, 200);

    private static final String STREAM = "alerts:recent";
    private static final int ENTRIES = 1_000;

    /** What is open, however old, and what changed last. */
    private static final String SQL =
            """
            (select * from alerts.alerts where resolved_at is null order by updated_at desc limit 500)
            union
            (select * from alerts.alerts order by updated_at desc limit 500)
            """;

    private final RedisStore redis;
    private final Source<List<Alert>> told;
    private final Source<List<Alert>> stored;
    private String newestTold = "";
    private List<Alert> lastTold = List.of();

    AlertsView(PostgresStore postgres, RedisStore redis) {
        this.redis = redis;
        this.told = new Source<>(Duration.ofMillis(250), this::told);
        this.stored =
                new Source<>(
                        Duration.ofSeconds(2), () -> postgres.query(SQL, List.of(), Alert::of));
    }

    /** Reads the stream where it has a newer entry than the last time. */
    private List<Alert> told() {
        List<StreamEntry> newest = redis.newest(STREAM, 1);
        String id = newest.isEmpty() ? "" : newest.get(0).getID().toString();
        if (!id.equals(newestTold)) {
            List<Alert> alerts = new ArrayList<>();
            redis.newest(STREAM, ENTRIES).forEach(entry -> alerts.add(Alert.of(entry.getFields())));
            lastTold = List.copyOf(alerts);
            newestTold = id;
        }
        return lastTold;
    }

    /**
     * An incident.
     *
     * @param status OPEN, UPDATE or RESOLVED: its latest step
     * @param openedAt null where only its latest step is known
     * @param at when its latest step was
     */
    record Alert(
            String alertId,
            String ruleId,
            String severity,
            String status,
            String entityType,
            String entityId,
            @Nullable Instant windowStart,
            @Nullable BigDecimal observed,
            @Nullable BigDecimal usual,
            @Nullable BigDecimal threshold,
            String message,
            @Nullable Instant openedAt,
            Instant at) {

        static Alert of(Map<String, String> fields) {
            Instant at = LiveWindowView.time(fields, "at");
            Instant told = at == null ? Instant.EPOCH : at;
            String status = fields.getOrDefault("status", "");
            return new Alert(
                    fields.getOrDefault("alert_id", ""),
                    fields.getOrDefault("rule_id", ""),
                    fields.getOrDefault("severity", ""),
                    status,
                    fields.getOrDefault("entity_type", ""),
                    fields.getOrDefault("entity_id", ""),
                    LiveWindowView.time(fields, "window_start"),
                    Counts.decimalOrNull(fields, "observed"),
                    Counts.decimalOrNull(fields, "usual"),
                    Counts.decimalOrNull(fields, "threshold"),
                    fields.getOrDefault("message", ""),
                    status.equals("OPEN") ? told : null,
                    told);
        }

        static Alert of(ResultSet row) throws SQLException {
            return new Alert(
                    row.getString("alert_id"),
                    row.getString("rule_id"),
                    row.getString("severity"),
                    row.getString("status"),
                    row.getString("entity_type"),
                    row.getString("entity_id"),
                    PostgresStore.time(row, "window_start"),
                    number(row, "observed"),
                    number(row, "usual"),
                    number(row, "threshold"),
                    row.getString("message"),
                    PostgresStore.timeOf(row, "opened_at"),
                    PostgresStore.timeOf(row, "updated_at"));
        }

        private static @Nullable BigDecimal number(ResultSet row, String column)
                throws SQLException {
            double value = row.getDouble(column);
            return row.wasNull() || Double.isNaN(value) || Double.isInfinite(value)
                    ? null
                    : BigDecimal.valueOf(value);
        }

        boolean isOpen() {
            return !status.equals("RESOLVED");
        }

        /** What is over stays over; else the later step holds. */
        Alert merge(Alert other) {
            boolean otherHolds = isOpen() == other.isOpen() ? other.at.isAfter(at) : isOpen();
            Alert holds = otherHolds ? other : this;
            Alert gives = otherHolds ? this : other;
            return holds.openedAt != null || gives.openedAt == null
                    ? holds
                    : new Alert(
                            holds.alertId,
                            holds.ruleId,
                            holds.severity,
                            holds.status,
                            holds.entityType,
                            holds.entityId,
                            holds.windowStart,
                            holds.observed,
                            holds.usual,
                            holds.threshold,
                            holds.message,
                            gives.openedAt,
                            holds.at);
        }
    }

    /** What is shown; counts are of all that is known. */
    record Data(int open, int critical, int matching, Set<String> rules, List<Alert> alerts) {}

    @Override
    public String name() {
        return "alerts";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(STATUS, SEVERITY, RULE, LIMIT);
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofMillis(300);
    }

    @Override
    public Loader open(Query query) {
        String status = query.text(STATUS.name());
        String severity = query.text(SEVERITY.name());
        String rule = query.text(RULE.name());
        int limit = query.integer(LIMIT.name());
        return () -> {
            List<Trouble> troubles = new ArrayList<>();
            Map<String, Alert> byId = new LinkedHashMap<>();
            stored.read(troubles, List.of())
                    .forEach(alert -> byId.merge(alert.alertId, alert, Alert::merge));
            told.read(troubles, List.of())
                    .forEach(alert -> byId.merge(alert.alertId, alert, Alert::merge));
            Set<String> rules = new TreeSet<>();
            byId.values().forEach(alert -> rules.add(alert.ruleId));
            List<Alert> matching =
                    byId.values().stream()
                            .filter(
                                    alert ->
                                            status.equals("all")
                                                    || alert.isOpen() == status.equals("open"))
                            .filter(
                                    alert ->
                                            severity.equals("all")
                                                    || severity.equals(alert.severity))
                            .filter(alert -> rule.isEmpty() || rule.equals(alert.ruleId))
                            .sorted(
                                    Comparator.comparing(Alert::isOpen)
                                            .thenComparing(Alert::at)
                                            .reversed())
                            .toList();
            List<Alert> open = byId.values().stream().filter(Alert::isOpen).toList();
            return new Content(
                    new Data(
                            open.size(),
                            (int)
                                    open.stream()
                                            .filter(alert -> alert.severity.equals("CRITICAL"))
                                            .count(),
                            matching.size(),
                            rules,
                            matching.subList(0, Math.min(limit, matching.size()))),
                    byId.isEmpty(),
                    troubles);
        };
    }
}
