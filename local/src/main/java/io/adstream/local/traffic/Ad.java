package io.adstream.local.traffic;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An ad of the simulated platform, with the rates that its audience shows. */
final class Ad {

    private final String id;
    private final Campaign campaign;
    private final @Nullable String category;
    private final double clickRate;
    private final double conversionRate;
    private final long priceMicros;
    private final long orderMicros;
    private final byte[] idsJson;
    private final byte[] categoryJson;

    /**
     * @param categoryJsonText the category as JSON text with its quotes, or {@code null}
     * @param clickRate clicks per impression, 0 to 1
     * @param conversionRate conversions per click, 0 to 1
     * @param priceMicros a typical price of a click
     * @param orderMicros a typical value of a conversion
     */
    Ad(
            String id,
            Campaign campaign,
            @Nullable String category,
            String categoryJsonText,
            double clickRate,
            double conversionRate,
            long priceMicros,
            long orderMicros) {
        this.id = id;
        this.campaign = campaign;
        this.category = category;
        this.clickRate = clickRate;
        this.conversionRate = conversionRate;
        this.priceMicros = priceMicros;
        this.orderMicros = orderMicros;
        this.idsJson =
                ("\"ad_id\":\""
                                + id
                                + "\",\"campaign_id\":\""
                                + campaign.id()
                                + "\",\"advertiser_id\":\""
                                + campaign.advertiserId()
                                + "\",")
                        .getBytes(StandardCharsets.UTF_8);
        this.categoryJson =
                ("\"category\":" + categoryJsonText + ",").getBytes(StandardCharsets.UTF_8);
    }

    String id() {
        return id;
    }

    Campaign campaign() {
        return campaign;
    }

    @Nullable String category() {
        return category;
    }

    double clickRate() {
        return clickRate;
    }

    double conversionRate() {
        return conversionRate;
    }

    long priceMicros() {
        return priceMicros;
    }

    long orderMicros() {
        return orderMicros;
    }

    byte[] idsJson() {
        return idsJson;
    }

    byte[] categoryJson() {
        return categoryJson;
    }
}
