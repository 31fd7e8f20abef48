package io.adstream.anomaly.ad;

/**
 * How likely counts are where what is usual is itself only known from counts.
 *
 * <p>After {@code successes} in {@code trials} the rate is taken for Gamma-distributed with shape
 * {@code successes + 1/2} (Jeffreys' prior of a Poisson rate); the count of {@code n} more trials
 * is then negative binomial. With many trials behind it this is the Poisson distribution, whose
 * tails are a little wider than the binomial ones; with few it is wider still, so that little
 * knowledge makes no alerts. Trials and successes may be fractions: they are decayed counts.
 */
public final class Chance {

    private static final double HALF = 0.5;
    private static final double NEGLIGIBLE = 1e-18;
    private static final double[] STIRLING = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680};

    private Chance() {}

    /** The probability of {@code k} or more in {@code n} trials. */
    public static double atLeast(long k, double n, double successes, double trials) {
        if (k <= 0) {
            return 1;
        }
        double shape = successes + HALF;
        double q = n / (n + trials);
        if (k <= shape * n / trials) {
            return Math.max(0, 1 - atMost(k - 1, n, successes, trials));
        }
        double term = Math.exp(logPoint(k, shape, q));
        double sum = 0;
        for (long i = k; term > NEGLIGIBLE * sum; i++) {
            sum += term;
            term *= (i + shape) / (i + 1) * q;
        }
        return Math.min(1, sum);
    }

    /** The probability of {@code k} or fewer in {@code n} trials. */
    public static double atMost(long k, double n, double successes, double trials) {
        if (k < 0) {
            return 0;
        }
        if (n <= 0) {
            return 1;
        }
        double shape = successes + HALF;
        double q = n / (n + trials);
        if (k > shape * n / trials) {
            return Math.max(0, 1 - atLeast(k + 1, n, successes, trials));
        }
        double term = Math.exp(logPoint(k, shape, q));
        double sum = 0;
        for (long i = k; i >= 0 && term > NEGLIGIBLE * sum; i--) {
            sum += term;
            term *= i / ((i - 1 + shape) * q);
        }
        return Math.min(1, sum);
    }

    /**
     * The lower end of Wilson's score interval of a proportion.
     *
     * @param z its half-width in standard deviations
     */
    public static double wilsonLower(long successes, long trials, double z) {
        double p = (double) successes / trials;
        double z2 = z * z;
        double spread = z * Math.sqrt(p * (1 - p) / trials + z2 / (4.0 * trials * trials));
        // A click without an impression of the same minute makes p greater than 1.
        double lower = (p + z2 / (2.0 * trials) - spread) / (1 + z2 / trials);
        return Double.isNaN(lower) ? 1 : lower;
    }

    private static double logPoint(long k, double shape, double q) {
        return logGamma(k + shape)
                - logGamma(k + 1.0)
                - logGamma(shape)
                + shape * Math.log1p(-q)
                + k * Math.log(q);
    }

    /** The logarithm of the Gamma function for x above 0, by Stirling's series above 10. */
    static double logGamma(double x) {
        double shifted = x;
        double product = 1;
        while (shifted < 10) {
            product *= shifted;
            shifted++;
        }
        double inverse = 1 / shifted;
        double power = inverse;
        double series = 0;
        for (double coefficient : STIRLING) {
            series += coefficient * power;
            power *= inverse * inverse;
        }
        return (shifted - 0.5) * Math.log(shifted)
                - shifted
                + 0.5 * Math.log(2 * Math.PI)
                + series
                - Math.log(product);
    }
}
