package io.adstream.attribution.touch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.attribution.ParsedEvents;
import io.adstream.testing.events.AdEventJson;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TouchBytesTest {

    private static final long TIME = 1_795_168_800_123L;

    @Test
    void holdsWhatAResultNames() {
        byte[] bytes = bytes(click("c-1").ad("ad").campaign("cmp").advertiser("adv"));

        assertThat(touches(bytes)).containsExactly(new Touch("c-1", "ad", "cmp", "adv", TIME));
        assertThat(bytes).hasSize(Long.BYTES + 4 + "c-1adcmpadv".length());
    }

    @Test
    void holdsIdsOfEveryLength() {
        for (int length : new int[] {1, 126, 127, 128}) {
            for (String letter : List.of("a", "é", "€", "\uD83D\uDE00", "\\", "\n")) {
                String id = letter.repeat(length);
                byte[] bytes = bytes(click(id).ad(id).campaign("c").advertiser(id));

                assertThat(touches(bytes)).containsExactly(new Touch(id, id, "c", id, TIME));
            }
        }
    }

    @Test
    void touchesStandOneBehindTheOther() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(bytes(click("c-1")));
        bytes.writeBytes(bytes(click("c-2" + "x".repeat(120))));
        bytes.writeBytes(bytes(click("c-3")));

        assertThat(touches(bytes.toByteArray()))
                .extracting(Touch::clickId)
                .containsExactly("c-1", "c-2" + "x".repeat(120), "c-3");
    }

    @Test
    void theLaterIsTheLaterInTimeThenInBytes() {
        assertThat(position(click("z")))
                .isLessThan(position(click("a").atMillis(TIME + 1)))
                .isGreaterThan(position(click("a")))
                .isLessThan(position(click("é")))
                .isLessThan(position(click("z0")))
                .isEqualByComparingTo(position(click("z").ad("another")));
    }

    @Test
    void knowsTheAdvertiserByteForByte() {
        TouchBytes.Position touch = position(click("c").advertiser("adv-1"));

        assertThat(touch.isOf("adv-1".getBytes(UTF_8))).isTrue();
        assertThat(touch.isOf("ADV-1".getBytes(UTF_8))).isFalse();
        assertThat(touch.isOf("adv-11".getBytes(UTF_8))).isFalse();
        assertThat(touch.isOf("adv-".getBytes(UTF_8))).isFalse();
    }

    @Test
    void conversionsStandOneBehindTheOther() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                ConversionBytes.of(
                        ParsedEvents.parse(AdEventJson.conversion("v-1").advertiser("é"))));
        bytes.writeBytes(
                ConversionBytes.of(ParsedEvents.parse(AdEventJson.pixelConversion("v-2"))));
        ConversionBytes.Cursor cursor = new ConversionBytes.Cursor(bytes.toByteArray());

        assertThat(cursor.advance()).isTrue();
        assertThat(cursor.id()).isEqualTo("v-1");
        assertThat(new String(cursor.advertiser(), UTF_8)).isEqualTo("é");
        assertThat(cursor.advance()).isTrue();
        assertThat(cursor.id()).isEqualTo("v-2");
        assertThat(cursor.advertiser()).isEmpty();
        assertThat(cursor.advance()).isFalse();
    }

    private static AdEventJson click(String id) {
        return AdEventJson.click(id).atMillis(TIME);
    }

    private static byte[] bytes(AdEventJson json) {
        return TouchBytes.of(ParsedEvents.parse(json));
    }

    private static TouchBytes.Position position(AdEventJson json) {
        TouchBytes.Cursor cursor = new TouchBytes.Cursor(bytes(json));
        assertThat(cursor.advance()).isTrue();
        return cursor.position();
    }

    private static List<Touch> touches(byte[] bytes) {
        List<Touch> touches = new ArrayList<>();
        TouchBytes.Cursor cursor = new TouchBytes.Cursor(bytes);
        while (cursor.advance()) {
            touches.add(cursor.touch());
        }
        return touches;
    }
}
