package io.adstream.metrics.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.metrics.EntityType;
import io.adstream.metrics.window.WindowSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of METRICS records; {@link MetricsSchemaTest} holds them against the schema. */
class MetricsRecordTest {

    @Test
    void ofAnAd() {
        assertThat(MetricsRecord.key(Rows.ad("ad-1", "shoes")))
                .isEqualTo("AD:ad-1:1m:2026-11-20T12:00:00.000Z");
        assertThat(MetricsRecord.value(Rows.ad("ad-1", "shoes")))
                .isEqualTo(
                        "{\"schema_version\":1,\"type\":\"METRICS\",\"entity_type\":\"AD\","
                                + "\"entity_id\":\"ad-1\",\"window\":\"1m\",\"campaign_id\":\"cmp-1\","
                                + "\"advertiser_id\":\"adv-1\",\"category\":\"shoes\","
                                + "\"window_start\":\"2026-11-20T12:00:00.000Z\","
                                + "\"window_end\":\"2026-11-20T12:01:00.000Z\","
                                + "\"impressions\":3,\"clicks\":2,\"conversions\":1,"
                                + "\"total_cost\":0.3,\"total_revenue\":29.99,"
                                + "\"ctr\":66.666667,\"cvr\":50,\"cpc\":0.15,"
                                + "\"revision\":4,\"updated_at\":\"2026-11-20T12:01:10.123Z\"}");
    }

    @Test
    void ofACampaignNamesNoAd() {
        MetricsRow row =
                Rows.row(
                        MetricsRow.Kind.CLOSED,
                        EntityType.CAMPAIGN,
                        "cmp-1",
                        WindowSize.ONE_HOUR,
                        null);
        assertThat(MetricsRecord.key(row)).isEqualTo("CAMPAIGN:cmp-1:1h:2026-11-20T12:00:00.000Z");
        assertThat(MetricsRecord.value(row))
                .contains("\"entity_type\":\"CAMPAIGN\"", "\"window\":\"1h\"", "T13:00:00.000Z")
                .doesNotContain("campaign_id", "advertiser_id", "category");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:b:{c}",
                "quote\" back\\slash",
                "CR\r LF\n tab\t",
                "\u001b[31mred\u001b[0m",
                "\u2028 line \uFEFF \u007F",
                "\uD83D\uDE00 smile",
                "</script>"
            })
    void anyIdComesBackAsItWas(String id) throws Exception {
        String value = MetricsRecord.value(Rows.ad(id, id));
        JsonNode read = new ObjectMapper().readTree(value);
        assertThat(read.get("entity_id").asText()).isEqualTo(id);
        assertThat(read.get("category").asText()).isEqualTo(id);
        assertThat(value).doesNotContain("\n", "\r");
        assertThat(MetricsRecord.key(Rows.ad(id, id))).startsWith("AD:" + id + ":1m:");
    }

    @Test
    void ratiosAreZeroWithoutADenominator() {
        MetricsRow nothing =
                new MetricsRow(
                        MetricsRow.Kind.CLOSED,
                        EntityType.ADVERTISER,
                        "a",
                        WindowSize.ONE_MINUTE,
                        Rows.NOON,
                        0,
                        0,
                        5,
                        0,
                        9_000_000_000_000_000_000L,
                        1,
                        null,
                        null,
                        null,
                        Rows.NOON,
                        Rows.NOON);
        assertThat(MetricsRecord.value(nothing))
                .contains("\"total_revenue\":9000000000000,\"ctr\":0,\"cvr\":0,\"cpc\":0,");
    }
}
