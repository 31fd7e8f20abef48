package io.adstream.common.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FingerprintsTest {

    private static final long ID_HASH = 0x2ABF_3448_D919_F08FL;
    private static final long PAYLOAD_HASH = 0x4E8E_E8E1_2172_3106L;

    private final EventParser parser = new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC);
    private final InputEvent event = EventContract.AD_EVENTS.newEvent();

    private void parse(RecordText record) {
        assertThat(parser.parse(record.bytes(), Long.MAX_VALUE, event))
                .as(() -> event.rejectMessage + " in " + record)
                .isNull();
    }

    private long payloadHash(RecordText record) {
        parse(record);
        return event.payloadHash;
    }

    /** State keeps these: a change of them forgets every id that is known. */
    @Test
    void neverChange() {
        parse(RecordText.click());
        assertThat(event.idHash).isEqualTo(ID_HASH);
        assertThat(event.payloadHash).isEqualTo(PAYLOAD_HASH);
    }

    static Stream<RecordText> sameRecords() {
        return Stream.of(
                RecordText.click().reversed(),
                RecordText.click().without("conversion_value"),
                RecordText.click().with("note", "{\"x\":[1]}"),
                RecordText.click().with("actual_price", "0.250"),
                RecordText.click().with("actual_price", "25e-2"),
                RecordText.click().with("actual_price", "0.2500000001"),
                RecordText.click().with("event_id", "\"\\u0035e0\\u0063\""),
                RecordText.click()
                        .with("category", "\"shoe\\u0073\"")
                        .with("event_type", "\"CLIC\\u004B\""),
                RecordText.click().with("event_time", "\"2026-11-20T10:00:00.123+00:00\""),
                RecordText.click().with("event_time", "\"2026-11-20T19:00:00.1239+09:00\""),
                RecordText.click().with("event_time", "\"2026-11-20T10:00:00.123\""),
                RecordText.click().with("event_time", "1795168800123"),
                RecordText.click().with("event_time", "1.795168800123e12"),
                RecordText.click().rename("ad_id", "ad\\u005fid"));
    }

    @ParameterizedTest
    @MethodSource("sameRecords")
    void doNotDependOnHowTheRecordIsWritten(RecordText same) {
        parse(RecordText.click());
        long id = event.idHash;
        long payload = event.payloadHash;

        parse(same);

        assertThat(event.idHash).isEqualTo(id);
        assertThat(event.payloadHash).isEqualTo(payload);
    }

    @Test
    void dependOnEveryField() {
        RecordText[] different = {
            RecordText.click(),
            RecordText.click().with("event_id", "\"5e0d\""),
            RecordText.click().with("event_type", "\"IMPRESSION\""),
            RecordText.click().with("event_time", "\"2026-11-20T10:00:00.124Z\""),
            RecordText.click().with("ad_id", "\"ad-2\""),
            RecordText.click().with("campaign_id", "\"cmp-2\""),
            RecordText.click().with("advertiser_id", "\"adv-2\""),
            RecordText.click().with("user_id", "\"u-2\""),
            RecordText.click().with("user_id", "null"),
            RecordText.click().with("user_id", "\"\""),
            RecordText.click().with("device_id", "\"d-2\""),
            RecordText.click().with("device_id", "null"),
            RecordText.click().with("device_id", "\"\""),
            RecordText.click().with("session_id", "\"s-2\""),
            RecordText.click().with("session_id", "null"),
            RecordText.click().with("session_id", "\"\""),
            RecordText.click().with("ip", "\"203.0.113.8\""),
            RecordText.click().with("ip", "null"),
            RecordText.click().with("category", "\"Shoes\""),
            RecordText.click().with("category", "\"shoe\""),
            RecordText.click().with("category", "null"),
            RecordText.click().with("category", "\"\""),
            // The same bytes, shared out otherwise.
            RecordText.click().with("user_id", "\"u-1d\"").with("device_id", "\"-1\""),
            RecordText.click().with("user_id", "null").with("device_id", "\"u-1\""),
            RecordText.click().with("actual_price", "0.250001"),
            RecordText.click().with("actual_price", "0"),
            RecordText.click().with("actual_price", "null"),
            RecordText.click().with("actual_price", "null").with("conversion_value", "0.25"),
            RecordText.click().with("conversion_value", "0")
        };
        Set<Long> hashes = new HashSet<>();
        for (RecordText record : different) {
            assertThat(hashes.add(payloadHash(record))).as(record.toString()).isTrue();
        }
    }

    @Test
    void ofCommerceWithoutAnIdOrWithAnEmptyOne() {
        EventParser commerce = new EventParser(EventContract.COMMERCE_EVENTS, ZoneOffset.UTC);
        InputEvent view = EventContract.COMMERCE_EVENTS.newEvent();

        assertThat(commerce.parse(RecordText.view().bytes(), Long.MAX_VALUE, view)).isNull();
        assertThat(view.idHash).isZero();
        RecordText empty = RecordText.view().with("event_id", "\"\"");
        assertThat(commerce.parse(empty.bytes(), Long.MAX_VALUE, view)).isNull();
        assertThat(view.idHash).isZero();
        RecordText blank = RecordText.view().with("event_id", "\" \"");
        assertThat(commerce.parse(blank.bytes(), Long.MAX_VALUE, view)).isNull();
        assertThat(view.idHash).isNotZero();
    }

    @Test
    void ofTheLongestRecord() {
        RecordText longest = RecordText.click();
        for (String field : new String[] {"user_id", "device_id", "session_id", "ip", "category"}) {
            longest.with(field, '"' + "\u07ff".repeat(6_400) + '"');
        }
        assertThat(longest.bytes().length).isBetween(64_000, EventParser.MAX_BYTES);
        long hash = payloadHash(longest);
        assertThat(payloadHash(longest.with("category", '"' + "\u07ff".repeat(6_399) + "é\"")))
                .isNotEqualTo(hash);
    }
}
