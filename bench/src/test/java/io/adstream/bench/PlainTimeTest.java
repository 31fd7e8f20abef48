package io.adstream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTimeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2026-11-20T10:00:00.123Z\"",
                "\"2026-11-20T19:00:00.123+09:00\"",
                "1795168800123"
            })
    void writesEveryFormAsUtc(String time) {
        String json = "{\"event_id\":\"a\",\"event_time\":%s,\"ad_id\":\"ad-1\"}";
        byte[] plain =
                PlainTime.of(
                        json.formatted(time).getBytes(UTF_8),
                        Instant.parse("2026-11-20T10:00:00.123Z").toEpochMilli());

        assertThat(new String(plain, UTF_8))
                .isEqualTo(json.formatted("\"2026-11-20T10:00:00.123Z\""));
    }
}
