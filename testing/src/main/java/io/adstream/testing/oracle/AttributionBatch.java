package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Attributes a batch of {@code ad-events} as the attribution job must have attributed the stream:
 * for each conversion it looks at every click of its session, and of its device.
 *
 * <p>What is valid, a duplicate or in conflict is decided by {@link MetricsBatchCount}, with what
 * it says about lateness; impressions are left out before.
 */
public final class AttributionBatch {

    private static final Comparator<AdEvent> BY_TIME_AND_ID =
            Comparator.comparing(AdEvent::eventTime)
                    .thenComparing(
                            event -> event.eventId().getBytes(UTF_8), Arrays::compareUnsigned);

    private final AdEventReader reader = new AdEventReader(ZoneOffset.UTC);
    private final Duration window;
    private final Duration halfLife;
    private final boolean advertiserScope;
    private final int maxClicksPerKey;
    private final int maxPath;
    private final MetricsBatchCount count;
    private final Map<String, AdEvent> lateConversions = new LinkedHashMap<>();

    private AttributionBatch(Builder builder) {
        window = builder.window;
        halfLife = builder.halfLife;
        advertiserScope = builder.advertiserScope;
        maxClicksPerKey = builder.maxClicksPerKey;
        maxPath = builder.maxPath;
        LateRule rule = builder.lateRule;
        count =
                MetricsBatchCount.with()
                        .keepEvents()
                        .late(
                                (event, record) -> {
                                    boolean late = rule.isLate(event, record);
                                    if (late && event.eventType().equals("CONVERSION")) {
                                        lateConversions.putIfAbsent(event.eventId(), event);
                                    }
                                    return late;
                                })
                        .build();
    }

    /** A batch with the product's defaults; nothing is late. */
    public static Builder with() {
        return new Builder();
    }

    /** Adds all records of a topic, in order of partition and offset. */
    public AttributionBatch addAll(List<ConsumerRecord<byte[], byte[]>> records) {
        records.stream()
                .sorted(
                        Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(
                                        ConsumerRecord::partition)
                                .thenComparingLong(ConsumerRecord::offset))
                .forEach(record -> add(InputRecord.of(record)));
        return this;
    }

    /** Adds a record. */
    public AttributionBatch add(InputRecord record) {
        try {
            if (!reader.read(record.value()).eventType().equals("IMPRESSION")) {
                count.add(record);
            }
        } catch (AdEventReader.RejectedException e) {
            count.add(record);
        }
        return this;
    }

    /** What must come out. */
    public ExpectedAttribution expected() {
        Map<String, List<AdEvent>> bySession = new HashMap<>();
        Map<String, List<AdEvent>> byDevice = new HashMap<>();
        List<AdEvent> clicks = new ArrayList<>();
        List<AdEvent> conversions = new ArrayList<>();
        for (MetricsBatchCount.CountedEvent counted : count.expected().events()) {
            AdEvent event = counted.event();
            if (event.eventType().equals("CONVERSION")) {
                conversions.add(event);
            } else {
                clicks.add(event);
                addTo(bySession, event.sessionId(), event);
                addTo(byDevice, event.deviceId(), event);
            }
        }
        Map<String, AttributionResult> results = new TreeMap<>();
        for (AdEvent conversion : conversions) {
            results.put(conversion.eventId(), attribute(conversion, bySession, byDevice));
        }
        lateConversions.forEach(
                (id, conversion) -> results.putIfAbsent(id, unattributed(conversion, "LATE")));
        return new ExpectedAttribution(results, clicks);
    }

    private static void addTo(
            Map<String, List<AdEvent>> clicks, @Nullable String id, AdEvent click) {
        if (isIdentity(id)) {
            clicks.computeIfAbsent(id, any -> new ArrayList<>()).add(click);
        }
    }

    private static boolean isIdentity(@Nullable String id) {
        if (id == null) {
            return false;
        }
        String text = id.strip().toLowerCase(Locale.ROOT);
        return !text.matches("[0-]*|null|unknown");
    }

    private AttributionResult attribute(
            AdEvent conversion,
            Map<String, List<AdEvent>> bySession,
            Map<String, List<AdEvent>> byDevice) {
        boolean session = isIdentity(conversion.sessionId());
        boolean device = isIdentity(conversion.deviceId());
        if (!session && !device) {
            return unattributed(conversion, "NO_IDENTITY");
        }
        if (session) {
            Path path = path(conversion, bySession.get(conversion.sessionId()));
            if (!path.clicks.isEmpty()) {
                return attributed(conversion, "SESSION", path);
            }
        }
        if (device) {
            Path path = path(conversion, byDevice.get(conversion.deviceId()));
            if (!path.clicks.isEmpty()) {
                return attributed(conversion, "DEVICE", path);
            }
        }
        return unattributed(conversion, "NO_CLICK");
    }

