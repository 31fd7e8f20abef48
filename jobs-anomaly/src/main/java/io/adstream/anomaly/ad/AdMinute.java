package io.adstream.anomaly.ad;

import java.util.List;

/**
 * What happened to an ad in a minute, or a part of it.
 *
 * @param adId the ad; empty for what belongs to none
 * @param campaignId its campaign; empty for what belongs to none
 * @param advertiserId its advertiser; empty for what belongs to none
 * @param minute start of the minute, epoch ms
 * @param impressions how often it was shown
 * @param clicks how often it was clicked
 * @param conversions what came of it
 * @param clickIds ids of some of the clicks, see {@link ClickIds}
 */
public record AdMinute(
        String adId,
        String campaignId,
        String advertiserId,
        long minute,
        long impressions,
        long clicks,
        long conversions,
        List<String> clickIds) {

    /** Counts alone. */
    public AdMinute(
            String adId,
            String campaignId,
            String advertiserId,
            long minute,
            long impressions,
            long clicks,
            long conversions) {
        this(adId, campaignId, advertiserId, minute, impressions, clicks, conversions, List.of());
    }
}
