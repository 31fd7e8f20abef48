package io.adstream.attribution.result;

import io.adstream.attribution.credit.AttributionModel;
import io.adstream.attribution.touch.Touch;

/**
 * A touch with its credits.
 *
 * @param credits by {@link AttributionModel#ordinal()}, millionths of the conversion
 * @param values the same share of the conversion's value, micros
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
public record CreditedTouch(Touch touch, int[] credits, long[] values) {

    /** Millionths of the conversion that a model gives this touch. */
    public int credit(AttributionModel model) {
        return credits[model.ordinal()];
    }

    /** The part of the conversion's value that a model gives this touch, micros. */
    public long value(AttributionModel model) {
        return values[model.ordinal()];
    }
}
