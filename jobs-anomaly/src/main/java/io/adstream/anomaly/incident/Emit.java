package io.adstream.anomaly.incident;

import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Sends what incidents say downstream.
 *
 * @param steps where alerts go
 * @param context of the element that is being processed
 * @param penalties where penalties go
 */
public record Emit(
        Collector<Step> steps,
        KeyedBroadcastProcessFunction<String, ?, ?, Step>.ReadOnlyContext context,
        OutputTag<Penalty> penalties)
        implements Incident.Listener {

    @Override
    public void step(Step step) {
        steps.collect(step);
    }

    @Override
    public void penalty(Penalty penalty) {
        context.output(penalties, penalty);
    }
}
