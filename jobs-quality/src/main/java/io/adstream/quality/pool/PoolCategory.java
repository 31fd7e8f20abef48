package io.adstream.quality.pool;

import io.adstream.quality.hour.AdHour;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Adds up the hours of a category's ads at a refresh. Sums are whole numbers: order is nothing. */
public final class PoolCategory
        extends ProcessWindowFunction<AdHour, PooledHour, String, TimeWindow> {

    private static final long serialVersionUID = 1L;

    @Override
    public void process(
            String category, Context context, Iterable<AdHour> hours, Collector<PooledHour> out) {
        long impressions = 0;
        long clicks = 0;
        long conversions = 0;
        for (AdHour hour : hours) {
            impressions += hour.impressions();
            clicks += hour.clicks();
            conversions += hour.conversions();
        }
        for (AdHour hour : hours) {
            out.collect(new PooledHour(hour, impressions, clicks, conversions));
        }
    }
}
