package io.adstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShopperInputTest {

    private static final long START = Instant.parse("2026-11-20T00:00:00Z").toEpochMilli();
    private static final long HOUR = 3_600_000;

    private static long millis(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    @Test
    void nothingIsLateByTheWatermark() {
        List<ShopperInput.Event> events = ShopperInput.of(20_000, 500, START, 3 * HOUR, 7);
        long newest = 0;
        boolean disorder = false;
        for (ShopperInput.Event event : events) {
            assertThat(event.time()).isGreaterThan(newest - 10_001);
            disorder |= event.time() < newest;
            newest = Math.max(newest, event.time());
        }
        assertThat(disorder).isTrue();
    }

    @Test
    void hoursAndSessionsAreThoseThatEnded() {
        List<ShopperInput.Event> events =
                List.of(
                        event(0, "2026-11-20T10:01:00Z", 10_000_000),
                        event(0, "2026-11-20T10:02:00Z", -1),
                        event(1, "2026-11-20T10:12:00Z", 5_000_000),
                        event(2, "2026-11-20T10:22:00.001Z", -1));

        FeatureSums expected = ShopperInput.expected(events, millis("2026-11-20T10:29:59.999Z"));

        assertThat(expected)
                .isEqualTo(
                        FeatureSums.NONE
                                .plusHour(
                                        "u-3", millis("2026-11-20T10:10:00Z"), 2, 0, 0, 10_000_000)
                                .plusHour(
                                        "u-3", millis("2026-11-20T10:20:00Z"), 2, 1, 0, 10_000_000)
                                .plusHour(
                                        "u-3", millis("2026-11-20T10:30:00Z"), 2, 1, 1, 10_000_000)
                                .plusSession(
                                        "u-3",
                                        millis("2026-11-20T10:01:00Z"),
                                        millis("2026-11-20T10:12:00Z"),
                                        3));
    }

    @Test
    void everyFieldTells() {
        long hour = FeatureSums.hour("u", 10, 1, 2, 3, 4);

        assertThat(FeatureSums.hour("v", 10, 1, 2, 3, 4)).isNotEqualTo(hour);
        assertThat(FeatureSums.hour("u", 11, 1, 2, 3, 4)).isNotEqualTo(hour);
        assertThat(FeatureSums.hour("u", 10, 2, 1, 3, 4)).isNotEqualTo(hour);
        assertThat(FeatureSums.hour("u", 10, 1, 2, 3, 5)).isNotEqualTo(hour);
    }

    @Test
    void theShortFormIsThatOfAShopsOwnLog() {
        ShopperInput.Event event =
                new ShopperInput.Event(4, 1, millis("2024-01-01T10:00:00Z"), 29_990_000, 1, 0);

        assertThat(new String(event.json(1), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"event_time\":\"2024-01-01T10:00:00\",\"event_type\":\"cart\","
                                + "\"user_id\":\"u-4\",\"price\":29.990000}");
    }

    private static ShopperInput.Event event(int kind, String time, long price) {
        return new ShopperInput.Event(3, kind, millis(time), price, 1, 0);
    }
}
