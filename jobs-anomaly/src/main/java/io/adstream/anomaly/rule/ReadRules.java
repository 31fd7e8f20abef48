package io.adstream.anomaly.rule;

import io.adstream.common.event.InputEvent;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Makes rules of records of topic {@code control}; what is no rule goes aside, and is counted. */
public final class ReadRules extends ProcessFunction<InputEvent, Signal> {

    private static final long serialVersionUID = 1L;

    private final OutputTag<InputEvent> rejected;

    private transient Counter rules;
    private transient Counter rejectedRules;

    public ReadRules(OutputTag<InputEvent> rejected) {
        this.rejected = rejected;
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        rules = metrics.counter("rules");
        rejectedRules = metrics.counter("rejectedRules");
    }

    @Override
    public void processElement(InputEvent record, Context context, Collector<Signal> out) {
        try {
            out.collect(Signal.of(RuleReader.read(record.value)));
            rules.inc();
        } catch (RuleReader.Refused e) {
            record.rejected = e.code();
            record.rejectMessage = e.getMessage();
            rejectedRules.inc();
            context.output(rejected, record);
        }
    }
}
