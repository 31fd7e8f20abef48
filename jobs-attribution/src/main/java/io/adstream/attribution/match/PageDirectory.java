package io.adstream.attribution.match;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the clicks of a crowded key are that do not fit into {@link OpenClicks}. Immutable.
 *
 * @param pages in the order in which they were filled; their times may overlap
 * @param nextPage the number of the next page
 * @param evicted the newest time of a click that was given up since the key held too many; {@link
 *     Long#MIN_VALUE} where there was none
 */
record PageDirectory(List<Page> pages, int nextPage, long evicted) {

    static final PageDirectory NONE = new PageDirectory(List.of(), 0, Long.MIN_VALUE);

    /**
     * Clicks that were moved out of the way together.
     *
     * @param number its key in state
     * @param count how many clicks it holds
     * @param oldest the earliest time of a click in it
     * @param newest the latest
     */
    record Page(int number, int count, long oldest, long newest) {}

    PageDirectory plus(int count, long oldest, long newest) {
        List<Page> more = new ArrayList<>(pages);
        more.add(new Page(nextPage, count, oldest, newest));
        return new PageDirectory(more, nextPage + 1, evicted);
    }

    /**
     * The pages that conversions after a watermark can count clicks of.
     *
     * @param since the earliest time that such a conversion can count
     * @param clicksPerKey how many clicks count, the newest
     */
    PageDirectory useful(long since, long watermark, int clicksPerKey) {
        List<Page> kept = new ArrayList<>(pages);
        long given = evicted;
        while (!kept.isEmpty()) {
            Page oldest = kept.get(0);
            for (Page page : kept) {
                oldest = page.newest < oldest.newest ? page : oldest;
            }
            if (oldest.newest >= since) {
                if (newerBehind(watermark, oldest, kept) < clicksPerKey) {
                    break;
                }
                given = Math.max(given, oldest.newest);
            }
            kept.remove(oldest);
        }
        return kept.size() == pages.size() ? this : new PageDirectory(kept, nextPage, given);
    }

    /** How many clicks behind the watermark are certainly newer than all of a page. */
    private static int newerBehind(long watermark, Page page, List<Page> pages) {
        int newer = 0;
        for (Page other : pages) {
            if (other.oldest > page.newest && other.newest <= watermark) {
                newer += other.count;
            }
        }
        return newer;
    }

    /** How many clicks lie in pages. */
    int clicks() {
        int clicks = 0;
        for (Page page : pages) {
            clicks += page.count;
        }
        return clicks;
    }

    /** The newest time of a click in a page; {@link Long#MIN_VALUE} where there is none. */
    long newest() {
        long newest = Long.MIN_VALUE;
        for (Page page : pages) {
            newest = Math.max(newest, page.newest);
        }
        return newest;
    }
}
