package io.adstream.bench.anomaly;

import java.util.SplittableRandom;

/** Random counts. */
final class Draws {

    private static final double LARGE = 60;

    private final SplittableRandom random;

    Draws(long seed) {
        random = new SplittableRandom(seed);
    }

    double uniform(double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /** Its logarithm is uniform. */
    double logUniform(double from, double to) {
        return Math.exp(uniform(Math.log(from), Math.log(to)));
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** A Poisson count: exact for small means, rounded normal for large ones. */
    long poisson(double mean) {
        if (mean <= 0) {
            return 0;
        }
        if (mean > LARGE) {
            return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double limit = Math.exp(-mean);
        long count = -1;
        double product = 1;
        do {
            count++;
            product *= random.nextDouble();
        } while (product > limit);
        return count;
    }
}
