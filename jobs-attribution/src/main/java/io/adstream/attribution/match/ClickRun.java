package io.adstream.attribution.match;

/**
 * What Flink CEP is given: a run, which is all clicks of a key between two conversions, or a
 * conversion.
 *
 * <p>Only the times are given; the clicks themselves stay where {@link OpenClicks} has them.
 *
 * @param conversion whether it is a conversion
 * @param after of a run the time of the conversion before it, exclusive; {@link Long#MIN_VALUE}
 *     where there was none
 * @param until of a run the time of its newest click, inclusive; else of the conversion
 */
record ClickRun(boolean conversion, long after, long until) {

    static ClickRun of(long after, long until) {
        return new ClickRun(false, after, until);
    }

    static ClickRun conversionAt(long time) {
        return new ClickRun(true, time, time);
    }
}
