package io.adstream.quality.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsReaderTest {

    private static final String AD =
            """
            {"schema_version":1,"type":"METRICS","entity_type":"AD","entity_id":"ad-1","window":"5m",\
            "campaign_id":"c","advertiser_id":"a","category":"shoes",\
            "window_start":"2026-11-20T10:00:00.000Z","window_end":"2026-11-20T10:05:00.000Z",\
            "impressions":1000,"clicks":20,"conversions":3,"total_cost":1.5,"total_revenue":0,"ctr":2,\
            "cvr":15,"cpc":0.075,"revision":1,"updated_at":"2026-11-20T10:05:10.000Z","more":[{"type":"x"}]}""";

    private static final long START = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();

    private final MetricsReader reader = new MetricsReader();

    @Test
    void readsTheFiveMinutesOfAnAd() {
        assertThat(read(AD)).isEqualTo(MetricsReader.Kind.METRICS);
        assertThat(reader.update())
                .isEqualTo(
                        new MetricsUpdate(
                                3,
                                START + AdWindow.MILLIS,
                                true,
                                new AdWindow("ad-1", "shoes", START, 1000, 20, 3)));
    }

    @Test
    void anAmendmentIsNoFirstRow() {
        assertThat(read(AD.replace("\"revision\":1", "\"revision\":2")))
                .isEqualTo(MetricsReader.Kind.METRICS);
        assertThat(reader.update().first()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"category\":null", "\"category\":\" \"", "\"category\":7", "\"c\":1"})
    void aBlankCategoryIsNone(String category) {
        read(AD.replace("\"category\":\"shoes\"", category));
        assertThat(reader.update().window()).isNotNull();
        assertThat(reader.update().window().category()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"window\":\"1m\"", "\"window\":\"1h\""})
    void rowsOfOtherWindowsTellTheTimeAlone(String window) {
        assertThat(read(AD.replace("\"window\":\"5m\"", window)))
                .isEqualTo(MetricsReader.Kind.METRICS);
        assertThat(reader.update())
                .isEqualTo(new MetricsUpdate(3, START + AdWindow.MILLIS, true, null));
    }

    @Test
    void otherTypesAreLeft() {
        assertThat(read(AD.replace("METRICS", "ATTRIBUTION"))).isEqualTo(MetricsReader.Kind.OTHER);
        assertThat(read("{\"type\":\"ATTRIBUTION\"")).isEqualTo(MetricsReader.Kind.OTHER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"type\":\"METRICS\" -> \"t\":1",
                "\"type\":\"METRICS\", -> ",
                "\"entity_id\":\"ad-1\" -> \"entity_id\":null",
                "\"entity_id\":\"ad-1\" -> \"entity_id\":\"\"",
                "T10:00:00.000Z\",\"window_end -> T10:01:00.000Z\",\"window_end",
                "T10:05:00.000Z -> T10:06:00.000Z",
                "T10:05:00.000Z -> T25:05:00.000Z",
                "\"clicks\":20 -> \"clicks\":-1",
                "\"clicks\":20 -> \"clicks\":\"20\"",
                "\"clicks\":20 -> \"clicks\":1e400",
                "\"clicks\":20 -> \"clicks\":99999999999999999999",
                "\"revision\":1 -> \"revision\":0",
                "{ -> [",
            })
    void whatIsNoRowIsBroken(String change) {
        int arrow = change.indexOf(" -> ");
        String changed =
                AD.replaceFirst(
                        java.util.regex.Pattern.quote(change.substring(0, arrow)),
                        change.substring(arrow + 4));
        assertThat(changed).isNotEqualTo(AD);
        assertThat(read(changed)).as(changed).isEqualTo(MetricsReader.Kind.BROKEN);
    }

    @Test
    void noTruncatedRecordIsARow() {
        byte[] whole = AD.getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            assertThat(reader.read(0, Arrays.copyOf(whole, length)))
                    .isEqualTo(MetricsReader.Kind.BROKEN);
        }
        assertThat(reader.read(0, null)).isEqualTo(MetricsReader.Kind.BROKEN);
    }

    private MetricsReader.Kind read(String json) {
        return reader.read(3, json.getBytes(UTF_8));
    }
}
