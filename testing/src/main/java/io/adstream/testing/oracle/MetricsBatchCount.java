package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.testing.oracle.AdEventReader.RejectedException;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Counts a batch of {@code ad-events} as the metrics job must have counted the stream: each record
 * gets its verdict, each valid event counts in nine rows.
 *
 * <p>Three things no batch can know, so the caller arranges for them:
 *
 * <ul>
 *   <li>which events are late: see {@link LateRule};
 *   <li>which of two conflicting records of one id came first, where they lie in different
 *       partitions: {@link ExpectedMetrics#ambiguousIds} names them, and a comparison refuses them
 *       unless told otherwise;
 *   <li>when exactly an id is forgotten: here it is where the event times of two records with one
 *       id are more than the horizon apart. The job may remember for somewhat longer.
 * </ul>
 *
 * <p>Records of one partition must be added in order of their offsets.
 */
public final class MetricsBatchCount {

    private static final Duration MAX_FUTURE = Duration.ofMinutes(5);

    private final AdEventReader reader;
    private final Duration horizon;
    private final LateRule lateRule;
    private final boolean keepsEvents;

    private final Map<String, List<Remembered>> remembered = new HashMap<>();
    private final Map<RowKey, Sums> sums = new HashMap<>();
    private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<CountedEvent> events = new ArrayList<>();
    private final Set<String> ambiguousIds = new TreeSet<>();
    private final MessageDigest digest;
    private long conversionsWithoutIds;

    private MetricsBatchCount(Builder builder) {
        reader = new AdEventReader(builder.zone);
        horizon = builder.horizon;
        lateRule = builder.lateRule;
        keepsEvents = builder.keepsEvents;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A count with the product's defaults: UTC, an hour's horizon, nothing late. */
    public static Builder with() {
        return new Builder();
    }

    /** Counts all records of a topic, in order of partition and offset. */
    public MetricsBatchCount addAll(List<ConsumerRecord<byte[], byte[]>> records) {
        records.stream()
                .map(InputRecord::of)
                .sorted(
                        Comparator.comparingInt(InputRecord::partition)
                                .thenComparingLong(InputRecord::offset))
                .forEach(this::add);
        return this;
    }

    /** Counts one record and gives its verdict. */
    public Verdict add(InputRecord record) {
        Verdict verdict;
        try {
            AdEvent event = reader.read(record.value());
            verdict = judge(event, record);
            if (verdict == Verdict.VALID) {
                count(event, record);
            }
        } catch (RejectedException e) {
            verdict = e.verdict();
        }
        verdicts.merge(verdict, 1L, Long::sum);
        if (verdict.isRejected()) {
            deadLetters.add(new DeadLetter(record, verdict));
        }
        return verdict;
    }

    /** What must come out. */
    public ExpectedMetrics expected() {
        TreeMap<RowKey, MetricsRow> rows = new TreeMap<>();
        sums.forEach((key, sum) -> rows.put(key, sum.row(key)));
        return new ExpectedMetrics(
                rows, verdicts, deadLetters, events, conversionsWithoutIds, ambiguousIds);
    }

    private Verdict judge(AdEvent event, InputRecord record) {
        Instant latest = Instant.ofEpochMilli(record.timestamp()).plus(MAX_FUTURE);
        if (event.eventTime().isAfter(latest)) {
            return Verdict.FUTURE_EVENT_TIME;
        }
        byte[] payload = payload(event);
        for (Remembered earlier : remembered.getOrDefault(event.eventId(), List.of())) {
            Duration apart = Duration.between(earlier.eventTime, event.eventTime()).abs();
            if (apart.compareTo(horizon) <= 0) {
                if (Arrays.equals(earlier.payload, payload)) {
                    return Verdict.DUPLICATE;
                }
                if (earlier.partition != record.partition()) {
                    ambiguousIds.add(event.eventId());
                }
                return Verdict.ID_CONFLICT;
            }
        }
        if (lateRule.isLate(event, record)) {
            return Verdict.LATE;
        }
        remembered
                .computeIfAbsent(event.eventId(), id -> new ArrayList<>(1))
                .add(new Remembered(event.eventTime(), record.partition(), payload));
        return Verdict.VALID;
    }

    private void count(AdEvent event, InputRecord record) {
        if (keepsEvents) {
            events.add(new CountedEvent(event, record.partition(), record.offset()));
        }
        String ad = event.adId();
        String campaign = event.campaignId();
        String advertiser = event.advertiserId();
        if (ad == null || campaign == null || advertiser == null) {
            conversionsWithoutIds++;
            return;
        }
        for (Window window : Window.values()) {
            Instant start = window.startOf(event.eventTime());
            sumsOf(new RowKey("AD", ad, window, start)).add(event);
            sumsOf(new RowKey("CAMPAIGN", campaign, window, start)).add(event);
            sumsOf(new RowKey("ADVERTISER", advertiser, window, start)).add(event);
        }
    }

    private Sums sumsOf(RowKey key) {
        return sums.computeIfAbsent(key, any -> new Sums());
    }

    /** A digest of the contract fields: whole events would fill the memory. */
    private byte[] payload(AdEvent event) {
        for (Object field :
                new @Nullable Object[] {
                    event.eventType(),
                    event.eventTime(),
                    event.adId(),
                    event.campaignId(),
                    event.advertiserId(),
                    event.userId(),
                    event.deviceId(),
                    event.sessionId(),
                    event.ip(),
                    event.category(),
                    event.actualPrice(),
                    event.conversionValue()
                }) {
            // The length before each field keeps two events apart whose texts join to the same.
            String text = field == null ? "absent" : field.toString().length() + ":" + field;
            digest.update(text.getBytes(UTF_8));
        }
        return digest.digest();
    }

    /** A valid event that a later record with its id is held against. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Remembered(Instant eventTime, int partition, byte[] payload) {}

    /**
     * A valid event that is not late.
     *
     * @param partition of the record that counted
     * @param offset of the record that counted
     */
    public record CountedEvent(AdEvent event, int partition, long offset) {}

    /** The sums of one row. */
    private static final class Sums {
        private long impressions;
        private long clicks;
        private long conversions;
        private BigDecimal cost = BigDecimal.ZERO;
        private BigDecimal revenue = BigDecimal.ZERO;
        private @Nullable AdEvent latest;

        void add(AdEvent event) {
            switch (event.eventType()) {
                case "IMPRESSION" -> impressions++;
                case "CLICK" -> {
                    clicks++;
                    if (event.actualPrice() != null) {
                        cost = cost.add(event.actualPrice());
                    }
                }
                case "CONVERSION" -> {
                    conversions++;
                    if (event.conversionValue() != null) {
                        revenue = revenue.add(event.conversionValue());
                    }
                }
                default -> throw new IllegalArgumentException(event.eventType());
            }
            if (latest == null || isLater(event, latest)) {
                latest = event;
            }
        }

        MetricsRow row(RowKey key) {
            AdEvent last = latest;
            boolean ofAd = key.entityType().equals("AD") && last != null;
            return new MetricsRow(
                    impressions,
                    clicks,
                    conversions,
                    cost,
                    revenue,
                    ofAd ? last.campaignId() : null,
                    ofAd ? last.advertiserId() : null,
                    ofAd ? last.category() : null);
        }

        /** By event time, then by event id in byte order. */
        private static boolean isLater(AdEvent event, AdEvent than) {
            int order = event.eventTime().compareTo(than.eventTime());
            return order > 0
                    || (order == 0
                            && Arrays.compareUnsigned(
                                            event.eventId().getBytes(UTF_8),
                                            than.eventId().getBytes(UTF_8))
                                    > 0);
        }
    }

    /** Describes a count. */
    public static final class Builder {
        private ZoneId zone = ZoneOffset.UTC;
        private Duration horizon = Duration.ofHours(1);
        private LateRule lateRule = LateRule.NONE;
        private boolean keepsEvents;

        private Builder() {}

        /** Zone of event times that name none. */
        public Builder zone(ZoneId zone) {
            this.zone = zone;
            return this;
        }

        /** How long an event id is remembered, in event time. */
        public Builder dedupHorizon(Duration horizon) {
            this.horizon = horizon;
            return this;
        }

        /** Which events are late. */
        public Builder late(LateRule rule) {
            lateRule = rule;
            return this;
        }

        /** Keeps the counted events, to compare them with {@code raw_events}; takes memory. */
        public Builder keepEvents() {
            keepsEvents = true;
            return this;
        }

        /** The count, without records yet. */
        public MetricsBatchCount build() {
            return new MetricsBatchCount(this);
        }
    }
}
