package io.adstream.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
        "1795168800123, 2026-11-20T10:00:00.123Z",
        "946684800000, 2000-01-01T00:00:00.000Z",
        "0, 1970-01-01T00:00:00.000Z",
        "-1, 1969-12-31T23:59:59.999Z",
        "253402300799999, 9999-12-31T23:59:59.999Z",
        "253402300800001, +10000-01-01T00:00:00.001Z",
        "-62167219200000, 0000-01-01T00:00:00.000Z",
        "-62167219200001, -0001-12-31T23:59:59.999Z"
    })
    void asText(long millis, String text) {
        assertThat(EventTimes.format(millis)).isEqualTo(text);
    }

    @Test
    void asTextLikeJavaTime() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            long millis = (random.nextLong() & 0x7FFF_FFFF_FFFF_FFFFL) % 253_402_300_800_000L;
            String text = EventTimes.format(millis);
            assertThat(text).isEqualTo(MILLIS.format(Instant.ofEpochMilli(millis)));
            assertThat(EventTimes.parse(text, ZoneOffset.UTC)).isEqualTo(millis);
        }
    }

    @Test
    void theFarEnds() {
        assertThat(EventTimes.format(Long.MAX_VALUE)).isEqualTo("+292278994-08-17T07:12:55.807Z");
        assertThat(EventTimes.format(Long.MIN_VALUE)).isEqualTo("-292275055-05-16T16:47:04.192Z");
    }

    @Test
    void refusesWhatIsNoTime() {
        assertThatThrownBy(() -> EventTimes.parse("yesterday", ZoneOffset.UTC))
                .isInstanceOf(DateTimeException.class)
                .hasMessageContaining("yesterday");
    }

    /** One reader for all times of a zone, in any order: what it remembers must not show. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "+05:30",
                "Europe/Berlin",
                "America/St_Johns",
                "Asia/Seoul",
                "Australia/Lord_Howe",
                "America/Sao_Paulo",
                "Africa/Casablanca",
                "Pacific/Apia"
            })
    void localTimesAreThoseOfJavaTime(String zoneId) {
        ZoneId zone = ZoneId.of(zoneId);
        EventTimeReader reader = new EventTimeReader(zone);
        List<LocalDateTime> turns =
                zone.getRules().getTransitions().stream()
                        .map(transition -> transition.getDateTimeBefore())
                        .filter(time -> time.getYear() >= 1970)
                        .toList();
        Random random = new Random(4);
        for (int i = 0; i < 50_000; i++) {
            LocalDateTime local;
            if (i % 2 == 0 || turns.isEmpty()) {
                local =
                        LocalDateTime.of(2000 + random.nextInt(60), 1, 1, 0, 0)
                                .plusSeconds(random.nextInt(366 * 86_400));
            } else {
                local =
                        turns.get(random.nextInt(turns.size()))
                                .plusSeconds(random.nextInt(40_000) - 20_000L);
            }
            local = local.withNano(random.nextInt(1_000) * 1_000_000);
            byte[] text =
                    DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS")
                            .format(local)
                            .getBytes(StandardCharsets.US_ASCII);
            assertThat(reader.read(text, 0, text.length))
                    .as("%s in %s", local, zone)
                    .isEqualTo(local.atZone(zone).toInstant().toEpochMilli());
        }
    }
}
