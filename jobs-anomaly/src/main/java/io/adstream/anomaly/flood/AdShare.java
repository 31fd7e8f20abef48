package io.adstream.anomaly.flood;

/**
 * How many of the clicks went to an ad.
 *
 * @param adId the ad
 * @param campaignId its campaign
 * @param advertiserId its advertiser
 * @param clicks how many
 */
record AdShare(String adId, String campaignId, String advertiserId, int clicks) {

    AdShare plusOne() {
        return new AdShare(adId, campaignId, advertiserId, clicks + 1);
    }
}
