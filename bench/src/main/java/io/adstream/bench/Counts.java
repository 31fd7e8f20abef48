package io.adstream.bench;

/**
 * What windows hold in sum.
 *
 * @param cost of the clicks, micros
 * @param revenue of the conversions, micros
 */
public record Counts(long impressions, long clicks, long conversions, long cost, long revenue) {

    static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    Counts plus(Counts other) {
        return new Counts(
                impressions + other.impressions,
                clicks + other.clicks,
                conversions + other.conversions,
                cost + other.cost,
                revenue + other.revenue);
    }

    long events() {
        return impressions + clicks + conversions;
    }
}
