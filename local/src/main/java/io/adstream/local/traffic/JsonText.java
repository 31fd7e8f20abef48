package io.adstream.local.traffic;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;

/** Writes the bytes of one record by hand: the simulator must outrun the jobs that it feeds. */
final class JsonText {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final long DAY_MILLIS = 86_400_000L;

    private byte[] buffer = new byte[1024];
    private int length;
    private long cachedDay = Long.MIN_VALUE;
    private final byte[] cachedDate = new byte[10];

    JsonText start() {
        length = 0;
        return this;
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer, length);
    }

    JsonText ascii(String text) {
        int n = text.length();
        reserve(n);
        for (int i = 0; i < n; i++) {
            buffer[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    JsonText raw(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
        return this;
    }

    JsonText uuid(long high, long low) {
        reserve(36);
        hex(high, 60, 32);
        buffer[length++] = '-';
        hex(high, 28, 16);
        buffer[length++] = '-';
        hex(high, 12, 0);
        buffer[length++] = '-';
        hex(low, 60, 48);
        buffer[length++] = '-';
        hex(low, 44, 0);
        return this;
    }

    /** {@code 2026-11-20T10:00:00.123}, without zone. */
    JsonText localTime(long epochMillis) {
        long day = Math.floorDiv(epochMillis, DAY_MILLIS);
        int ofDay = (int) Math.floorMod(epochMillis, DAY_MILLIS);
        if (day != cachedDay) {
            cacheDate(day);
        }
        reserve(23);
        System.arraycopy(cachedDate, 0, buffer, length, 10);
        length += 10;
        buffer[length++] = 'T';
        two(ofDay / 3_600_000);
        buffer[length++] = ':';
        two(ofDay / 60_000 % 60);
        buffer[length++] = ':';
        two(ofDay / 1000 % 60);
        int millis = ofDay % 1000;
        buffer[length++] = '.';
        buffer[length++] = (byte) ('0' + millis / 100);
        two(millis % 100);
        return this;
    }

    JsonText number(long value) {
        return ascii(Long.toString(value));
    }

    /** Micros as a plain decimal without trailing zeros. */
    JsonText micros(long micros) {
        number(micros / 1_000_000);
        int fraction = (int) (micros % 1_000_000);
        if (fraction != 0) {
            reserve(7);
            buffer[length++] = '.';
            for (int unit = 100_000; fraction != 0; unit /= 10) {
                buffer[length++] = (byte) ('0' + fraction / unit);
                fraction %= unit;
            }
        }
        return this;
    }

    private void hex(long bits, int from, int to) {
        for (int shift = from; shift >= to; shift -= 4) {
            buffer[length++] = HEX[(int) (bits >>> shift) & 0xf];
        }
    }

    private void two(int value) {
        buffer[length++] = (byte) ('0' + value / 10);
        buffer[length++] = (byte) ('0' + value % 10);
    }

    private void cacheDate(long day) {
        String date = LocalDate.ofEpochDay(day).toString();
        for (int i = 0; i < 10; i++) {
            cachedDate[i] = (byte) date.charAt(i);
        }
        cachedDay = day;
    }

    private void reserve(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
        }
    }
}
