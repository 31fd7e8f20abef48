package io.adstream.common.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Reads event times of the form {@code YYYY-MM-DDTHH:MM[:SS[.f1–9]][Z|±HH:MM]} from ASCII bytes,
 * without allocation where the day or the zone's offset is the one of the call before.
 *
 * <p>A reader keeps what it found last: one per thread.
 */
public final class EventTimeReader {

    /** The bytes are not a time. No time of the form is this one. */
    public static final long INVALID = Long.MIN_VALUE;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int SHORTEST = "2026-11-20T10:00".length();
    private static final int MAX_FRACTION_DIGITS = 9;
    private static final int MAX_OFFSET_MINUTES = 18 * 60;
    private static final long MINUTE = 60_000L;
    private static final long DAY = 24 * 60 * MINUTE;

    private final ZoneRules rules;

    /** Bytes of the date read last, and its midnight; no date consists of zeros. */
    private long dateHead;

    private short dateTail;
    private long midnight;

    /** Local times from (included) to (excluded) which the zone's offset is {@link #offset}. */
    private long offsetFrom;

    private long offsetTo;
    private long offset;

    /**
     * @param zone the zone of times that name none
     */
    public EventTimeReader(ZoneId zone) {
        rules = zone.getRules();
    }

    /**
     * Reads one time; a fraction is cut to milliseconds. A local time in a gap of the zone is
     * shifted forward by the gap, one in an overlap gets the earlier offset, as {@code java.time}
     * does.
     *
     * @return epoch milliseconds, or {@link #INVALID} where the bytes are not such a time or name
     *     one that the calendar does not have
     */
    public long read(byte[] text, int start, int length) {
        if (length < SHORTEST) {
            return INVALID;
        }
        int end = start + length;
        long head = (long) LONG.get(text, start);
        short tail = (short) SHORT.get(text, start + 8);
        if (head != dateHead || tail != dateTail) {
            long day = readDay(text, start);
            if (day == INVALID) {
                return INVALID;
            }
            midnight = day * DAY;
            dateHead = head;
            dateTail = tail;
        }
        int hour = twoDigits(text, start + 11);
        int minute = twoDigits(text, start + 14);
        if (text[start + 10] != 'T'
                || text[start + 13] != ':'
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59) {
            return INVALID;
        }
        long time = midnight + (hour * 60 + minute) * MINUTE;
        int at = start + SHORTEST;
        if (at < end && text[at] == ':') {
            if (end - at < 3) {
                return INVALID;
            }
            int second = twoDigits(text, at + 1);
            if (second < 0 || second > 59) {
                return INVALID;
            }
            time += second * 1000L;
            at += 3;
            if (at < end && text[at] == '.') {
                int fraction = ++at;
                int digit;
                long weight = 100;
                while (at < end && (digit = text[at] - '0') >= 0 && digit <= 9) {
                    time += digit * weight;
                    weight /= 10;
                    at++;
                }
                if (at == fraction || at - fraction > MAX_FRACTION_DIGITS) {
                    return INVALID;
                }
            }
        }
        if (at == end) {
            return time - offsetAt(time);
        }
        if (text[at] == 'Z') {
            return at + 1 == end ? time : INVALID;
        }
        return end - at == 6 ? readOffset(text, at, time) : INVALID;
    }

    private static long readOffset(byte[] text, int at, long time) {
        byte sign = text[at];
        int hours = twoDigits(text, at + 1);
        int minutes = twoDigits(text, at + 4);
        if ((sign != '+' && sign != '-')
                || text[at + 3] != ':'
                || hours < 0
                || minutes < 0
                || minutes > 59
                || hours * 60 + minutes > MAX_OFFSET_MINUTES) {
            return INVALID;
        }
        long offset = (hours * 60 + minutes) * MINUTE;
        return sign == '+' ? time - offset : time + offset;
    }

    /** The epoch day of {@code YYYY-MM-DD}, or {@link #INVALID}. */
    private static long readDay(byte[] text, int start) {
        int century = twoDigits(text, start);
        int yearOfCentury = twoDigits(text, start + 2);
        int month = twoDigits(text, start + 5);
        int day = twoDigits(text, start + 8);
        if (century < 0
                || yearOfCentury < 0
                || text[start + 4] != '-'
                || month < 1
                || month > 12
                || text[start + 7] != '-'
                || day < 1) {
            return INVALID;
        }
        int year = century * 100 + yearOfCentury;
        return day <= lengthOfMonth(year, month)
                ? LocalDate.of(year, month, day).toEpochDay()
                : INVALID;
    }

    private static int lengthOfMonth(int year, int month) {
        return switch (month) {
            case 2 -> IsoChronology.INSTANCE.isLeapYear(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** Two ASCII digits as a number, or -1. */
    private static int twoDigits(byte[] text, int at) {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    private long offsetAt(long local) {
        if (local < offsetFrom || local >= offsetTo) {
            findOffset(local);
        }
        return offset;
    }

    private void findOffset(long local) {
        LocalDateTime dateTime =
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv(local, 1000L),
                        (int) Math.floorMod(local, 1000L) * 1_000_000,
                        ZoneOffset.UTC);
        // In a gap this is the offset before it, which moves the local time forward by the gap; in
        // an overlap the earlier of the two.
        offset = rules.getOffset(dateTime).getTotalSeconds() * 1000L;
        Instant instant = Instant.ofEpochMilli(local - offset);
        ZoneOffsetTransition before = rules.previousTransition(instant.plusMillis(1));
        ZoneOffsetTransition after = rules.nextTransition(instant);
        // The gap or overlap itself belongs to the offset before it, up to the later local time.
        offsetFrom = before == null ? Long.MIN_VALUE : laterSide(before);
        offsetTo = after == null ? Long.MAX_VALUE : laterSide(after);
        if (local < offsetFrom || local >= offsetTo) {
            offsetFrom = local;
            offsetTo = local;
        }
    }

    /** The later of the two local times, in ms, between which a transition leaps. */
    private static long laterSide(ZoneOffsetTransition transition) {
        LocalDateTime before = transition.getDateTimeBefore();
        LocalDateTime after = transition.getDateTimeAfter();
        return (before.isAfter(after) ? before : after).toEpochSecond(ZoneOffset.UTC) * 1000L;
    }
}
