package io.adstream.testing.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventJsonTest {

    @Test
    void anAdEventReadsAsASentence() {
        assertThat(
                        AdEventJson.click("c1")
                                .ad("ad-7")
                                .at("2026-11-20T10:00:00.123Z")
                                .device("d-1")
                                .price("0.250")
                                .text())
                .isEqualTo(
                        "{\"event_id\":\"c1\",\"event_type\":\"CLICK\","
                                + "\"event_time\":\"2026-11-20T10:00:00.123Z\",\"ad_id\":\"ad-7\","
                                + "\"campaign_id\":\"cmp-1\",\"advertiser_id\":\"adv-1\","
                                + "\"device_id\":\"d-1\",\"actual_price\":0.250}");
    }

    @Test
    void fieldsCanBeBroken() {
        assertThat(
                        AdEventJson.pixelConversion("v1")
                                .atMillis(1)
                                .with("user_id", null)
                                .withRaw("conversion_value", "1e309")
                                .text())
                .isEqualTo(
                        "{\"event_id\":\"v1\",\"event_type\":\"CONVERSION\",\"event_time\":1,"
                                + "\"user_id\":null,\"conversion_value\":1e309}");
    }

    @Test
    void aCommerceEventNeedsNoId() {
        assertThat(CommerceEventJson.view("111").at("2024-01-01T10:00:00").price("29.99").text())
                .isEqualTo(
                        "{\"event_time\":\"2024-01-01T10:00:00\",\"event_type\":\"view\","
                                + "\"user_id\":\"111\",\"price\":29.99}");
    }
}
