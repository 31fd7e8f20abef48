package io.adstream.budget.sync;

import java.util.List;

/**
 * Asks for the counters of some campaigns' dates now.
 *
 * @param cut the moment that is meant, epoch milliseconds
 * @param campaignIds the campaigns
 * @param dates their dates, days since 1970-01-01
 */
public record SampleRequest(long cut, List<String> campaignIds, List<Long> dates) {}
