package io.adstream.testing.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The five models, in decimals: shares of one, then whole millionths by largest remainder. */
final class AttributionCredits {

    static final List<String> MODELS =
            List.of("last_click", "first_click", "linear", "time_decay", "position_based");

    private static final MathContext PRECISION = new MathContext(60);
    private static final BigDecimal MILLION = new BigDecimal(1_000_000);

    private AttributionCredits() {}

    /**
     * Millionths by model for each touch.
     *
     * @param ages milliseconds from each touch to the last, in time order
     */
    static List<Map<String, Integer>> credits(List<Long> ages, Duration halfLife) {
        List<Map<String, Integer>> credits = new ArrayList<>();
        ages.forEach(age -> credits.add(new TreeMap<>()));
        for (String model : MODELS) {
            List<BigDecimal> shares = shares(model, ages, halfLife);
            List<BigInteger> whole = divide(MILLION, shares);
            for (int i = 0; i < ages.size(); i++) {
                credits.get(i).put(model, whole.get(i).intValueExact());
            }
        }
        return credits;
    }

    /** Parts of an amount by model for each touch, in the proportion of the credits. */
    static List<Map<String, BigDecimal>> values(
            BigDecimal amount, List<Map<String, Integer>> credits) {
        BigDecimal micros = amount.multiply(MILLION);
        List<Map<String, BigDecimal>> values = new ArrayList<>();
        credits.forEach(touch -> values.add(new TreeMap<>()));
        for (String model : MODELS) {
            List<BigDecimal> shares =
                    credits.stream().map(touch -> BigDecimal.valueOf(touch.get(model), 6)).toList();
            List<BigInteger> whole = divide(micros, shares);
            for (int i = 0; i < shares.size(); i++) {
                values.get(i).put(model, AttributionResult.plain(new BigDecimal(whole.get(i), 6)));
            }
        }
        return values;
    }

    private static List<BigDecimal> shares(String model, List<Long> ages, Duration halfLife) {
        int count = ages.size();
        List<BigDecimal> shares = new ArrayList<>();
        BigDecimal weights = BigDecimal.ZERO;
        for (int i = 0; i < count; i++) {
            boolean first = i == 0;
            boolean last = i == count - 1;
            BigDecimal share =
                    switch (model) {
                        case "last_click" -> last ? BigDecimal.ONE : BigDecimal.ZERO;
                        case "first_click" -> first ? BigDecimal.ONE : BigDecimal.ZERO;
                        case "linear" -> BigDecimal.ONE;
                        case "time_decay" ->
                                new BigDecimal(
                                        StrictMath.pow(
                                                0.5, (double) ages.get(i) / halfLife.toMillis()));
                        default -> position(count, first || last);
                    };
            shares.add(share);
            weights = weights.add(share);
        }
        BigDecimal all = weights;
        return shares.stream().map(share -> share.divide(all, PRECISION)).toList();
    }

    private static BigDecimal position(int count, boolean outer) {
        if (count <= 2) {
            return BigDecimal.ONE;
        }
        return outer
                ? new BigDecimal("0.4")
                : new BigDecimal("0.2").divide(new BigDecimal(count - 2), PRECISION);
    }

    /** Whole parts that sum to the total: largest remainders first, of equals the later. */
    private static List<BigInteger> divide(BigDecimal total, List<BigDecimal> shares) {
        List<BigInteger> parts = new ArrayList<>();
        List<BigDecimal> remainders = new ArrayList<>();
        BigInteger left = total.toBigIntegerExact();
        for (BigDecimal share : shares) {
            BigDecimal exact = total.multiply(share).setScale(30, RoundingMode.HALF_EVEN);
            BigInteger part = exact.toBigInteger();
            parts.add(part);
            remainders.add(exact.subtract(new BigDecimal(part)));
            left = left.subtract(part);
        }
        List<Integer> order = new ArrayList<>();
        for (int i = shares.size() - 1; i >= 0; i--) {
            order.add(i);
        }
        order.sort(Comparator.comparing(remainders::get, Comparator.reverseOrder()));
        for (int i = 0; i < left.intValueExact(); i++) {
            parts.set(order.get(i), parts.get(order.get(i)).add(BigInteger.ONE));
        }
        return parts;
    }
}
