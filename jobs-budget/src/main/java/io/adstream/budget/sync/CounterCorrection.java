package io.adstream.budget.sync;

import org.jspecify.annotations.Nullable;

/**
 * A change of a counter. Money is micros.
 *
 * @param date days since 1970-01-01
 * @param cut names the correction: it is made once; epoch milliseconds
 * @param counter the counter at the cut; null to seed one that was absent
 * @param amount what is added, or the value that is seeded
 * @param version of the sample that this follows from
 */
public record CounterCorrection(
        String campaignId,
        long date,
        long cut,
        @Nullable Long counter,
        long amount,
        String version) {

    public String key() {
        return campaignId + "@" + date + "@" + cut;
    }
}
