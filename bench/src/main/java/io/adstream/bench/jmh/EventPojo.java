package io.adstream.bench.jmh;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** The event as most would write it: a class that Jackson fills and Flink knows as a POJO. */
public final class EventPojo {

    @JsonProperty("event_id")
    public @Nullable String eventId;

    @JsonProperty("event_type")
    public @Nullable String eventType;

    @JsonProperty("event_time")
    public @Nullable String eventTime;

    @JsonProperty("ad_id")
    public @Nullable String adId;

    @JsonProperty("campaign_id")
    public @Nullable String campaignId;

    @JsonProperty("advertiser_id")
    public @Nullable String advertiserId;

    @JsonProperty("user_id")
    public @Nullable String userId;

    @JsonProperty("device_id")
    public @Nullable String deviceId;

    @JsonProperty("session_id")
    public @Nullable String sessionId;

    public @Nullable String ip;
    public @Nullable String category;

    @JsonProperty("actual_price")
    public @Nullable Double actualPrice;

    @JsonProperty("conversion_value")
    public @Nullable Double conversionValue;
}
