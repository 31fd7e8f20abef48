package io.adstream.budget.campaign;

import org.jspecify.annotations.Nullable;

/**
 * News for all subtasks that keep accounts.
 *
 * @param kind what it is
 * @param campaignId of a campaign that changed or is gone
 * @param campaign the row, for {@link Kind#CAMPAIGN}
 * @param redisId the server's identity, for {@link Kind#REDIS}
 */
public record ControlSignal(
        Kind kind,
        @Nullable String campaignId,
        @Nullable Campaign campaign,
        @Nullable String redisId) {

    /** What a signal tells. */
    public enum Kind {
        /** The table is read anew: all its rows follow, then {@link #READ}. */
        READING,
        /** A row is new or has changed. */
        CAMPAIGN,
        /** A row is gone. */
        REMOVED,
        /** All rows of the table have been sent. */
        READ,
        /** A Redis server answers. */
        REDIS
    }

    public static ControlSignal campaign(Campaign row) {
        return new ControlSignal(Kind.CAMPAIGN, row.id(), row, null);
    }

    public static ControlSignal removed(String campaignId) {
        return new ControlSignal(Kind.REMOVED, campaignId, null, null);
    }

    public static ControlSignal of(Kind kind) {
        return new ControlSignal(kind, null, null, null);
    }

    public static ControlSignal redis(String identity) {
        return new ControlSignal(Kind.REDIS, null, null, identity);
    }
}
