package io.adstream.common.event;

import static io.adstream.common.event.RejectCode.BAD_TYPE;
import static io.adstream.common.event.RejectCode.BAD_VALUE;
import static io.adstream.common.event.RejectCode.FUTURE_EVENT_TIME;
import static io.adstream.common.event.RejectCode.MALFORMED;
import static io.adstream.common.event.RejectCode.MISSING_FIELD;
import static io.adstream.common.event.RejectCode.TOO_LARGE;
import static io.adstream.common.event.RejectCode.UNKNOWN_EVENT_TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {

    private static final long ARRIVED = Instant.parse("2026-11-20T10:00:01Z").toEpochMilli();

    private final EventParser adEvents = new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC);
    private final EventParser commerceEvents =
            new EventParser(EventContract.COMMERCE_EVENTS, ZoneOffset.UTC);
    private final InputEvent ad = EventContract.AD_EVENTS.newEvent();
    private final InputEvent commerce = EventContract.COMMERCE_EVENTS.newEvent();

    private @Nullable RejectCode parse(RecordText record) {
        return adEvents.parse(record.bytes(), ARRIVED, ad);
    }

    private @Nullable RejectCode parse(String json) {
        return adEvents.parse(json.getBytes(StandardCharsets.UTF_8), ARRIVED, ad);
    }

    private @Nullable RejectCode parseCommerce(RecordText record) {
        return commerceEvents.parse(record.bytes(), ARRIVED, commerce);
    }

    private void assertValid(RecordText record) {
        assertThat(parse(record)).as(() -> ad.rejectMessage + " in " + record).isNull();
        assertThat(ad.rejected).isNull();
        assertThat(ad.rejectMessage).isNull();
    }

    private void assertRejected(RejectCode code, RecordText record) {
        assertThat(parse(record)).as(() -> ad.rejectMessage + " in " + record).isEqualTo(code);
        assertThat(ad.rejected).isEqualTo(code);
        assertThat(ad.rejectMessage).isNotBlank();
    }

    private static String quoted(String content) {
        return '"' + content + '"';
    }

    @Nested
    class Fields {

        @Test
        void ofAClick() {
            assertValid(RecordText.click());

            assertThat(ad.string(AdEvents.EVENT_ID)).isEqualTo("5e0c");
            assertThat(ad.eventType).isEqualTo(AdEvents.CLICK);
            assertThat(ad.eventTime)
                    .isEqualTo(Instant.parse("2026-11-20T10:00:00.123Z").toEpochMilli());
            assertThat(ad.string(AdEvents.AD_ID)).isEqualTo("ad-1");
            assertThat(ad.string(AdEvents.CAMPAIGN_ID)).isEqualTo("cmp-1");
            assertThat(ad.string(AdEvents.ADVERTISER_ID)).isEqualTo("adv-1");
            assertThat(ad.string(AdEvents.USER_ID)).isEqualTo("u-1");
            assertThat(ad.string(AdEvents.DEVICE_ID)).isEqualTo("d-1");
            assertThat(ad.string(AdEvents.SESSION_ID)).isEqualTo("s-1");
            assertThat(ad.string(AdEvents.IP)).isEqualTo("203.0.113.9");
            assertThat(ad.string(AdEvents.CATEGORY)).isEqualTo("shoes");
            assertThat(ad.numbers).containsExactly(250_000, InputEvent.NO_NUMBER);
            assertThat(ad.kafkaTimestamp).isEqualTo(ARRIVED);
            assertThat(ad.idHash).isNotZero();
        }

        @Test
        void ofAViewWithoutAnId() {
            assertThat(parseCommerce(RecordText.view())).isNull();

            assertThat(commerce.eventType).isEqualTo(CommerceEvents.VIEW);
            assertThat(commerce.eventTime)
                    .isEqualTo(Instant.parse("2026-11-20T10:00:00Z").toEpochMilli());
            assertThat(commerce.string(CommerceEvents.USER_ID)).isEqualTo("111");
            assertThat(commerce.numbers).containsExactly(29_990_000);
            assertThat(commerce.has(CommerceEvents.EVENT_ID)).isFalse();
            assertThat(commerce.idHash).isZero();
        }

        @Test
        void ofAPurchaseWithEverything() {
            RecordText purchase =
                    RecordText.view()
                            .with("event_type", "\"purchase\"")
                            .with("event_id", "\"e-1\"")
                            .with("product_id", "\"p-1\"")
                            .with("category", "\"hats\"")
                            .with("session_id", "\"s-1\"");

            assertThat(parseCommerce(purchase)).isNull();

            assertThat(commerce.eventType).isEqualTo(CommerceEvents.PURCHASE);
            assertThat(commerce.string(CommerceEvents.EVENT_ID)).isEqualTo("e-1");
            assertThat(commerce.string(CommerceEvents.PRODUCT_ID)).isEqualTo("p-1");
            assertThat(commerce.string(CommerceEvents.CATEGORY)).isEqualTo("hats");
            assertThat(commerce.string(CommerceEvents.SESSION_ID)).isEqualTo("s-1");
            assertThat(commerce.idHash).isNotZero();
        }

        @Test
        void inAnyOrderAndWithSpace() {
            String spaced =
                    RecordText.click()
                            .reversed()
                            .toString()
                            .replaceAll("([{}:,])(?=\"|$)", " $1\r\n\t");
            assertThat(parse(spaced)).as(ad.rejectMessage).isNull();
            assertThat(ad.string(AdEvents.CATEGORY)).isEqualTo("shoes");
        }

        @Test
        void thatAreUnknownAreSkipped() {
            assertValid(
                    RecordText.click()
                            .with("note", "{\"ad_id\":[1,{\"event_id\":null}],\"event_id\":true}")
                            .with("Event_id", "7")
                            .with("", "[]"));
            assertThat(ad.string(AdEvents.EVENT_ID)).isEqualTo("5e0c");
        }

        @Test
        void thatAreUnknownMayComeTwice() {
            assertThat(
                            parse(
                                    RecordText.click()
                                            .toString()
                                            .replace("}", ",\"x\":1,\"x\":{\"x\":2,\"x\":3}}")))
                    .isNull();
        }

        @Test
        void withEscapesAreDecoded() {
            assertValid(
                    RecordText.click()
                            .with("event_id", "\"\\u0035e\\u0030c\"")
                            .with("event_type", "\"\\u0043LICK\"")
                            .with("event_time", "\"2026\\u002d11-20T10:00:00.123\\u005A\"")
                            .with("category", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20aC\\uD83D\\ude00\"")
                            .rename("user_id", "user\\u005fid"));

            assertThat(ad.string(AdEvents.EVENT_ID)).isEqualTo("5e0c");
            assertThat(ad.string(AdEvents.CATEGORY)).isEqualTo("\"\\/\b\f\n\r\t€😀");
            assertThat(ad.string(AdEvents.USER_ID)).isEqualTo("u-1");
            assertThat(ad.string(AdEvents.AD_ID)).isEqualTo("ad-1");
        }

        @Test
        void ofOneRecordDoNotLeakIntoTheNext() {
            assertValid(RecordText.conversion().with("category", "\"\\n\""));
            assertThat(ad.decoded).isNotNull();

            assertValid(
                    RecordText.conversion()
                            .without("ad_id")
                            .without("category")
                            .without("actual_price")
                            .with("conversion_value", "null"));

            assertThat(ad.has(AdEvents.AD_ID)).isFalse();
            assertThat(ad.string(AdEvents.CATEGORY)).isNull();
            assertThat(ad.numbers).containsExactly(InputEvent.NO_NUMBER, InputEvent.NO_NUMBER);
            assertThat(ad.decoded).isNull();
        }

        @Test
        void leaveTheCoordinatesAlone() {
            ad.partition = 7;
            ad.offset = 42;
            ad.key = new byte[] {1};
            assertValid(RecordText.click());
            assertThat(ad.partition).isEqualTo(7);
            assertThat(ad.offset).isEqualTo(42);
            assertThat(ad.key).containsExactly(1);
        }

        @Test
        void thatAreEmptyAreNotAbsent() {
            assertValid(RecordText.click().with("category", "\"\"").with("ip", "\"  \""));
            assertThat(ad.string(AdEvents.CATEGORY)).isEmpty();
            assertThat(ad.string(AdEvents.IP)).isEqualTo("  ");
        }
    }

    @Nested
    class Malformed {

        @Test
        void tombstone() {
            assertThat(adEvents.parse(null, ARRIVED, ad)).isEqualTo(MALFORMED);
            assertThat(ad.value).isNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "null",
                    "true",
                    "1",
                    "\"a\"",
                    "[]",
                    "[{}]",
                    "{",
                    "}",
                    "{}}",
                    "{}{}",
                    "{} x",
                    "{},",
                    "{\"a\"}",
                    "{\"a\":}",
                    "{\"a\":1,}",
                    "{,}",
                    "{\"a\" 1}",
                    "{\"a\":1 \"b\":2}",
                    "{a:1}",
                    "{'a':1}",
                    "{\"a\":'b'}",
                    "{\"a\":[1,]}",
                    "{\"a\":[,1]}",
                    "{\"a\":[1 2]}",
                    "{\"a\":[}",
                    "{\"a\":{]}",
                    "{\"a\":[1}}",
                    "{\"a\":NaN}",
                    "{\"a\":Infinity}",
                    "{\"a\":-Infinity}",
                    "{\"a\":+1}",
                    "{\"a\":01}",
                    "{\"a\":-01}",
                    "{\"a\":-}",
                    "{\"a\":.5}",
                    "{\"a\":1.}",
                    "{\"a\":1.e5}",
                    "{\"a\":1e}",
                    "{\"a\":1e+}",
                    "{\"a\":0x10}",
                    "{\"a\":1_000}",
                    "{\"a\":1f}",
                    "{\"a\":tru}",
                    "{\"a\":True}",
                    "{\"a\":nul}",
                    "{\"a\":nulll}",
                    "{\"a\":falsy}",
                    "{/**/}",
                    "{}//",
                    "{\"a\":1/**/}",
                    "{\"a\":\"\\x\"}",
                    "{\"a\":\"\\u12\"}",
                    "{\"a\":\"\\u12G4\"}",
                    "{\"a\":\"\\U0041\"}",
                    "{\"a\":\"\\",
                    "{\"a\":\"b",
                    "{\"a\":\"\\ud800\\u12\"}",
                    "{\"a\":\"\n\"}",
                    "{\"a\":\"\t\"}",
                    "{\"a\":\"\u0000\"}",
                    "{\"a\":\"\u001f\"}",
                    "{\"a\n\":1}",
                    "\uFEFF{}",
                    "{}\uFEFF",
                    "{\u00a0}",
                    "{}\u0000",
                    "\u0000",
                    "{\u000b}",
                    "{\f}"
                })
        void text(String json) {
            assertThat(parse(json)).isEqualTo(MALFORMED);
            assertThat(ad.rejectMessage).isNotBlank().matches("[ -~]+").hasSizeLessThan(500);
        }

        @Test
        void utf16() {
            byte[] text = RecordText.click().toString().getBytes(StandardCharsets.UTF_16LE);
            assertThat(adEvents.parse(text, ARRIVED, ad)).isEqualTo(MALFORMED);
            text = RecordText.click().toString().getBytes(StandardCharsets.UTF_16BE);
            assertThat(adEvents.parse(text, ARRIVED, ad)).isEqualTo(MALFORMED);
        }

        /** The bytes stand as they are in a string. */
        @ParameterizedTest
        @CsvSource({
            "80, a lone continuation",
            "c3, a sequence cut short",
            "e282, a sequence cut short",
            "f09f98, a sequence cut short",
            "c080, U+0000 in two bytes",
            "c1bf, an overlong form",
            "e09fbf, an overlong form",
            "f08fbfbf, an overlong form",
            "eda080, an encoded surrogate",
            "edbfbf, an encoded surrogate",
            "eda0bdedb880, an encoded pair of surrogates",
            "f4908080, above U+10FFFF",
            "f5808080, above U+10FFFF",
            "fe, no UTF-8 byte",
            "ff, no UTF-8 byte",
            "c3c3, two leads",
            "e28241, ASCII where a continuation must be"
        })
        void utf8(String hex, String what) {
            byte[] bad = HexFormat.of().parseHex(hex);
            for (String member : new String[] {"ad_id", "note"}) {
                String text = RecordText.click().with(member, "\"#\"").toString();
                assertThat(
                                parseLatin1(
                                        text.replace(
                                                "#", new String(bad, StandardCharsets.ISO_8859_1))))
                        .as(what)
                        .isEqualTo(MALFORMED);
            }
            String name = RecordText.click().with("#", "1").toString();
            assertThat(parseLatin1(name.replace("#", new String(bad, StandardCharsets.ISO_8859_1))))
                    .as(what)
                    .isEqualTo(MALFORMED);
        }

        private @Nullable RejectCode parseLatin1(String bytes) {
            return adEvents.parse(bytes.getBytes(StandardCharsets.ISO_8859_1), ARRIVED, ad);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\u0080",
                    "\u07ff",
                    "\u0800",
                    "\ud7ff",
                    "\ue000",
                    "\uffff",
                    "\ud800\udc00",
                    "\udbff\udfff"
                })
        void notAtTheBoundsOfUtf8(String character) {
            for (int before = 0; before < 9; before++) {
                String text = "x".repeat(before) + character;
                assertValid(RecordText.click().with("category", quoted(text)));
                assertThat(ad.string(AdEvents.CATEGORY)).isEqualTo(text);
            }
        }

        @Test
        void truncatedAtEveryByte() {
            byte[] whole =
                    RecordText.click()
                            .with("category", "\"\\u00e9é語😀\\\\\"")
                            .with("note", "[1.5e+10,{\"a\":true,\"b\":[false,null]},-0]")
                            .with("actual_price", "1.5E-3")
                            .bytes();
            assertThat(adEvents.parse(whole, ARRIVED, ad)).as(ad.rejectMessage).isNull();
            for (int length = 0; length < whole.length; length++) {
                assertThat(adEvents.parse(Arrays.copyOf(whole, length), ARRIVED, ad))
                        .as("cut to %d bytes", length)
                        .isEqualTo(MALFORMED);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"event_id", "ad_id", "event_time", "conversion_value"})
        void aContractFieldTwice(String field) {
            String escaped = field.replace("e", "\\u0065");
            for (String second : new String[] {field, escaped}) {
                for (String json : new String[] {"null", "1", "\"x\""}) {
                    String record = RecordText.click().toString();
                    String twice = ",\"" + second + "\":" + json + "}";
                    assertThat(parse(record.replace("}", twice))).isEqualTo(MALFORMED);
                    assertThat(ad.rejectMessage).contains("twice");
                }
            }
        }

        @Test
        void winsOverWhatComesBefore() {
            assertThat(parse(RecordText.click().with("event_id", "7").toString() + "x"))
                    .isEqualTo(MALFORMED);
            assertThat(parse("{\"event_id\":\"\\u0000\",\"ad_id\":tru}")).isEqualTo(MALFORMED);
        }

        @Test
        void deeperThan16() {
            assertValid(RecordText.click().with("note", "[".repeat(15) + "1" + "]".repeat(15)));
            assertValid(RecordText.click().with("note", "[".repeat(15) + "]".repeat(15)));
            assertRejected(
                    MALFORMED, RecordText.click().with("note", "[".repeat(16) + "]".repeat(16)));
            assertRejected(
                    MALFORMED,
                    RecordText.click().with("note", "{\"a\":".repeat(16) + "1" + "}".repeat(16)));
            assertRejected(
                    BAD_TYPE, RecordText.click().with("ad_id", "[".repeat(15) + "]".repeat(15)));
            assertRejected(
                    MALFORMED, RecordText.click().with("ad_id", "[".repeat(16) + "]".repeat(16)));
        }

        @Test
        void veryDeep() {
            assertThat(parse("{\"a\":" + "[".repeat(60_000))).isEqualTo(MALFORMED);
            assertThat(parse("[".repeat(60_000))).isEqualTo(MALFORMED);
        }
    }

    @Nested
    class TooLarge {

        @Test
        void from65537Bytes() {
            String record = RecordText.click().toString();
            String fits = record + " ".repeat(EventParser.MAX_BYTES - record.length());
            assertThat(parse(fits)).isNull();
            assertThat(parse(fits + " ")).isEqualTo(TOO_LARGE);
        }

        @Test
        void winsOverMalformed() {
            assertThat(adEvents.parse(new byte[20 << 20], ARRIVED, ad)).isEqualTo(TOO_LARGE);
            assertThat(parse("[".repeat(100_000))).isEqualTo(TOO_LARGE);
        }
    }

    @Nested
    class Required {

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
        void ofAClick(String field) {
            assertRejected(MISSING_FIELD, RecordText.click().without(field));
            assertThat(ad.rejectMessage).contains(field);
            assertRejected(MISSING_FIELD, RecordText.click().with(field, "null"));
        }

        @Test
        void ofAnImpression() {
            assertRejected(
                    MISSING_FIELD,
                    RecordText.click().with("event_type", "\"IMPRESSION\"").without("campaign_id"));
        }

        @Test
        void ofAConversionNoAd() {
            assertValid(
                    RecordText.conversion()
                            .without("ad_id")
                            .with("campaign_id", "null")
                            .without("advertiser_id"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"event_time", "event_type", "user_id"})
        void ofAView(String field) {
            assertThat(parseCommerce(RecordText.view().without(field))).isEqualTo(MISSING_FIELD);
        }

        @Test
        void nothingElse() {
            assertValid(
                    RecordText.click()
                            .without("user_id")
                            .without("device_id")
                            .without("session_id")
                            .without("ip")
                            .without("category")
                            .without("actual_price")
                            .without("conversion_value"));
            assertThat(parseCommerce(RecordText.view().without("price"))).isNull();
        }
    }

    @Nested
    class Types {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "event_id|7",
                    "event_id|true",
                    "event_id|[]",
                    "event_id|{}",
                    "event_type|1",
                    "event_type|false",
                    "event_time|true",
                    "event_time|[]",
                    "event_time|1.5",
                    "event_time|-1.5",
                    "event_time|1e-3",
                    "ad_id|1",
                    "user_id|1",
                    "category|{\"a\":\"b\"}",
                    "actual_price|\"0.25\"",
                    "actual_price|true",
                    "conversion_value|\"\"",
                    "conversion_value|[1]"
                })
        void wrong(String field, String json) {
            assertRejected(BAD_TYPE, RecordText.click().with(field, json));
            assertThat(ad.rejectMessage).startsWith(field + " must be ");
        }

        @Test
        void areJudgedWhateverTheEventType() {
            assertRejected(BAD_TYPE, RecordText.conversion().with("ad_id", "5"));
            assertRejected(
                    BAD_TYPE,
                    RecordText.click()
                            .with("event_type", "\"IMPRESSION\"")
                            .with("conversion_value", "\"1\""));
        }
    }

    @Nested
    class EventTypes {

        @ParameterizedTest
        @ValueSource(strings = {"click", "CLICKS", "CLIC", "view", " CLICK", "CLICK ", "?"})
        void unknown(String type) {
            assertRejected(UNKNOWN_EVENT_TYPE, RecordText.click().with("event_type", quoted(type)));
        }

        @Test
        void impossibleOnesAreUnknownToo() {
            assertRejected(UNKNOWN_EVENT_TYPE, RecordText.click().with("event_type", "\"\""));
            assertRejected(
                    UNKNOWN_EVENT_TYPE,
                    RecordText.click().with("event_type", quoted("é".repeat(129))));
            assertRejected(
                    UNKNOWN_EVENT_TYPE, RecordText.click().with("event_type", "\"\\u0000\""));
        }

        @Test
        void ofCommerceAreLowerCase() {
            assertThat(parseCommerce(RecordText.view().with("event_type", "\"cart\""))).isNull();
            assertThat(commerce.eventType).isEqualTo(CommerceEvents.CART);
            assertThat(parseCommerce(RecordText.view().with("event_type", "\"VIEW\"")))
                    .isEqualTo(UNKNOWN_EVENT_TYPE);
        }
    }

    @Nested
    class Strings {

        @ParameterizedTest
        @ValueSource(strings = {"a", "é", "語", "😀", "\\u0061", "\\ud83d\\ude00", "\\n"})
        void requiredOnesHave1To128Characters(String character) {
            for (String field :
                    new String[] {"event_id", "ad_id", "campaign_id", "advertiser_id"}) {
                assertRejected(BAD_VALUE, RecordText.click().with(field, "\"\""));
                assertValid(RecordText.click().with(field, quoted(character)));
                assertValid(RecordText.click().with(field, quoted(character.repeat(128))));
                assertRejected(
                        BAD_VALUE, RecordText.click().with(field, quoted(character.repeat(129))));
                assertThat(ad.rejectMessage).contains(field, "129", "128").hasSizeLessThan(400);
            }
        }

        @Test
        void theAdOfAConversionIsNotEmptyEither() {
            assertRejected(BAD_VALUE, RecordText.conversion().with("ad_id", "\"\""));
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "é", "\\n"})
        void optionalOnesHaveUpTo8192Characters(String character) {
            assertValid(RecordText.click().with("category", quoted(character.repeat(8192))));
            assertRejected(
                    BAD_VALUE, RecordText.click().with("category", quoted(character.repeat(8193))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\\u0000",
                    "a\\u0000",
                    "\\ud800",
                    "\\uDBFF",
                    "\\udc00",
                    "\\ud800x",
                    "\\ud800\\n",
                    "\\ud800\\u0041",
                    "\\udc00\\ud800",
                    "\\ud83d\\ud83d\\ude00"
                })
        void thatPostgresCannotStore(String text) {
            for (String field : new String[] {"event_id", "event_time", "category"}) {
                assertRejected(BAD_VALUE, RecordText.click().with(field, quoted(text)));
                assertThat(ad.rejectMessage).contains(field);
            }
            assertRejected(BAD_VALUE, RecordText.click().with("note", quoted(text)));
            assertRejected(
                    BAD_VALUE, RecordText.click().with("note", "[{\"a\":[\"" + text + "\"]}]"));
            assertRejected(BAD_VALUE, RecordText.click().with("note", "{\"" + text + "\":1}"));
            assertRejected(BAD_VALUE, RecordText.click().with(text, "1"));
            assertRejected(BAD_VALUE, RecordText.click().with("ad_id" + text, "1"));
        }

        @Test
        void outsideOfTheContractAreJudgedLast() {
            assertRejected(
                    BAD_TYPE,
                    RecordText.click()
                            .with("conversion_value", "\"x\"")
                            .with("note", "\"\\u0000\""));
        }

        @ParameterizedTest
        @ValueSource(strings = {"a:b", "{}", "a\\r\\nb", "\\u001b[31m", "null", "'; drop table"})
        void mayBeStrange(String id) {
            assertValid(RecordText.click().with("event_id", quoted(id)).with("ad_id", quoted(id)));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 17, 100})
        void ofAnyLengthAndPosition(int length) {
            String text = "abcdefghijklmnopqrstuvwxyz".repeat(4).substring(0, length);
            assertValid(
                    RecordText.click()
                            .with("category", quoted(text))
                            .with("ip", quoted(text + "~")));
            assertThat(ad.string(AdEvents.CATEGORY)).isEqualTo(text);
            assertThat(ad.string(AdEvents.IP)).isEqualTo(text + "~");
        }
    }

    @Nested
    class Money {

        @ParameterizedTest
        @CsvSource({
            "0, 0",
            "-0, 0",
            "-0.00e5, 0",
            "0e999999999999, 0",
            "0.1, 100000",
            "0.25, 250000",
            "0.250, 250000",
            "25e-2, 250000",
            "2.5E-1, 250000",
            "29.99, 29990000",
            "1, 1000000",
            "0.000001, 1",
            "0.0000005, 0",
            "0.00000050000000000000000000000000000000001, 1",
            "0.0000015, 2",
            "0.0000025, 2",
            "0.00000249999999999999999999999, 2",
            "0.0000035, 4",
            "1.0000005, 1000000",
            "1.0000015, 1000002",
            "1e-400, 0",
            "5e-7, 0",
            "5.1e-7, 1",
            "123456789012.123456, 123456789012123456",
            "1234567890123.1234565, 1234567890123123456",
            "1234567890123.1234575, 1234567890123123458",
            "8999999999999.9999995, 9000000000000000000",
            "9000000000000, 9000000000000000000",
            "9000000000000.000000000, 9000000000000000000",
            "9e12, 9000000000000000000",
            "0.0000000000009e25, 9000000000000000000"
        })
        void isExact(String json, long micros) {
            assertValid(
                    RecordText.click().with("actual_price", json).with("conversion_value", json));
            assertThat(ad.numbers).containsExactly(micros, micros);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-1",
                    "-0.01",
                    "-1e-9",
                    "-1e-400",
                    "-1e999999999999",
                    "9000000000000.0000001",
                    "9000000000000.00000000000000000000000000001",
                    "9000000000001",
                    "9.0000000000001e12",
                    "1e13",
                    "10000000000000",
                    "99999999999999999999",
                    "1e309",
                    "1e400",
                    "1e999999999999",
                    "18446744073709.551616",
                    "9223372036854775808"
                })
        void isNotNegativeAndAtMost9e12(String json) {
            for (String field : new String[] {"actual_price", "conversion_value"}) {
                assertRejected(BAD_VALUE, RecordText.click().with(field, json));
            }
            assertThat(parseCommerce(RecordText.view().with("price", json))).isEqualTo(BAD_VALUE);
        }

        @Test
        void mayBeLong() {
            assertValid(RecordText.click().with("actual_price", "0." + "3".repeat(5_000)));
            assertThat(ad.numbers[AdEvents.ACTUAL_PRICE]).isEqualTo(333_333);
            assertValid(
                    RecordText.click().with("actual_price", "1" + "0".repeat(5_000) + "e-4999"));
            assertThat(ad.numbers[AdEvents.ACTUAL_PRICE]).isEqualTo(10_000_000);
        }
    }

    @Nested
    class Times {

        @ParameterizedTest
        @CsvSource({
            "2026-11-20T10:00, 2026-11-20T10:00:00Z",
            "2026-11-20T10:00:01, 2026-11-20T10:00:01Z",
            "2026-11-20T10:00Z, 2026-11-20T10:00:00Z",
            "2026-11-20T10:00:00.1Z, 2026-11-20T10:00:00.100Z",
            "2026-11-20T10:00:00.12Z, 2026-11-20T10:00:00.120Z",
            "2026-11-20T10:00:00.123999999Z, 2026-11-20T10:00:00.123Z",
            "2026-11-20T10:00:00.0009Z, 2026-11-20T10:00:00.000Z",
            "2026-11-20T19:00:00+09:00, 2026-11-20T10:00:00Z",
            "2026-11-20T04:30:00.5-05:30, 2026-11-20T10:00:00.500Z",
            "2026-11-20T10:00:00-00:00, 2026-11-20T10:00:00Z",
            "2026-11-20T18:00:00+18:00, 2026-11-20T00:00:00Z",
            "2024-02-29T23:59:59.999Z, 2024-02-29T23:59:59.999Z",
            "2000-01-01T00:00:00Z, 2000-01-01T00:00:00Z"
        })
        void asText(String text, Instant instant) {
            assertValid(RecordText.click().with("event_time", quoted(text)));
            assertThat(ad.eventTime).isEqualTo(instant.toEpochMilli());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "now",
                    "2026-11-20",
                    "2026-11-20T10",
                    "2026-11-20T10:0",
                    "2026-11-20T10:00:0",
                    "2026-11-20 10:00:00",
                    "2026-11-20t10:00:00Z",
                    "2026-11-20T10:00:00z",
                    "2026-11-20T10:00:00Z ",
                    " 2026-11-20T10:00:00Z",
                    "2026-11-20T10:00:00ZZ",
                    "2026-11-20T10:00:00.Z",
                    "2026-11-20T10:00.5Z",
                    "2026-11-20T10:00:00,5Z",
                    "2026-11-20T10:00:00.1234567890Z",
                    "2026-11-20T10:00:00+9",
                    "2026-11-20T10:00:00+09",
                    "2026-11-20T10:00:00+0900",
                    "2026-11-20T10:00:00+09:0",
                    "2026-11-20T10:00:00+09:60",
                    "2026-11-20T10:00:00+18:01",
                    "2026-11-20T10:00:00-19:00",
                    "2026-11-20T10:00:00Z+09:00",
                    "2026-11-20T10:00:00[UTC]",
                    "2026-00-20T10:00:00Z",
                    "2026-13-20T10:00:00Z",
                    "2026-11-00T10:00:00Z",
                    "2026-11-31T10:00:00Z",
                    "2026-02-30T10:00:00Z",
                    "2026-02-29T10:00:00Z",
                    "2100-02-29T10:00:00Z",
                    "2026-11-20T24:00:00Z",
                    "2026-11-20T10:60:00Z",
                    "2026-11-20T23:59:60Z",
                    "10000-01-01T00:00:00Z",
                    "+2026-11-20T10:00:00Z",
                    "-2026-11-20T10:00:00Z",
                    "1999-12-31T23:59:59.999999999Z",
                    "2000-01-01T00:00:00+00:01",
                    "0000-01-01T00:00:00Z",
                    "1795168800123",
                    "2026-11-20T10:00:\\u0660\\u0660Z",
                    "2026-11-20T10:00:00Z\\n"
                })
        void asTextThatIsNone(String text) {
            assertRejected(BAD_VALUE, RecordText.click().with("event_time", quoted(text)));
        }

        @ParameterizedTest
        @CsvSource({
            "1795168800123, 1795168800123",
            "1795168800123.000, 1795168800123",
            "1.7e12, 1700000000000",
            "17E+11, 1700000000000",
            "170000000000000e-2, 1700000000000",
            "946684800000, 946684800000",
            "0.00000000000000000017e31, 1700000000000"
        })
        void asNumber(String json, long millis) {
            assertValid(RecordText.click().with("event_time", json));
            assertThat(ad.eventTime).isEqualTo(millis);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "946684799999",
                    "0",
                    "-0",
                    "-0.0",
                    "5.0",
                    "-1795168800123",
                    "9223372036854775808",
                    "1e19",
                    "18446744073709551617",
                    "100000000000000000000",
                    "1e400",
                    "-1e400",
                    "1e999999999999"
                })
        void asNumberThatIsNone(String json) {
            assertRejected(BAD_VALUE, RecordText.click().with("event_time", json));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "1795168800123.5",
                    "0.5",
                    "-0.5",
                    "1e-400",
                    "9223372036854775808.5",
                    "1795168800123.00000000000000000000000001",
                    "17e-1",
                    "-1e-999999999999"
                })
        void asNumberWithAFractionAreOfAnotherType(String json) {
            assertRejected(BAD_TYPE, RecordText.click().with("event_time", json));
        }

        @ParameterizedTest
        @CsvSource({
            // In the gap of the spring night: an hour later. In the overlap of autumn: summer time.
            "2026-03-29T01:59:59.999, 2026-03-29T00:59:59.999Z",
            "2026-03-29T02:00:00, 2026-03-29T01:00:00Z",
            "2026-03-29T02:30:00, 2026-03-29T01:30:00Z",
            "2026-03-29T03:00:00, 2026-03-29T01:00:00Z",
            "2025-10-26T01:59:59, 2025-10-25T23:59:59Z",
            "2025-10-26T02:00:00, 2025-10-26T00:00:00Z",
            "2025-10-26T02:59:59.999, 2025-10-26T00:59:59.999Z",
            "2025-10-26T03:00:00, 2025-10-26T02:00:00Z",
            "2026-07-01T12:00:00, 2026-07-01T10:00:00Z",
            "2026-07-01T12:00:00Z, 2026-07-01T12:00:00Z"
        })
        void inTheConfiguredZone(String text, Instant instant) {
            EventParser berlin =
                    new EventParser(EventContract.AD_EVENTS, ZoneId.of("Europe/Berlin"));
            byte[] record = RecordText.click().with("event_time", quoted(text)).bytes();
            assertThat(berlin.parse(record, ARRIVED, ad)).as(ad.rejectMessage).isNull();
            assertThat(ad.eventTime).isEqualTo(instant.toEpochMilli());
        }

        @Test
        void beforeTheYear2000InTheConfiguredZone() {
            EventParser seoul = new EventParser(EventContract.AD_EVENTS, ZoneId.of("Asia/Seoul"));
            byte[] early = RecordText.click().with("event_time", "\"2000-01-01T08:59:59\"").bytes();
            byte[] good = RecordText.click().with("event_time", "\"2000-01-01T09:00:00\"").bytes();
            assertThat(seoul.parse(early, ARRIVED, ad)).isEqualTo(BAD_VALUE);
            assertThat(seoul.parse(good, ARRIVED, ad)).isNull();
        }
    }

    @Nested
    class Future {

        @Test
        void fromFiveMinutesAndAMillisecond() {
            assertValid(RecordText.click().with("event_time", "\"2026-11-20T10:05:01.000Z\""));
            assertRejected(
                    FUTURE_EVENT_TIME,
                    RecordText.click().with("event_time", "\"2026-11-20T10:05:01.001Z\""));
            assertRejected(
                    FUTURE_EVENT_TIME,
                    RecordText.click().with("event_time", "9223372036854775807"));
        }

        @Test
        void isJudgedLast() {
            assertRejected(
                    BAD_TYPE,
                    RecordText.click()
                            .with("event_time", "\"2030-01-01T00:00Z\"")
                            .with("conversion_value", "\"\""));
            assertRejected(
                    BAD_VALUE,
                    RecordText.click()
                            .with("event_time", "\"2030-01-01T00:00Z\"")
                            .with("note", "\"\\u0000\""));
        }
    }

    @Nested
    class FirstOffendingField {

        @Test
        void isTheFirstOfTheContractNotOfTheText() {
            RecordText record =
                    RecordText.click()
                            .with("conversion_value", "\"x\"")
                            .with("ad_id", "\"\"")
                            .with("event_type", "\"SALE\"");
            assertRejected(UNKNOWN_EVENT_TYPE, record.reversed());
            assertRejected(BAD_VALUE, record.reversed().with("event_type", "\"CLICK\""));
            assertRejected(MISSING_FIELD, record.reversed().without("event_id"));
        }

        @Test
        void ofCommerceIsTheTime() {
            RecordText record =
                    RecordText.view().with("event_time", "true").with("event_type", "1");
            assertThat(parseCommerce(record.with("event_id", "7"))).isEqualTo(BAD_TYPE);
            assertThat(commerce.rejectMessage).startsWith("event_time");
        }
    }

    @Nested
    class Messages {

        @ParameterizedTest
        @ValueSource(strings = {"\\u001b[31mred", "\\r\\n", "é語😀", "\u007f"})
        void haveNoControlCharacters(String content) {
            String text = content.repeat(30);
            assertRejected(BAD_VALUE, RecordText.click().with("ad_id", quoted(text.repeat(10))));
            assertThat(ad.rejectMessage).matches("[ -~]+").hasSizeLessThan(400).startsWith("ad_id");
        }

        @Test
        void sayWhereAndWhy() {
            assertThat(parse("{\"event_id\":\"a\", oops}")).isEqualTo(MALFORMED);
            assertThat(ad.rejectMessage)
                    .isEqualTo("not a JSON object at byte 17: expected a member name: 'oops}'");
            assertRejected(BAD_VALUE, RecordText.click().with("actual_price", "-1"));
            assertThat(ad.rejectMessage).isEqualTo("actual_price is negative: '-1'");
            assertRejected(
                    FUTURE_EVENT_TIME,
                    RecordText.click().with("event_time", "\"2026-11-21T10:00:00Z\""));
            assertThat(ad.rejectMessage)
                    .contains("2026-11-21T10:00:00.000Z", "2026-11-20T10:00:01.000Z");
        }
    }

    @Nested
    class FarNumbers {

        @ParameterizedTest
        @ValueSource(strings = {"1e131073", "1e-16384", "[1e999999999999]", "{\"a\":-0e20000}"})
        void areMarked(String json) {
            assertValid(RecordText.click().with("note", json));
            assertThat(ad.farNumber).isTrue();
            assertValid(RecordText.click());
            assertThat(ad.farNumber).isFalse();
        }

        @Test
        void areMarkedInTheContractToo() {
            assertValid(RecordText.click().with("actual_price", "1e-20000"));
            assertThat(ad.farNumber).isTrue();
            assertValid(RecordText.click().with("actual_price", "0." + "3".repeat(20_000)));
            assertThat(ad.farNumber).isTrue();
        }
    }

    @Test
    void validRecordsCostNoAllocation() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] click = RecordText.click().with("category", "\"신발\"").with("note", "[1]").bytes();
        byte[] view = RecordText.view().bytes();
        long leastAllocated = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 5_000; i++) {
                adEvents.parse(click, ARRIVED, ad);
                commerceEvents.parse(view, ARRIVED, commerce);
            }
            leastAllocated =
                    Math.min(leastAllocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        // Not one byte per record; the measurement itself may cost a few.
        assertThat(leastAllocated).isLessThan(5_000);
    }

    @Nested
    class RecordsThatTheJobDoesNotUse {

        private final EventParser withoutImpressions =
                new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC, 1 << AdEvents.IMPRESSION);

        @Test
        void areReadAsFarAsTheirTime() {
            // No ad_id: what an impression needs beyond its time is not looked at.
            assertThat(parse("IMPRESSION", "2026-11-20T10:00:00Z")).isNull();
            assertThat(ad.skipped).isTrue();
            assertThat(ad.eventTime).isEqualTo(ARRIVED - 1000);
            assertThat(ad.eventType).isEqualTo(AdEvents.IMPRESSION);
        }

        @Test
        void areRejectedWhereTheirTimeIsWrong() {
            assertThat(parse("IMPRESSION", "2026-11-20T10:06:00Z")).isEqualTo(FUTURE_EVENT_TIME);
            assertThat(parse("IMPRESSION", "yesterday")).isEqualTo(BAD_VALUE);
        }

        @Test
        void othersAreJudgedWhole() {
            assertThat(parse("CLICK", "2026-11-20T10:00:00Z")).isEqualTo(MISSING_FIELD);
            assertThat(parse("CONVERSION", "2026-11-20T10:00:00Z")).isNull();
            assertThat(ad.skipped).isFalse();
        }

        private @Nullable RejectCode parse(String type, String time) {
            String json =
                    "{\"event_id\":\"e\",\"event_type\":\"%s\",\"event_time\":\"%s\"}"
                            .formatted(type, time);
            return withoutImpressions.parse(json.getBytes(StandardCharsets.UTF_8), ARRIVED, ad);
        }
    }
}
