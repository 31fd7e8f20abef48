package io.adstream.attribution.resolve;

import io.adstream.attribution.Tier;
import io.adstream.attribution.result.Attribution;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * How conversions end.
 *
 * <p>{@code conversionsBySession}, {@code conversionsByDevice}; {@code unattributedConversions} by
 * reason; {@code matchRateSession} and {@code matchRateDevice}: their share of all conversions
 * since the task started; {@code clickToConversionMs}: from the credited click to the conversion;
 * {@code resolveDelayMs}: from the conversion's arrival in Kafka to its result.
 */
final class ResolveMetrics {

    /** Results that a histogram looks back. */
    private static final int HISTORY = 2000;

    private final Counter[] matched;
    private final Counter[] unattributed;
    private final Counter repeatedLate;
    private final Counter truncated;
    private final Histogram lag;
    private final Histogram delay;

    ResolveMetrics(MetricGroup metrics) {
        matched = new Counter[Tier.values().length];
        matched[Tier.SESSION.ordinal()] = metrics.counter("conversionsBySession");
        matched[Tier.DEVICE.ordinal()] = metrics.counter("conversionsByDevice");
        Attribution.Reason[] reasons = Attribution.Reason.values();
        unattributed = new Counter[reasons.length];
        for (Attribution.Reason reason : reasons) {
            unattributed[reason.ordinal()] =
                    metrics.addGroup("reason", reason.name()).counter("unattributedConversions");
        }
        repeatedLate = metrics.counter("repeatedLateConversions");
        truncated = metrics.counter("truncatedConversions");
        lag = metrics.histogram("clickToConversionMs", new DescriptiveStatisticsHistogram(HISTORY));
        delay = metrics.histogram("resolveDelayMs", new DescriptiveStatisticsHistogram(HISTORY));
        metrics.gauge("matchRateSession", () -> rate(Tier.SESSION));
        metrics.gauge("matchRateDevice", () -> rate(Tier.DEVICE));
    }

    /**
     * Counts a result.
     *
     * @param delayMillis since the conversion arrived in Kafka
     */
    void resolved(Attribution result, long delayMillis) {
        delay.update(delayMillis);
        if (result.reason() != null) {
            unattributed[result.reason().ordinal()].inc();
            return;
        }
        if (result.match() != null) {
            matched[result.match().ordinal()].inc();
        }
        Long lagMillis = result.lagMillis();
        if (lagMillis != null) {
            lag.update(lagMillis);
        }
        if (result.pathTruncated()) {
            truncated.inc();
        }
    }

    /** Counts a copy of a late conversion. */
    void repeatedLate() {
        repeatedLate.inc();
    }

    private double rate(Tier tier) {
        long all = 0;
        for (Counter counter : matched) {
            all += counter.getCount();
        }
        for (Counter counter : unattributed) {
            all += counter.getCount();
        }
        return all == 0 ? 0 : (double) matched[tier.ordinal()].getCount() / all;
    }
}
