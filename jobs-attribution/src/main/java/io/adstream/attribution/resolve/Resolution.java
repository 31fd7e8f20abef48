package io.adstream.attribution.resolve;

import io.adstream.attribution.credit.AttributionModel;
import io.adstream.attribution.credit.LargestRemainder;
import io.adstream.attribution.match.Match;
import io.adstream.attribution.result.Attribution;
import io.adstream.attribution.result.Attribution.Reason;
import io.adstream.attribution.result.Attribution.Status;
import io.adstream.attribution.result.AttributionRecord;
import io.adstream.attribution.result.CreditedTouch;
import io.adstream.attribution.touch.Conversion;
import io.adstream.attribution.touch.Touch;
import io.adstream.attribution.touch.TouchBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of a conversion, from what was found for it. */
final class Resolution {

    private static final int FIRST_REVISION = 1;
    private static final AttributionModel[] MODELS = AttributionModel.values();

    private Resolution() {}

    /** The result where the watermark has passed the conversion. */
    static Attribution of(Conversion conversion, @Nullable Match match, Duration halfLife) {
        if (match == null) {
            return unattributed(
                    conversion, conversion.identified() ? Reason.NO_CLICK : Reason.NO_IDENTITY);
        }
        List<Touch> touches = touches(match.path());
        List<Touch> path = fitting(touches);
        return new Attribution(
                conversion.conversionId(),
                FIRST_REVISION,
                Status.ATTRIBUTED,
                null,
                match.tier(),
                credited(path, conversion.value(), halfLife),
                match.truncated() || path.size() < touches.size(),
                conversion.time(),
                conversion.value());
    }

    /** The result of a conversion for which no click is credited. */
    static Attribution unattributed(Conversion conversion, Reason reason) {
        return new Attribution(
                conversion.conversionId(),
                FIRST_REVISION,
                Status.UNATTRIBUTED,
                reason,
                null,
                List.of(),
                false,
                conversion.time(),
                conversion.value());
    }

    private static List<Touch> touches(byte[] path) {
        List<Touch> touches = new ArrayList<>();
        TouchBytes.Cursor cursor = new TouchBytes.Cursor(path);
        while (cursor.advance()) {
            touches.add(cursor.touch());
        }
        return touches;
    }

    /** The first touch and the newest others, as many as a record has room for. */
    private static List<Touch> fitting(List<Touch> touches) {
        int room = AttributionRecord.MAX_PATH_BYTES - AttributionRecord.bytes(touches.get(0));
        int from = touches.size();
        while (from > 1 && room >= AttributionRecord.bytes(touches.get(from - 1))) {
            from--;
            room -= AttributionRecord.bytes(touches.get(from));
        }
        if (from <= 1) {
            return touches;
        }
        List<Touch> kept = new ArrayList<>();
        kept.add(touches.get(0));
        kept.addAll(touches.subList(from, touches.size()));
        return kept;
    }

    private static List<CreditedTouch> credited(List<Touch> path, long value, Duration halfLife) {
        long[] times = path.stream().mapToLong(Touch::clickTime).toArray();
        int[][] credits = new int[MODELS.length][];
        long[][] values = new long[MODELS.length][];
        for (AttributionModel model : MODELS) {
            int[] shares = model.credits(times, halfLife);
            credits[model.ordinal()] = shares;
            // Of the credits, so that a reader finds the value of a touch by multiplying.
            values[model.ordinal()] =
                    LargestRemainder.split(value, Arrays.stream(shares).asLongStream().toArray());
        }
        List<CreditedTouch> touches = new ArrayList<>(path.size());
        for (int i = 0; i < path.size(); i++) {
            int[] creditsOfTouch = new int[MODELS.length];
            long[] valuesOfTouch = new long[MODELS.length];
            for (int model = 0; model < MODELS.length; model++) {
                creditsOfTouch[model] = credits[model][i];
                valuesOfTouch[model] = values[model][i];
            }
            touches.add(new CreditedTouch(path.get(i), creditsOfTouch, valuesOfTouch));
        }
        return touches;
    }
}
