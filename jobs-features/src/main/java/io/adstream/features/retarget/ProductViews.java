package io.adstream.features.retarget;

import io.adstream.features.hour.SlidingHour;
import io.adstream.features.state.Varints;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The latest views of the products that a user looked at within the last while. */
final class ProductViews {

    private static final class Viewed {
        final String product;

        /** In order of time. */
        long[] times;

        Viewed(String product, long... times) {
            this.product = product;
            this.times = times;
        }

        long newest() {
            return times[times.length - 1];
        }
    }

    /** In order of the newest view. */
    private final List<Viewed> products = new ArrayList<>(0);

    /**
     * Adds a view.
     *
     * @return the time of the first of as many views as make a signal; the product is then
     *     forgotten. {@link Long#MAX_VALUE} where there is none
     */
    long add(String product, long time, RetargetingRules rules) {
        Viewed viewed = take(product);
        long[] times = viewed == null ? new long[0] : viewed.times;
        long[] more = Arrays.copyOf(times, times.length + 1);
        more[times.length] = time;
        Arrays.sort(more);
        int first = 0;
        while (more[first] < time - rules.viewSpan()) {
            first++;
        }
        int kept = Math.min(more.length - first, rules.repeatedViews());
        more = Arrays.copyOfRange(more, more.length - kept, more.length);
        if (kept == rules.repeatedViews()) {
            return more[0];
        }
        insert(new Viewed(product, more));
        while (products.size() > rules.maxProducts()) {
            products.remove(0);
        }
        return Long.MAX_VALUE;
    }

    /** How many views of a product are remembered. */
    int of(String product) {
        for (int i = products.size() - 1; i >= 0; i--) {
            if (products.get(i).product.equals(product)) {
                return products.get(i).times.length;
            }
        }
        return 0;
    }

    private @Nullable Viewed take(String product) {
        for (int i = products.size() - 1; i >= 0; i--) {
            if (products.get(i).product.equals(product)) {
                return products.remove(i);
            }
        }
        return null;
    }

    private void insert(Viewed viewed) {
        int at = products.size();
        while (at > 0 && products.get(at - 1).newest() > viewed.newest()) {
            at--;
        }
        products.add(at, viewed);
    }

    /** Forgets the views up to a purchase: of the product, or of all where none is named. */
    void bought(@Nullable String product, long time) {
        for (Iterator<Viewed> all = products.iterator(); all.hasNext(); ) {
            Viewed viewed = all.next();
            if (product != null && !product.equals(viewed.product)) {
                continue;
            }
            int first = 0;
            while (first < viewed.times.length && viewed.times[first] <= time) {
                first++;
            }
            viewed.times = Arrays.copyOfRange(viewed.times, first, viewed.times.length);
            if (viewed.times.length == 0) {
                all.remove();
            }
        }
    }

    /** Forgets products whose views are too old for another to join them. */
    void forget(long watermark, long span) {
        while (!products.isEmpty() && products.get(0).newest() + span <= watermark) {
            products.remove(0);
        }
    }

    /** The watermark at which all products can be forgotten. */
    long due(long span) {
        return products.isEmpty()
                ? Long.MAX_VALUE
                : SlidingHour.endOfSlice(products.get(products.size() - 1).newest() + span);
    }

    boolean isEmpty() {
        return products.isEmpty();
    }

    void write(DataOutput out) throws IOException {
        Varints.write(products.size(), out);
        for (Viewed viewed : products) {
            Varints.writeText(viewed.product, out);
            Varints.write(viewed.times.length, out);
            long before = 0;
            for (long time : viewed.times) {
                Varints.write(time - before, out);
                before = time;
            }
        }
    }

    static ProductViews read(DataInput in) throws IOException {
        ProductViews views = new ProductViews();
        for (long left = Varints.read(in); left > 0; left--) {
            String product = Varints.readName(in);
            long[] times = new long[(int) Varints.read(in)];
            long before = 0;
            for (int i = 0; i < times.length; i++) {
                before += Varints.read(in);
                times[i] = before;
            }
            views.products.add(new Viewed(product, times));
        }
        return views;
    }
}
