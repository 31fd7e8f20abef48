package io.adstream.anomaly.ad;

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
 */
public record AdMinute(
        String adId,
        String campaignId,
        String advertiserId,
        long minute,
        long impressions,
        long clicks,
        long conversions) {}
