package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.events.EventJson;
import io.adstream.testing.oracle.AdEventReader.RejectedException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdEventReaderTest {

    private final AdEventReader reader = new AdEventReader(ZoneOffset.UTC);

    @Test
    void readsEveryField() throws Exception {
        AdEvent event =
                reader.read(
                        AdEventJson.click("e")
                                .at("2026-11-20T10:00:00.123Z")
                                .user("u")
                                .device("d")
                                .session("")
                                .ip("203.0.113.9")
                                .category("shoes")
                                .price("0.25")
                                .withRaw("conversion_value", "null")
                                .json());

        assertThat(event)
                .isEqualTo(
                        new AdEvent(
                                "e",
                                "CLICK",
                                Instant.parse("2026-11-20T10:00:00.123Z"),
                                "ad-1",
                                "cmp-1",
                                "adv-1",
                                "u",
                                "d",
                                "",
                                "203.0.113.9",
                                "shoes",
                                new BigDecimal("0.250000"),
                                null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "null",
                "{",
                "{}}",
                "{} {}",
                "{}x",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":+1}",
                "{\"a\":NaN}",
                "{\"a\":1,}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\ud8\"}",
                "{\"a\":tru}",
                "{\"a\":1}//",
                "{\"event_id\":\"a\",\"event_id\":\"a\"}",
                "{\"event_id\":\"a\",\"event\\u005fid\":\"a\"}",
                "{\"category\":null,\"category\":null}",
                "\ufeff{}"
            })
    void isMalformed(String text) {
        assertThat(verdict(text.getBytes(UTF_8))).isEqualTo(Verdict.MALFORMED);
    }

    @Test
    void bytesThatAreNoUtf8AreMalformed() {
        assertThat(verdict((byte[]) null)).isEqualTo(Verdict.MALFORMED);
        assertThat(verdict(AdEventJson.click("e").text().getBytes(UTF_16)))
                .isEqualTo(Verdict.MALFORMED);
        for (byte[] broken :
                new byte[][] {
                    {(byte) 0xC0, (byte) 0x80},
                    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                    {(byte) 0xFF},
                    {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
                    {(byte) 0xE2, (byte) 0x82}
                }) {
            byte[] value = AdEventJson.click("e").with("x", "AAAA").json();
            int at = new String(value, UTF_8).indexOf("AAAA");
            System.arraycopy(broken, 0, value, at, broken.length);
            assertThat(verdict(value)).isEqualTo(Verdict.MALFORMED);
        }
    }

    @Test
    void everyCutOfAnEventIsMalformed() {
        byte[] whole = AdEventJson.click("é\ud83d\ude00").price("0.25").json();
        for (int length = 0; length < whole.length; length++) {
            assertThat(verdict(Arrays.copyOf(whole, length))).isEqualTo(Verdict.MALFORMED);
        }
        assertThat(verdict(whole)).isEqualTo(Verdict.VALID);
    }

    @Test
    void depthIsSixteen() {
        String inner15 = "[".repeat(15) + "]".repeat(15);
        assertThat(verdict(AdEventJson.click("e").withRaw("x", inner15))).isEqualTo(Verdict.VALID);
        assertThat(verdict(AdEventJson.click("e").withRaw("x", "[" + inner15 + "]")))
                .isEqualTo(Verdict.MALFORMED);
        String deep = "[".repeat(30_000) + "]".repeat(30_000);
        assertThat(verdict(AdEventJson.click("e").withRaw("x", deep))).isEqualTo(Verdict.MALFORMED);
    }

    @Test
    void sizeIsSixtyFourKibibytes() {
        byte[] event = AdEventJson.click("e").json();
        byte[] padded = Arrays.copyOf(event, 64 * 1024);
        Arrays.fill(padded, event.length, padded.length, (byte) ' ');
        assertThat(verdict(padded)).isEqualTo(Verdict.VALID);
        assertThat(verdict(Arrays.copyOf(padded, 64 * 1024 + 1))).isEqualTo(Verdict.TOO_LARGE);
    }

    @Test
    void unknownFieldsAreAllowedAndMayComeTwice() {
        String text = AdEventJson.click("e").text();
        String twice = text.substring(0, text.length() - 1) + ",\"x\":1,\"x\":{\"event_id\":2}}";
        assertThat(verdict(twice.getBytes(UTF_8))).isEqualTo(Verdict.VALID);
        assertThat(verdict(AdEventJson.click("e").withRaw("x", "1".repeat(5_000))))
                .isEqualTo(Verdict.VALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event_id",
                "event_type",
                "event_time",
                "ad_id",
                "campaign_id",
                "advertiser_id"
            })
    void requiredFieldsMayBeNeitherAbsentNorNull(String field) {
        assertThat(verdict(AdEventJson.click("e").without(field))).isEqualTo(Verdict.MISSING_FIELD);
        assertThat(verdict(AdEventJson.click("e").with(field, null)))
                .isEqualTo(Verdict.MISSING_FIELD);
        assertThat(verdict(AdEventJson.click("e").withRaw(field, "{}")))
                .isEqualTo(Verdict.BAD_TYPE);
    }

    @Test
    void aConversionNeedNotKnowTheAdButMustNotNameItWrongly() {
        assertThat(verdict(AdEventJson.pixelConversion("e"))).isEqualTo(Verdict.VALID);
        assertThat(verdict(AdEventJson.conversion("e").ad(""))).isEqualTo(Verdict.BAD_VALUE);
        assertThat(verdict(AdEventJson.conversion("e").withRaw("ad_id", "1")))
                .isEqualTo(Verdict.BAD_TYPE);
    }

    @Test
    void theFirstOffendingFieldDecides() {
        assertThat(verdict(AdEventJson.click("e").price("-1").ad("").withRaw("event_id", "1")))
                .isEqualTo(Verdict.BAD_TYPE);
        assertThat(verdict(AdEventJson.click("e").price("-1").without("ad_id")))
                .isEqualTo(Verdict.MISSING_FIELD);
        assertThat(verdict(AdEventJson.click("e").with("event_type", "VIEW").at("never")))
                .isEqualTo(Verdict.UNKNOWN_EVENT_TYPE);
    }

    @ParameterizedTest
    @CsvSource({
        "event_id, 128, VALID",
        "event_id, 129, BAD_VALUE",
        "ad_id, 128, VALID",
        "ad_id, 129, BAD_VALUE",
        "category, 8192, VALID",
        "category, 8193, BAD_VALUE"
    })
    void lengthsAreCodePoints(String field, int characters, Verdict verdict) {
        assertThat(verdict(AdEventJson.click("e").with(field, "é".repeat(characters))))
                .isEqualTo(verdict);
        assertThat(verdict(AdEventJson.click("e").with(field, "\ud83d\ude00".repeat(characters))))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "[{\"a\\u0000\":1}]"})
    void noStringHoldsWhatCannotBeStored(String json) {
        assertThat(verdict(AdEventJson.click("e").withRaw("x", json))).isEqualTo(Verdict.BAD_VALUE);
        assertThat(verdict(AdEventJson.click("e").withRaw("x", "\"\\ud83d\\ude00\"")))
                .isEqualTo(Verdict.VALID);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T10:00:00.123456789Z, 2026-11-20T10:00:00.123Z",
        "2026-11-20T10:00:00.9999Z,      2026-11-20T10:00:00.999Z",
        "2026-11-20T10:00Z,              2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00,            2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00+09:00,      2026-11-20T01:00:00Z",
        "2026-11-20T10:00:00.5-18:00,    2026-11-21T04:00:00.5Z",
        "2028-02-29T00:00:00Z,           2028-02-29T00:00:00Z",
        "2000-01-01T00:00:00Z,           2000-01-01T00:00:00Z"
    })
    void readsTimes(String text, String instant) throws Exception {
        assertThat(reader.read(AdEventJson.click("e").at(text).json()).eventTime())
                .isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29T02:30:00, 2026-03-29T01:30:00Z",
        "2026-10-25T02:30:00, 2026-10-25T00:30:00Z",
        "2026-07-01T12:00:00, 2026-07-01T10:00:00Z"
    })
    void localTimesAreInTheConfiguredZone(String text, String instant) throws Exception {
        assertThat(
                        new AdEventReader(ZoneId.of("Europe/Berlin"))
                                .read(AdEventJson.click("e").at(text).json())
                                .eventTime())
                .isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @CsvSource({
        "\"2026-02-30T00:00:00Z\",           BAD_VALUE",
        "\"2026-11-20T10:00:60Z\",           BAD_VALUE",
        "\"2026-11-20T24:00:00Z\",           BAD_VALUE",
        "\"2026-11-20T10:00:00.Z\",          BAD_VALUE",
        "\"2026-11-20T10:00:00.1234567890Z\",BAD_VALUE",
        "\"2026-11-20 10:00:00Z\",           BAD_VALUE",
        "\"2026-11-20T10:00:00z\",           BAD_VALUE",
        "\"2026-11-20T10:00:00+0900\",       BAD_VALUE",
        "\"2026-11-20T10:00:00+18:01\",      BAD_VALUE",
        "\"10000-01-01T00:00:00Z\",          BAD_VALUE",
        "\"1999-12-31T23:59:59.999Z\",       BAD_VALUE",
        "\"2000-01-01T00:00:00+00:01\",      BAD_VALUE",
        "\"\",                               BAD_VALUE",
        "\"1700000000000\",                  BAD_VALUE",
        "1700000000000,                      VALID",
        "1.7e12,                             VALID",
        "1700000000000.0,                    VALID",
        "1700000000000.5,                    BAD_TYPE",
        "1e-400,                             BAD_TYPE",
        "946684800000,                       VALID",
        "946684799999,                       BAD_VALUE",
        "-1,                                 BAD_VALUE",
        "-0,                                 BAD_VALUE",
        "9223372036854775808,                BAD_VALUE",
        "1e309,                              BAD_VALUE",
        "true,                               BAD_TYPE",
        "[],                                 BAD_TYPE"
    })
    void judgesTimes(String json, Verdict verdict) {
        assertThat(verdict(AdEventJson.click("e").withRaw("event_time", json))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "0.25,                    0.250000",
        "0,                       0.000000",
        "-0,                      0.000000",
        "-0.0e99999999999,        0.000000",
        "0.0000005,               0.000000",
        "0.0000015,               0.000002",
        "0.0000025000000000001,   0.000003",
        "1e-99999999999,          0.000000",
        "25e-2,                   0.250000",
        "9e12,                    9000000000000.000000"
    })
    void roundsMoneyHalfEven(String json, BigDecimal micros) throws Exception {
        assertThat(reader.read(AdEventJson.click("e").price(json).json()).actualPrice())
                .isEqualTo(micros);
    }

    @ParameterizedTest
    @CsvSource({
        "-0.01,                  BAD_VALUE",
        "-1e-99999999999,        BAD_VALUE",
        "9000000000000.0000001,  BAD_VALUE",
        "1e309,                  BAD_VALUE",
        "1e99999999999,          BAD_VALUE",
        "\"0.25\",               BAD_TYPE",
        "true,                   BAD_TYPE",
        "null,                   VALID"
    })
    void judgesMoney(String json, Verdict verdict) {
        assertThat(verdict(AdEventJson.click("e").price(json))).isEqualTo(verdict);
        assertThat(verdict(AdEventJson.impression("e").value(json))).isEqualTo(verdict);
    }

    private Verdict verdict(EventJson<?> event) {
        return verdict(event.json());
    }

    private Verdict verdict(byte[] value) {
        try {
            reader.read(value);
            return Verdict.VALID;
        } catch (RejectedException e) {
            return e.verdict();
        }
    }
}
