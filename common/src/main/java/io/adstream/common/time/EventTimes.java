package io.adstream.common.time;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** Event times: epoch milliseconds inside, ISO-8601 UTC with milliseconds outside. */
public final class EventTimes {

    /** 2000-01-01T00:00:00Z: an event time before it is taken for a broken clock. */
    public static final long EARLIEST = 946_684_800_000L;

    private static final long DAY = 86_400_000L;

    /** 0000-01-01 and 10000-01-01: between them a year has four digits. */
    private static final long YEAR_0 = -62_167_219_200_000L;

    private static final long YEAR_10000 = 253_402_300_800_000L;

    private EventTimes() {}

    /**
     * Appends a time as {@code 2026-11-20T10:00:00.123Z}. A year outside 0 to 9999 gets its sign
     * and more digits.
     *
     * @param epochMillis milliseconds since 1970-01-01T00:00:00Z
     */
    public static StringBuilder append(StringBuilder out, long epochMillis) {
        if (epochMillis < YEAR_0 || epochMillis >= YEAR_10000) {
            return appendFarYear(out, epochMillis);
        }
        long day = Math.floorDiv(epochMillis, DAY);
        appendDate(out, day);
        int millis = (int) (epochMillis - day * DAY);
        int seconds = millis / 1000;
        out.append('T');
        twoDigits(out, seconds / 3600).append(':');
        twoDigits(out, seconds / 60 % 60).append(':');
        twoDigits(out, seconds % 60).append('.');
        int fraction = millis % 1000;
        out.append((char) ('0' + fraction / 100));
        return twoDigits(out, fraction % 100).append('Z');
    }

    /** The time as {@code 2026-11-20T10:00:00.123Z}. */
    public static String format(long epochMillis) {
        return append(new StringBuilder(24), epochMillis).toString();
    }

    /**
     * Reads a time as an event would carry it; see {@link EventTimeReader#read}.
     *
     * @param zone the zone of a text that names none
     * @return epoch milliseconds
     * @throws DateTimeException where the text is not a time
     */
    public static long parse(String text, ZoneId zone) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long time = new EventTimeReader(zone).read(bytes, 0, bytes.length);
        if (time == EventTimeReader.INVALID) {
            throw new DateTimeException(
                    "not a time of the form YYYY-MM-DDTHH:MM[:SS[.fraction]][Z|±HH:MM]: " + text);
        }
        return time;
    }

    /** Appends YYYY-MM-DD by the day count of the proleptic Gregorian calendar. */
    private static void appendDate(StringBuilder out, long epochDay) {
        LocalDate date = LocalDate.ofEpochDay(epochDay);
        twoDigits(out, date.getYear() / 100);
        twoDigits(out, date.getYear() % 100).append('-');
        twoDigits(out, date.getMonthValue()).append('-');
        twoDigits(out, date.getDayOfMonth());
    }

    private static StringBuilder appendFarYear(StringBuilder out, long epochMillis) {
        String text = Instant.ofEpochSecond(Math.floorDiv(epochMillis, 1000L)).toString();
        int fraction = (int) Math.floorMod(epochMillis, 1000L);
        out.append(text, 0, text.length() - 1).append('.').append((char) ('0' + fraction / 100));
        return twoDigits(out, fraction % 100).append('Z');
    }

    private static StringBuilder twoDigits(StringBuilder out, int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
