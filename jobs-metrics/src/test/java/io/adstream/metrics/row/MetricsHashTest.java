package io.adstream.metrics.row;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.WindowHashScripts;
import io.adstream.metrics.EntityType;
import io.adstream.metrics.window.WindowSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsHashTest {

    @ParameterizedTest
    @CsvSource({
        "AD, ONE_MINUTE, ad:x:metrics:1m",
        "AD, FIVE_MINUTES, ad:x:metrics:5m",
        "CAMPAIGN, FIVE_MINUTES, campaign:x:metrics:5m",
        "ADVERTISER, ONE_HOUR, advertiser:x:metrics:1h"
    })
    void keysSayWhatTheyHold(EntityType type, WindowSize size, String key) {
        assertThat(keys(MetricsRow.Kind.CLOSED, type, size)).containsExactly(key);
        assertThat(keys(MetricsRow.Kind.LIVE_ENDED, type, size)).containsExactly(key + ":live");
        assertThat(keys(MetricsRow.Kind.SERVED_AGAIN, type, size)).containsExactly(key);
        assertThat(keys(MetricsRow.Kind.LIVE, type, size)).containsExactly(key + ":live");
    }

    @Test
    void theHashHoldsExactlyTheFieldsOfTheContract() {
        RedisWrite write = writes(Rows.ad("ad-1", "shoes")).get(0);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < WindowHashScripts.FIELDS.size(); i++) {
            fields.put(WindowHashScripts.FIELDS.get(i), new String(write.args()[i + 1], UTF_8));
        }
        assertThat(fields)
                .isEqualTo(
                        Map.ofEntries(
                                Map.entry("window_start", "2026-11-20T12:00:00.000Z"),
                                Map.entry("window_end", "2026-11-20T12:01:00.000Z"),
                                Map.entry("impressions", "3"),
                                Map.entry("clicks", "2"),
                                Map.entry("conversions", "1"),
                                Map.entry("total_cost", "0.3"),
                                Map.entry("total_revenue", "29.99"),
                                Map.entry("ctr", "66.666667"),
                                Map.entry("cvr", "50"),
                                Map.entry("cpc", "0.15"),
                                Map.entry("revision", "4"),
                                Map.entry("updated_at", "2026-11-20T12:01:10.123Z")));
        assertThat(write.args().length).isEqualTo(13); // the expiry goes first
        assertThat(new String(write.args()[0], UTF_8)).isEqualTo("" + (Rows.NOON + 370_123));
    }

    /** A newer window wins, then more events; the revision decides nothing. */
    @Test
    void isOrderedByWindowAndEvents() {
        RedisWrite write = writes(Rows.ad("ad-1", "shoes")).get(0);
        assertThat(write.version()).isEqualTo(Rows.NOON);
        assertThat(write.subversion()).isEqualTo(6);
    }

    private static List<String> keys(MetricsRow.Kind kind, EntityType type, WindowSize size) {
        return writes(Rows.row(kind, type, "x", size, null)).stream().map(RedisWrite::key).toList();
    }

    private static List<RedisWrite> writes(MetricsRow row) {
        List<RedisWrite> writes = new ArrayList<>();
        new MetricsHash().writes(row, writes::add);
        return writes;
    }
}
