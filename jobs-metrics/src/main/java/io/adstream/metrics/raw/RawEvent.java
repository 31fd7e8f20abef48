package io.adstream.metrics.raw;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.postgres.DailyPartitions;
import io.adstream.common.postgres.PostgresTable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A valid event as {@code realtime.raw_events} keeps it. Times are epoch milliseconds, money is
 * micros, null means absent.
 *
 * @param payload the whole record; null where PostgreSQL cannot hold it as jsonb
 */
public record RawEvent(
        String eventId,
        String eventType,
        long eventTime,
        @Nullable String adId,
        @Nullable String campaignId,
        @Nullable String advertiserId,
        @Nullable String userId,
        @Nullable String deviceId,
        @Nullable String sessionId,
        @Nullable String ip,
        @Nullable String category,
        @Nullable Long actualPrice,
        @Nullable Long conversionValue,
        @Nullable String payload,
        int kafkaPartition,
        long kafkaOffset) {

    private static final long DAY = Duration.ofDays(1).toMillis();

    public static RawEvent of(InputEvent event) {
        return new RawEvent(
                event.string(AdEvents.EVENT_ID),
                EventContract.AD_EVENTS.eventTypes().get(event.eventType),
                event.eventTime,
                event.string(AdEvents.AD_ID),
                event.string(AdEvents.CAMPAIGN_ID),
                event.string(AdEvents.ADVERTISER_ID),
                event.string(AdEvents.USER_ID),
                event.string(AdEvents.DEVICE_ID),
                event.string(AdEvents.SESSION_ID),
                event.string(AdEvents.IP),
                event.string(AdEvents.CATEGORY),
                number(event.numbers[AdEvents.ACTUAL_PRICE]),
                number(event.numbers[AdEvents.CONVERSION_VALUE]),
                event.farNumber ? null : new String(event.value, UTF_8),
                event.partition,
                event.offset);
    }

    private static @Nullable Long number(long micros) {
        return micros == InputEvent.NO_NUMBER ? null : micros;
    }

    /** The UTC day of the event, in days since 1970-01-01. */
    public long epochDay() {
        return Math.floorDiv(eventTime, DAY);
    }

    private RawEvent withoutPayload() {
        return new RawEvent(
                eventId,
                eventType,
                eventTime,
                adId,
                campaignId,
                advertiserId,
                userId,
                deviceId,
                sessionId,
                ip,
                category,
                actualPrice,
                conversionValue,
                null,
                kafkaPartition,
                kafkaOffset);
    }

    /**
     * The table {@code realtime.raw_events}, partitioned by UTC day.
     *
     * @param retention how long events are kept, in event time behind the watermark; rounded up to
     *     whole days
     */
    public static PostgresTable<RawEvent> table(Duration retention) {
        int days = (int) -Math.floorDiv(-retention.toMillis(), DAY);
        return PostgresTable.<RawEvent>named("realtime.raw_events")
                .date("event_day", RawEvent::epochDay)
                .text("event_id", RawEvent::eventId)
                .text("event_type", RawEvent::eventType)
                .timestamp("event_time", RawEvent::eventTime)
                .text("ad_id", RawEvent::adId)
                .text("campaign_id", RawEvent::campaignId)
                .text("advertiser_id", RawEvent::advertiserId)
                .text("user_id", RawEvent::userId)
                .text("device_id", RawEvent::deviceId)
                .text("session_id", RawEvent::sessionId)
                .text("ip", RawEvent::ip)
                .text("category", RawEvent::category)
                .microsOrNull("actual_price", RawEvent::actualPrice)
                .microsOrNull("conversion_value", RawEvent::conversionValue)
                .jsonb("payload", RawEvent::payload)
                .integer("kafka_partition", RawEvent::kafkaPartition)
                .bigint("kafka_offset", RawEvent::kafkaOffset)
                .key(event -> event.epochDay() + ":" + event.eventId(), "event_day", "event_id")
                .keepStored()
                .bytes(event -> event.payload() == null ? 256 : 256 + 2L * event.payload().length())
                .prepare(new DailyPartitions<>("realtime.raw_events", RawEvent::epochDay, days))
                .salvage(event -> event.payload() == null ? null : event.withoutPayload())
                .build();
    }
}
