package io.adstream.budget.sync;

import org.jspecify.annotations.Nullable;

/**
 * A counter as it was at a cut.
 *
 * @param cut epoch milliseconds
 * @param date days since 1970-01-01
 * @param counter micros; null where there was none
 * @param version what tells which correction it has had last
 */
public record CounterSample(
        long cut, String campaignId, long date, @Nullable Long counter, String version) {

    String key() {
        return campaignId + "@" + date;
    }
}
