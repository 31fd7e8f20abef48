package io.adstream.budget.row;

/**
 * Clicks of a campaign in ten minutes, for {@code budget.spend_10min}.
 *
 * @param windowStart epoch milliseconds
 * @param cost micros
 */
public record WindowSpend(String campaignId, long windowStart, long clicks, long cost) {

    public String key() {
        return campaignId + "@" + windowStart;
    }
}
