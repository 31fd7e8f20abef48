package io.adstream.attribution.match;

import io.adstream.attribution.touch.TouchBytes;
import java.util.Arrays;

/**
 * The clicks of one key: those that arrived last, and a summary of the others, which lie in the
 * pages of a {@link PageDirectory}. A key that is not crowded has all its clicks here. Immutable,
 * so that a snapshot may be written meanwhile.
 *
 * @param recent {@link TouchBytes} of the clicks that arrived last
 * @param count how many these are
 * @param paged how many clicks lie in pages
 * @param newestPaged the newest time of a click in a page; {@link Long#MIN_VALUE} where there is
 *     none
 * @param timer the time of the timer by which the key is cleared
 * @param runEnd the time of the newest conversion after a click; clicks up to it have been given to
 *     CEP. {@link Long#MIN_VALUE} where there was none
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
record OpenClicks(byte[] recent, int count, int paged, long newestPaged, long timer, long runEnd) {

    static final OpenClicks NONE =
            new OpenClicks(new byte[0], 0, 0, Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE);

    OpenClicks plus(byte[] touch) {
        byte[] longer = Arrays.copyOf(recent, recent.length + touch.length);
        System.arraycopy(touch, 0, longer, recent.length, touch.length);
        return withRecent(longer, count + 1);
    }

    /** Without the recent clicks before a time. */
    OpenClicks since(long time) {
        byte[] kept = new byte[recent.length];
        int length = 0;
        int left = 0;
        TouchBytes.Cursor cursor = new TouchBytes.Cursor(recent);
        while (cursor.advance()) {
            if (cursor.time() >= time) {
                TouchBytes.Position touch = cursor.position();
                System.arraycopy(recent, touch.start(), kept, length, touch.length());
                length += touch.length();
                left++;
            }
        }
        return left == count ? this : withRecent(Arrays.copyOf(kept, length), left);
    }

    /** Without recent clicks. */
    OpenClicks withoutRecent() {
        return withRecent(new byte[0], 0);
    }

    OpenClicks withPages(PageDirectory directory) {
        return new OpenClicks(recent, count, directory.clicks(), directory.newest(), timer, runEnd);
    }

    OpenClicks withTimer(long time) {
        return new OpenClicks(recent, count, paged, newestPaged, time, runEnd);
    }

    OpenClicks withRunEnd(long time) {
        return new OpenClicks(recent, count, paged, newestPaged, timer, time);
    }

    /** The time of the newest click; {@link Long#MIN_VALUE} where there is none. */
    long newest() {
        long newest = newestPaged;
        TouchBytes.Cursor cursor = new TouchBytes.Cursor(recent);
        while (cursor.advance()) {
            newest = Math.max(newest, cursor.time());
        }
        return newest;
    }

    /** How many clicks are held. */
    int size() {
        return count + paged;
    }

    private OpenClicks withRecent(byte[] touches, int number) {
        return new OpenClicks(touches, number, paged, newestPaged, timer, runEnd);
    }
}
