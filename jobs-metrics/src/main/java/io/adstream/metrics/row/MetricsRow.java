package io.adstream.metrics.row;

import io.adstream.common.money.Micros;
import io.adstream.metrics.EntityType;
import io.adstream.metrics.window.WindowSize;
import org.jspecify.annotations.Nullable;

/**
 * The absolute values of one entity in one window, at one moment. Times are epoch milliseconds,
 * money is micros.
 *
 * @param kind what the row is for
 * @param revision how often this window was written; the first time is 1, an open window is 0
 * @param campaignId of the window's latest event; null for campaigns and advertisers
 * @param advertiserId of the window's latest event; null for campaigns and advertisers
 * @param category of the window's latest event; null for campaigns and advertisers
 * @param updatedAt when the row was made, by the wall clock
 * @param expiresAt when the row's Redis key expires, by the wall clock; {@code updatedAt} where
 *     Redis does not get the row, since a later window of the entity has ended before
 */
public record MetricsRow(
        Kind kind,
        EntityType entityType,
        String entityId,
        WindowSize size,
        long windowStart,
        long impressions,
        long clicks,
        long conversions,
        long totalCost,
        long totalRevenue,
        int revision,
        @Nullable String campaignId,
        @Nullable String advertiserId,
        @Nullable String category,
        long updatedAt,
        long expiresAt) {

    /** What a row is for. */
    public enum Kind {
        /** A window has ended, or was amended after its end: for every store. */
        CLOSED,
        /** The value so far of the window that is open: for the live key. */
        LIVE,
        /** No window of the key is open any more, and this was the last: the live key goes. */
        LIVE_ENDED,
        /** A closed window for Redis alone, which has lost it or was not given it yet. */
        SERVED_AGAIN
    }

    /** End of the window, exclusive. */
    public long windowEnd() {
        return windowStart + size.millis();
    }

    /** Whether Redis gets the row. */
    public boolean isServed() {
        return expiresAt > updatedAt;
    }

    /** Events counted: what decides between two versions of one window. */
    public long events() {
        return impressions + clicks + conversions;
    }

    /** Click-through rate: clicks per hundred impressions, micros; 0 without impressions. */
    public long ctr() {
        return Micros.percentage(clicks, impressions);
    }

    /** Conversion rate: conversions per hundred clicks, micros; 0 without clicks. */
    public long cvr() {
        return Micros.percentage(conversions, clicks);
    }

    /** Cost per click, micros; 0 without clicks. */
    public long cpc() {
        return Micros.perPiece(totalCost, clicks);
    }
}
