package io.adstream.bench;

import io.adstream.common.time.EventTimes;
import io.adstream.local.traffic.TrafficRecord;
import java.nio.charset.StandardCharsets;

/** Of the three forms in which the simulator writes times, all candidates read UTC text. */
public final class PlainTime {

    private static final byte[] FIELD = "\"event_time\":".getBytes(StandardCharsets.US_ASCII);

    private PlainTime() {}

    /** The value of a valid record with its time as {@code "2026-11-20T10:00:00.123Z"}. */
    public static byte[] of(TrafficRecord record) {
        byte[] value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("a tombstone has no time");
        }
        return of(value, record.eventTime());
    }

    static byte[] of(byte[] value, long eventTime) {
        int from = indexOf(value, FIELD) + FIELD.length;
        int to = from;
        while (value[to] != ',') {
            to++;
        }
        if (value[to - 2] == 'Z') {
            return value;
        }
        byte[] time =
                ('"' + EventTimes.format(eventTime) + '"').getBytes(StandardCharsets.US_ASCII);
        byte[] plain = new byte[value.length - (to - from) + time.length];
        System.arraycopy(value, 0, plain, 0, from);
        System.arraycopy(time, 0, plain, from, time.length);
        System.arraycopy(value, to, plain, from + time.length, value.length - to);
        return plain;
    }

    private static int indexOf(byte[] text, byte[] part) {
        for (int i = 0; i <= text.length - part.length; i++) {
            int k = 0;
            while (k < part.length && text[i + k] == part[k]) {
                k++;
            }
            if (k == part.length) {
                return i;
            }
        }
        throw new IllegalArgumentException("no event_time");
    }
}
