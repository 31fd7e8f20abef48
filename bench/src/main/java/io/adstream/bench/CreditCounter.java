package io.adstream.bench;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Adds up in metrics which clicks a candidate credits. */
final class CreditCounter {

    private final Counter bySession;
    private final Counter byDevice;
    private final Counter sessionSum;
    private final Counter deviceSum;

    CreditCounter(MetricGroup metrics) {
        bySession = metrics.counter("creditsBySession");
        byDevice = metrics.counter("creditsByDevice");
        sessionSum = metrics.counter("creditsSessionSum");
        deviceSum = metrics.counter("creditsDeviceSum");
    }

    /**
     * @param sign 1 for a result, -1 for one that is taken back
     */
    void add(boolean session, String conversionId, String clickId, int sign) {
        (session ? bySession : byDevice).inc(sign);
        (session ? sessionSum : deviceSum).inc(sign * Credits.pair(conversionId, clickId));
    }

    /** What all subtasks of a round have added up. */
    static Credits of(FlinkRound round) {
        return new Credits(
                round.counter("creditsBySession"),
                round.counter("creditsByDevice"),
                round.counter("creditsSessionSum"),
                round.counter("creditsDeviceSum"));
    }
}