    private record Path(List<AdEvent> clicks, boolean truncated) {}

    private Path path(AdEvent conversion, @Nullable List<AdEvent> ofKey) {
        if (ofKey == null) {
            return new Path(List.of(), false);
        }
        Instant latest = conversion.eventTime();
        Instant earliest = latest.minus(window);
        List<AdEvent> inWindow = new ArrayList<>();
        for (AdEvent click : ofKey) {
            if (!click.eventTime().isBefore(earliest) && !click.eventTime().isAfter(latest)) {
                inWindow.add(click);
            }
        }
        inWindow.sort(BY_TIME_AND_ID);
        boolean truncated = inWindow.size() > maxClicksPerKey;
        List<AdEvent> path = new ArrayList<>();
        int from = Math.max(0, inWindow.size() - maxClicksPerKey);
        for (AdEvent click : inWindow.subList(from, inWindow.size())) {
            if (!advertiserScope
                    || conversion.advertiserId() == null
                    || conversion.advertiserId().equals(click.advertiserId())) {
                path.add(click);
            }
        }
        while (path.size() > maxPath) {
            path.remove(1);
            truncated = true;
        }
        return new Path(path, truncated);
    }

    private AttributionResult attributed(AdEvent conversion, String match, Path path) {
        AdEvent last = path.clicks.get(path.clicks.size() - 1);
        BigDecimal value = value(conversion);
        List<Long> ages =
                path.clicks.stream()
                        .map(c -> Duration.between(c.eventTime(), last.eventTime()).toMillis())
                        .toList();
        List<Map<String, Integer>> credits = AttributionCredits.credits(ages, halfLife);
        List<Map<String, BigDecimal>> values = AttributionCredits.values(value, credits);
        List<AttributedTouch> touches = new ArrayList<>();
        for (int i = 0; i < path.clicks.size(); i++) {
            AdEvent click = path.clicks.get(i);
            touches.add(
                    new AttributedTouch(
                            click.eventId(),
                            click.adId(),
                            click.campaignId(),
                            click.advertiserId(),
                            click.eventTime(),
                            credits.get(i),
                            values.get(i)));
        }
        return new AttributionResult(
                conversion.eventId(),
                1,
                "ATTRIBUTED",
                null,
                match,
                last.eventId(),
                last.adId(),
                last.campaignId(),
                last.advertiserId(),
                last.eventTime(),
                conversion.eventTime(),
                Duration.between(last.eventTime(), conversion.eventTime()).toMillis(),
                value,
                touches,
                path.truncated);
    }

    private static AttributionResult unattributed(AdEvent conversion, String reason) {
        return new AttributionResult(
                conversion.eventId(),
                1,
                "UNATTRIBUTED",
                reason,
                null,
                null,
                null,
                null,
                null,
                null,
                conversion.eventTime(),
                null,
                value(conversion),
                List.of(),
                false);
    }

    private static BigDecimal value(AdEvent conversion) {
        BigDecimal value = conversion.conversionValue();
        return value == null ? BigDecimal.ZERO : AttributionResult.plain(value);
    }

    /** Describes a batch. */
    public static final class Builder {
        private Duration window = Duration.ofHours(24);
        private Duration halfLife = Duration.ofHours(7);
        private boolean advertiserScope = true;
        private int maxClicksPerKey = 10_000;
        private int maxPath = 500;
        private LateRule lateRule = LateRule.NONE;

        private Builder() {}

        /** How long before a conversion a click counts. */
        public Builder window(Duration length) {
            window = length;
            return this;
        }

        /** Half-life of time decay. */
        public Builder halfLife(Duration length) {
            halfLife = length;
            return this;
        }

        /** Clicks of every advertiser count, whatever the conversion names. */
        public Builder anyAdvertiser() {
            advertiserScope = false;
            return this;
        }

        /** How many clicks of a session or device count, and how many touches a result names. */
        public Builder limits(int clicksPerKey, int path) {
            maxClicksPerKey = clicksPerKey;
            maxPath = path;
            return this;
        }

        /** Which events are late. */
        public Builder late(LateRule rule) {
            lateRule = rule;
            return this;
        }

        /** The batch, without records yet. */
        public AttributionBatch build() {
            return new AttributionBatch(this);
        }
    }
}
