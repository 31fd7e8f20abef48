package io.adstream.local.traffic;

import java.util.SplittableRandom;

/** What the shop sells. A product's price and category follow from its number alone. */
final class Products {

    private static final int COUNT = 2_000;

    private static final String[] CATEGORIES = {
        "shoes", "bags", "electronics", "books", "home & garden", "toys", "travel"
    };

    private Products() {}

    /** The number of a product, from 0 on; low numbers more often. */
    static int draw(SplittableRandom random) {
        // The square makes low numbers popular.
        double u = random.nextDouble();
        return (int) (u * u * COUNT);
    }

    /** The usual price in micros. */
    static long price(int product) {
        return 10_000L * (499 + Long.remainderUnsigned(Ids.mix(product), 19_500));
    }

    static String category(int product) {
        return CATEGORIES[product % CATEGORIES.length];
    }
}
