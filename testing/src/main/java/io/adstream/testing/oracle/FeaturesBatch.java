package io.adstream.testing.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
    private final Set<String> shopIds = new HashSet<>();
    private final Set<String> adIds = new HashSet<>();
    private long rejected;
    private long duplicates;
    private long late;

    private FeaturesBatch(Predicate<String> isLate) {
        this.isLate = isLate;
    }

    /** A batch without late records. */
    public static FeaturesBatch withoutLate() {
        return new FeaturesBatch(id -> false);
    }

    /** A batch in which the records with these event ids are late. */
    public static FeaturesBatch withLate(Collection<String> eventIds) {
        return new FeaturesBatch(Set.copyOf(eventIds)::contains);
    }

    /** Adds all records of {@code commerce-events}. */
    public FeaturesBatch addShop(List<ConsumerRecord<byte[], byte[]>> records) {
        inOrder(records).forEach(record -> add(record.value(), true));
        return this;
    }

    /** Adds all records of {@code ad-events}. */
    public FeaturesBatch addAds(List<ConsumerRecord<byte[], byte[]>> records) {
        inOrder(records).forEach(record -> add(record.value(), false));
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

    private void add(byte @Nullable [] value, boolean inShop) {
        JsonNode record = read(value);
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
        String text = value.asText();
        return text.endsWith("Z")
                ? Instant.parse(text)
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
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

    /** What must come of it. */
    public ExpectedFeatures expected() {
        return new ExpectedFeatures(actions);
    }
}
