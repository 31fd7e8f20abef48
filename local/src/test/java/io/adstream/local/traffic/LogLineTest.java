package io.adstream.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {

    private static LogLine read(String text) {
        return LogLine.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"2026-11-20T10:00:00.123Z\" | 2026-11-20T10:00:00.123Z |"
                        + " \"2026-11-21T10:00:01.123Z\"",
                "\"2026-11-20T10:00:00Z\" | 2026-11-20T10:00:00Z | \"2026-11-21T10:00:01Z\"",
                "\"2026-11-20T10:00Z\" | 2026-11-20T10:00:00Z | \"2026-11-21T10:00:01Z\"",
                "\"2026-11-20T10:00:00\" | 2026-11-20T10:00:00Z | \"2026-11-21T10:00:01\"",
                "\"2026-11-20T10:00:00.123456789+09:00\" | 2026-11-20T01:00:00.123Z |"
                        + " \"2026-11-21T10:00:01.123456789+09:00\"",
                "\"2026-12-31T23:59:59.5-05:00\" | 2027-01-01T04:59:59.500Z |"
                        + " \"2027-01-02T00:00:00.5-05:00\"",
                "1763632800123 | 2025-11-20T10:00:00.123Z | 1763719201123",
            })
    void aTimeKeepsItsFormWhenItIsMoved(String written, Instant meant, String moved) {
        String head = "{\"note\":\"event_time\", \"event_time\" : ";
        String tail = " ,\"nested\":{\"event_time\":1},\"x\":\"뷰티\"}";
        LogLine line = read(head + written + tail);
        assertThat(line.hasTime()).isTrue();
        assertThat(Instant.ofEpochMilli(line.time())).isEqualTo(meant);
        assertThat(new String(line.shifted(86_401), StandardCharsets.UTF_8))
                .isEqualTo(head + moved + tail);
        assertThat(line.shifted(0)).isSameAs(line.bytes());
    }

    @Test
    void wholeMinutesKeepAMinuteForm() {
        LogLine line = read("{\"event_time\":\"2026-11-20T10:00Z\"}");
        assertThat(new String(line.shifted(120), StandardCharsets.UTF_8))
                .isEqualTo("{\"event_time\":\"2026-11-20T10:02Z\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event_time\":\"2026-02-30T10:00:00Z\"}",
                "{\"event_time\":\"yesterday\"}",
                "{\"event_time\":null}",
                "{\"event_time\":true}",
                "{\"event_time\":{\"at\":1}}",
                "{\"event_time\":[\"2026-11-20T10:00:00Z\"]}",
                "{\"event_time\":1.5}",
                "{\"event_time\":99999999999999999999}",
                "{\"event_time\":1,\"event_time\":2}",
                "{\"time\":1}",
                "{}",
            })
    void aRecordWithoutATimeIsLeftAsItIs(String text) {
        LogLine line = read(text);
        assertThat(line.isJson()).isTrue();
        assertThat(line.hasTime()).isFalse();
        assertThat(line.shifted(60)).isSameAs(line.bytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{\"event_time\":1763632800123",
                "{\"event_time\":1763632800123}}",
                "{\"event_time\":1763632800123}{}",
                "[{\"event_time\":1763632800123}]",
                "{\"event_time\":01}",
                "{'event_time':1}",
                "null",
                "{\"event_time\":1}\u0000",
            })
    void whatIsNoJsonObjectIsLeftAsItIs(String text) {
        LogLine line = read(text);
        assertThat(line.isJson()).isFalse();
        assertThat(line.hasTime()).isFalse();
        assertThat(line.shifted(60)).isSameAs(line.bytes());
    }

    @Test
    void anEscapedFieldNameIsTheSameField() {
        LogLine line = read("{\"event\\u005ftime\":\"2026-11-20T10:00:00Z\"}");
        assertThat(new String(line.shifted(1), StandardCharsets.UTF_8))
                .isEqualTo("{\"event\\u005ftime\":\"2026-11-20T10:00:01Z\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ad_id\":\"a\",\"user_id\":\"u\",\"device_id\":\"d\"} | d",
                "{\"ad_id\":\"a\",\"user_id\":\"u\",\"device_id\":null} | u",
                "{\"ad_id\":\"a\",\"user_id\":\" \",\"device_id\":7} | a",
                "{\"ad_id\":\"\"} | ",
                "plain | ",
            })
    void theKeyIsWhatBelongsTogether(String text, String key) {
        byte[] found = read(text).key();
        assertThat(found == null ? null : new String(found, StandardCharsets.UTF_8)).isEqualTo(key);
    }
}
