package io.adstream.testing.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches of {@code commerce-events} and {@code ad-events} for {@link ExpectedFeatures}. What
 * a record must look like is decided elsewhere ({@link AdEventReader}): here whatever is no object
 * with a known event type, a time and, in the shop, a user is rejected.
 */
public final class FeaturesBatch {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> IN_SHOP = Set.of("view", "cart", "purchase");
    private static final Set<String> WITH_ADS = Set.of("IMPRESSION", "CLICK", "CONVERSION");

    private final List<UserAction> actions = new ArrayList<>();
    private final Predicate<String> isLate;
    private final Function<ConsumerRecord<byte[], byte[]>, @Nullable Verdict> rejection;
    private final Set<String> uncertainIds;
    private final Set<String> uncertainUsers = new HashSet<>();
    private final Set<String> shopIds = new HashSet<>();
    private final Set<String> adIds = new HashSet<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private long received;
    private long rejected;
    private long duplicates;
    private long late;

    private FeaturesBatch(
            Predicate<String> isLate,
            Function<ConsumerRecord<byte[], byte[]>, @Nullable Verdict> rejection,
            Set<String> uncertainIds) {
        this.isLate = isLate;
        this.rejection = rejection;
        this.uncertainIds = uncertainIds;
    }

    /** A batch without late records. */
    public static FeaturesBatch withoutLate() {
        return new FeaturesBatch(id -> false, record -> null, Set.of());
    }

    /** A batch in which the records with these event ids are late. */
    public static FeaturesBatch withLate(Collection<String> eventIds) {
        return new FeaturesBatch(Set.copyOf(eventIds)::contains, record -> null, Set.of());
    }

    /**
     * A batch of records of which is known what must be rejected.
     *
     * @param rejection the code with which a record must be rejected; null where it must not
     * @param uncertainIds event ids so old on arrival that other times of arrival make other
     *     signals: nothing is said of their users
     */
    public static FeaturesBatch of(
            Function<ConsumerRecord<byte[], byte[]>, @Nullable Verdict> rejection,
            Set<String> uncertainIds) {
        return new FeaturesBatch(id -> false, rejection, Set.copyOf(uncertainIds));
    }

    /** Adds all records of {@code commerce-events}. */
    public FeaturesBatch addShop(List<ConsumerRecord<byte[], byte[]>> records) {
        inOrder(records).forEach(record -> add(record, true));
        return this;
    }

    /** Adds all records of {@code ad-events}. */
    public FeaturesBatch addAds(List<ConsumerRecord<byte[], byte[]>> records) {
        inOrder(records).forEach(record -> add(record, false));
        return this;
    }

    private static List<ConsumerRecord<byte[], byte[]>> inOrder(
            List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .sorted(
                        Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(
                                        ConsumerRecord::partition)
                                .thenComparingLong(ConsumerRecord::offset))
                .toList();
    }

    private void add(ConsumerRecord<byte[], byte[]> source, boolean inShop) {
        received += inShop ? 1 : 0;
        Verdict code = rejection.apply(source);
        if (code != null && inShop) {
            deadLetters.add(new DeadLetter(InputRecord.of(source), code));
        }
        JsonNode record = code == null ? read(source.value()) : null;
        String type = record == null ? null : text(record, "event_type");
        Instant time = record == null ? null : time(record.path("event_time"));
        String user = record == null ? null : text(record, "user_id");
        if (type == null
                || time == null
                || !(inShop ? IN_SHOP : WITH_ADS).contains(type)
                || (inShop && user == null)) {
            rejected++;
            return;
        }
        String id = text(record, "event_id");
        if (id != null && !(inShop ? shopIds : adIds).add(id)) {
            duplicates++;
            return;
        }
        if (id != null && isLate.test(id)) {
            late++;
            return;
        }
        if (user == null || (!inShop && identifiesNobody(user))) {
            return;
        }
        if (id != null && uncertainIds.contains(id)) {
            uncertainUsers.add(user);
        }
        actions.add(
                new UserAction(
                        user,
                        type,
                        time,
                        record.path("price").isNumber()
                                ? new BigDecimal(record.path("price").asText())
                                : null,
                        text(record, "category"),
                        text(record, "product_id")));
    }

    private static @Nullable JsonNode read(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            JsonNode record = JSON.readTree(value);
            return record != null && record.isObject() ? record : null;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private static @Nullable String text(JsonNode record, String field) {
        return record.path(field).isTextual() ? record.path(field).asText() : null;
    }

    private static @Nullable Instant time(JsonNode value) {
        if (value.isIntegralNumber()) {
            return Instant.ofEpochMilli(value.asLong());
        }
        if (!value.isTextual()) {
            return null;
        }
        TemporalAccessor time =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(
                        value.asText(), OffsetDateTime::from, LocalDateTime::from);
        Instant instant =
                time instanceof LocalDateTime local
                        ? local.toInstant(ZoneOffset.UTC)
                        : Instant.from(time);
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    private static boolean identifiesNobody(String user) {
        return user.strip().toLowerCase(Locale.ROOT).matches("[0-]*|null|unknown");
    }

    /** Rejected records, of both topics. */
    public long rejected() {
        return rejected;
    }

    /** Duplicates, of both topics. */
    public long duplicates() {
        return duplicates;
    }

    /** Late records, of both topics. */
    public long late() {
        return late;
    }

    /** Records of {@code commerce-events}. */
    public long received() {
        return received;
    }

    /** Compares the dead letters of {@code commerce-events}, where rejections are known. */
    public Comparison compareWithDeadLetters(List<ConsumerRecord<byte[], byte[]>> records) {
        Comparison comparison = new Comparison("dead letters of commerce-events");
        DeadLetters.compare(comparison, "commerce-events", deadLetters, records);
        return comparison;
    }

    /** Compares how many records of {@code commerce-events} were counted, and each once. */
    public Comparison compareWithIngest(Connection connection) throws SQLException {
        Comparison comparison = new Comparison("ingest_1min of commerce-events");
        try (Statement statement = connection.createStatement();
                ResultSet sums =
                        statement.executeQuery(
                                "select sum(received), sum(valid + duplicate + late + rejected),"
                                        + " sum(rejected) from realtime.ingest_1min"
                                        + " where job = 'features' and topic = 'commerce-events'")) {
            sums.next();
            comparison.compared();
            comparison.check("commerce-events", "received", received, sums.getLong(1));
            comparison.check("commerce-events", "verdicts", received, sums.getLong(2));
            comparison.check(
                    "commerce-events", "rejected", (long) deadLetters.size(), sums.getLong(3));
        }
        return comparison;
    }

    /** Users of whom nothing is said. */
    public int uncertainUsers() {
        return uncertainUsers.size();
    }

    /** What must come of it. */
    public ExpectedFeatures expected() {
        return new ExpectedFeatures(actions, uncertainUsers);
    }
}
