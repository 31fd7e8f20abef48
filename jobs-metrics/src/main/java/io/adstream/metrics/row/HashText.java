package io.adstream.metrics.row;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import org.jspecify.annotations.Nullable;

/**
 * The values of a hash as the bytes that are sent. Tens of thousands of rows per second share a few
 * windows and moments and hold mostly small numbers, so these texts are kept and not made again;
 * their arrays are shared and must not be changed.
 *
 * <p>Not safe for threads.
 */
final class HashText {

    private static final int SMALL_NUMBERS = 1024;
    private static final byte[][] SMALL = new byte[SMALL_NUMBERS][];

    static {
        for (int i = 0; i < SMALL_NUMBERS; i++) {
            SMALL[i] = ascii(Integer.toString(i));
        }
    }

    /** A power of two, more than the starts and ends of windows that are written at a time. */
    private static final int REMEMBERED = 64;

    private static final long MINUTE = 60_000;

    private final @Nullable Time[] minutes = new Time[REMEMBERED];
    private @Nullable Time latest;

    /** A time and its text. */
    record Time(long millis, String text, @SuppressWarnings("ArrayRecordComponent") byte[] bytes) {
        static Time of(long millis) {
            String text = EventTimes.format(millis);
            return new Time(millis, text, ascii(text));
        }
    }

    /** The start or end of a window. */
    Time minute(long millis) {
        int slot = (int) (millis / MINUTE) & (REMEMBERED - 1);
        Time time = minutes[slot];
        if (time == null || time.millis != millis) {
            time = Time.of(millis);
            minutes[slot] = time;
        }
        return time;
    }

    /** A moment, mostly the same as that of the row before. */
    byte[] moment(long millis) {
        Time time = latest;
        if (time == null || time.millis != millis) {
            time = Time.of(millis);
            latest = time;
        }
        return time.bytes;
    }

    /** A whole number. */
    static byte[] number(long value) {
        return value >= 0 && value < SMALL_NUMBERS
                ? SMALL[(int) value]
                : ascii(Long.toString(value));
    }

    /** An amount or a ratio in micros, as a plain decimal. */
    static byte[] micros(long value) {
        return value == 0 ? SMALL[0] : ascii(Micros.format(value));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
