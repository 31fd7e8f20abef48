package io.adstream.dashboard.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.PostgresStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where each record of the input ended: valid, duplicate, late or rejected. */
final class DataQualityView implements View {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Parameter MINUTES = Parameter.integer("minutes", 60, 1, 1_440);

    private static final String SQL =
            """
            select * from realtime.ingest_1min
            where minute > (select max(minute) from realtime.ingest_1min) - make_interval(mins => ?)
            order by job, topic, minute
            """;

    private final PostgresStore postgres;

    DataQualityView(PostgresStore postgres) {
        this.postgres = postgres;
    }

    /** Records; {@code received} is the sum of the others. */
    record Records(long received, long valid, long duplicate, long late, long rejected) {

        static final Records NONE = new Records(0, 0, 0, 0, 0);

        Records plus(Records other) {
            return new Records(
                    received + other.received,
                    valid + other.valid,
                    duplicate + other.duplicate,
                    late + other.late,
                    rejected + other.rejected);
        }
    }

    /** A minute of arrival. */
    record Minute(Instant minute, Records records) {}

    /**
     * An input of a job.
     *
     * @param byCode rejected records by the reason
     */
    record Input(
            String job,
            String topic,
            Records total,
            Map<String, Long> byCode,
            List<Minute> minutes) {}

    /** What is shown. */
    record Data(@Nullable Instant newestMinute, List<Input> inputs) {}

    private record Row(String job, String topic, Minute minute, Map<String, Long> byCode) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getString("job"),
                    row.getString("topic"),
                    new Minute(
                            PostgresStore.timeOf(row, "minute"),
                            new Records(
                                    row.getLong("received"),
                                    row.getLong("valid"),
                                    row.getLong("duplicate"),
                                    row.getLong("late"),
                                    row.getLong("rejected"))),
                    codes(row.getString("by_code")));
        }

        private static Map<String, Long> codes(@Nullable String json) {
            Map<String, Long> codes = new TreeMap<>();
            if (json != null) {
                try {
                    JsonNode root = JSON.readTree(json);
                    root.fieldNames()
                            .forEachRemaining(code -> codes.put(code, root.path(code).asLong()));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException("jsonb is JSON", e);
                }
            }
            return codes;
        }
    }

    @Override
    public String name() {
        return "data-quality";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(MINUTES);
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofSeconds(2);
    }

    @Override
    public Loader open(Query query) {
        int minutes = query.integer(MINUTES.name());
        return () -> {
            List<Row> rows = postgres.query(SQL, List.of(minutes), Row::of);
            Map<List<String>, List<Row>> byInput = new LinkedHashMap<>();
            rows.forEach(
                    row ->
                            byInput.computeIfAbsent(
                                            List.of(row.job, row.topic), key -> new ArrayList<>())
                                    .add(row));
            Instant newest =
                    rows.stream()
                            .map(row -> row.minute.minute)
                            .max(java.util.Comparator.naturalOrder())
                            .orElse(null);
            return Content.of(
                    new Data(
                            newest, byInput.values().stream().map(DataQualityView::input).toList()),
                    rows.isEmpty());
        };
    }

    private static Input input(List<Row> rows) {
        Records total = Records.NONE;
        Map<String, Long> codes = new TreeMap<>();
        for (Row row : rows) {
            total = total.plus(row.minute.records);
            row.byCode.forEach((code, count) -> codes.merge(code, count, Long::sum));
        }
        return new Input(
                rows.get(0).job,
                rows.get(0).topic,
                total,
                codes,
                rows.stream().map(Row::minute).toList());
    }
}
