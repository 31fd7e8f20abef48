package io.adstream.attribution.match;

import io.adstream.attribution.touch.TouchBytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Which clicks of a key make the path to a conversion.
 *
 * @param touches the path in time order; empty where no click qualifies
 * @param truncated whether clicks of the key or of the path were left out since they are too many
 */
record PathSelection(List<TouchBytes.Position> touches, boolean truncated) {

    /**
     * Selects the path.
     *
     * @param clicks the clicks of the key in the window before the conversion, in any order; sorted
     *     hereby
     * @param moreBefore whether older ones in the window were given up earlier
     * @param advertiser the only advertiser whose clicks count; empty where those of all do
     */
    static PathSelection of(
            List<TouchBytes.Position> clicks,
            boolean moreBefore,
            byte[] advertiser,
            PathLimits limits) {
        clicks.sort(null);
        int cut = Math.max(0, clicks.size() - limits.clicksPerKey());
        List<TouchBytes.Position> path = clicks.subList(cut, clicks.size());
        if (advertiser.length > 0) {
            path = path.stream().filter(click -> click.isOf(advertiser)).toList();
        }
        boolean truncated = moreBefore || cut > 0;
        if (path.size() > limits.path()) {
            truncated = true;
            List<TouchBytes.Position> kept = new ArrayList<>(limits.path());
            kept.add(path.get(0));
            kept.addAll(path.subList(path.size() - limits.path() + 1, path.size()));
            path = kept;
        }
        return new PathSelection(path, truncated);
    }

    /** The path's touches as bytes, one behind the other. */
    byte[] bytes() {
        int size = 0;
        for (TouchBytes.Position touch : touches) {
            size += touch.length();
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (TouchBytes.Position touch : touches) {
            System.arraycopy(touch.bytes(), touch.start(), bytes, at, touch.length());
            at += touch.length();
        }
        return bytes;
    }
}
