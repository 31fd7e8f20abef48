package io.adstream.attribution.match;

import io.adstream.attribution.touch.TouchBytes;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.jspecify.annotations.Nullable;

/**
 * The open clicks of the current key in state.
 *
 * <p>A click costs one read and one write of a small value, however many the key has: every {@link
 * #PAGE_CLICKS} the clicks are moved to a page, which is written once and dropped whole.
 *
 * <p>Of a key with more clicks than count, the oldest pages are given up, as soon as so many newer
 * clicks lie behind the watermark that no conversion to come can count the page.
 */
final class ClickStore {

    /** Clicks per page. */
    static final int PAGE_CLICKS = 64;

    private final ValueState<OpenClicks> open;
    private final ValueState<PageDirectory> directory;
    private final MapState<Integer, byte[]> pages;
    private final long windowMillis;
    private final int clicksPerKey;
    private final Counter cappedClicks;

    /** How many clicks are held for all keys. */
    private long openClicks;

    /**
     * @param openClicks how many clicks are held for all keys already
     * @param cappedClicks counts the clicks that were given up since their key had too many
     */
    ClickStore(
            KeyedStateStore store,
            long windowMillis,
            int clicksPerKey,
            long openClicks,
            Counter cappedClicks) {
        this.windowMillis = windowMillis;
        this.clicksPerKey = clicksPerKey;
        this.openClicks = openClicks;
        this.cappedClicks = cappedClicks;
        open =
                store.getState(
                        new ValueStateDescriptor<>("open-clicks", OpenClicksSerializer.INSTANCE));
        directory =
                store.getState(
                        new ValueStateDescriptor<>(
                                "click-directory", PageDirectorySerializer.INSTANCE));
        pages =
                store.getMapState(
                        new MapStateDescriptor<>(
                                "click-pages",
                                Types.INT,
                                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    /** The open clicks, or null where there are none. */
    @Nullable OpenClicks read() throws Exception {
        return open.value();
    }

    void write(OpenClicks clicks) throws Exception {
        open.update(clicks);
    }

    /** Adds a click; the result is not yet written. */
    OpenClicks add(OpenClicks clicks, byte[] touch, long watermark) throws Exception {
        openClicks++;
        OpenClicks more = clicks.plus(touch);
        return more.count() < PAGE_CLICKS ? more : tidy(more, watermark);
    }

    /** Whether a key holds clicks that can be given up once the watermark is behind them. */
    boolean isCrowded(OpenClicks clicks) {
        return clicks.size() > clicksPerKey;
    }

    /** Forgets all of the key. */
    void clear(OpenClicks clicks) throws Exception {
        openClicks -= clicks.size();
        open.clear();
        if (clicks.paged() > 0) {
            directory.clear();
            // Looks for pages, which costs more than all else.
            pages.clear();
        }
    }

    /**
     * Forgets clicks that no conversion after the watermark can count, and moves the recent ones to
     * a page where they are many. The result is not yet written.
     */
    OpenClicks tidy(OpenClicks clicks, long watermark) throws Exception {
        long since = watermark == Long.MIN_VALUE ? watermark : watermark + 1 - windowMillis;
        OpenClicks tidied = clicks.since(since);
        boolean full = tidied.count() >= PAGE_CLICKS;
        if (full || tidied.paged() > 0) {
            PageDirectory known = directory.value();
            PageDirectory changed = known == null ? PageDirectory.NONE : known;
            if (full) {
                changed = store(tidied, changed);
                tidied = tidied.withoutRecent();
            }
            changed = drop(changed, since, watermark);
            if (changed.pages().isEmpty()) {
                directory.clear();
            } else if (!changed.equals(known)) {
                directory.update(changed);
            }
            tidied = tidied.withPages(changed);
        }
        openClicks -= clicks.size() - tidied.size();
        return tidied;
    }

    private PageDirectory store(OpenClicks clicks, PageDirectory known) throws Exception {
        long oldest = Long.MAX_VALUE;
        long newest = Long.MIN_VALUE;
        TouchBytes.Cursor cursor = new TouchBytes.Cursor(clicks.recent());
        while (cursor.advance()) {
            oldest = Math.min(oldest, cursor.time());
            newest = Math.max(newest, cursor.time());
        }
        pages.put(known.nextPage(), clicks.recent());
        return known.plus(clicks.count(), oldest, newest);
    }

    private PageDirectory drop(PageDirectory known, long since, long watermark) throws Exception {
        PageDirectory useful = known.useful(since, watermark, clicksPerKey);
        if (useful.pages().size() < known.pages().size()) {
            for (PageDirectory.Page page : known.pages()) {
                if (!useful.pages().contains(page)) {
                    pages.remove(page.number());
                    if (page.newest() >= since) {
                        cappedClicks.inc(page.count());
                    }
                }
            }
        }
        return useful;
    }

    /**
     * The clicks of a span of time, in no order.
     *
     * @param from the earliest time
     * @param to the latest
     */
    Span between(OpenClicks clicks, long from, long to) throws Exception {
        List<TouchBytes.Position> found = new ArrayList<>(clicks.count());
        collect(clicks.recent(), from, to, found);
        PageDirectory known = clicks.paged() > 0 ? directory.value() : null;
        if (known == null) {
            return new Span(found, false);
        }
        for (PageDirectory.Page page : known.pages()) {
            if (page.newest() >= from && page.oldest() <= to) {
                collect(pages.get(page.number()), from, to, found);
            }
        }
        return new Span(found, known.evicted() >= from);
    }

    /**
     * Clicks of a span of time.
     *
     * @param clicks in no order
     * @param evicted whether there were more, of which so many are newer that they do not count
     */
    record Span(List<TouchBytes.Position> clicks, boolean evicted) {}

    private static void collect(
            byte[] touches, long from, long to, List<TouchBytes.Position> found) {
        TouchBytes.Cursor cursor = new TouchBytes.Cursor(touches);
        while (cursor.advance()) {
            if (cursor.time() >= from && cursor.time() <= to) {
                found.add(cursor.position());
            }
        }
    }

    /** The time of the newest click that is not after a time; {@link Long#MIN_VALUE} if none. */
    long newestUntil(OpenClicks clicks, long time) throws Exception {
        long newest = newestUntil(clicks.recent(), time);
        PageDirectory known = clicks.paged() > 0 ? directory.value() : null;
        if (known == null) {
            return newest;
        }
        for (PageDirectory.Page page : known.pages()) {
            if (page.newest() <= time) {
                newest = Math.max(newest, page.newest());
            } else if (page.oldest() <= time) {
                newest = Math.max(newest, newestUntil(pages.get(page.number()), time));
            }
        }
        return newest;
    }

    private static long newestUntil(byte[] touches, long time) {
        long newest = Long.MIN_VALUE;
        TouchBytes.Cursor cursor = new TouchBytes.Cursor(touches);
        while (cursor.advance()) {
            if (cursor.time() <= time) {
                newest = Math.max(newest, cursor.time());
            }
        }
        return newest;
    }

    /** How many clicks are held for all keys. */
    long openClicks() {
        return openClicks;
    }
}
