package io.adstream.bench.anomaly;

import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.rule.Signal;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** One subtask of an operator of the job, run by hand as fast as it goes. */
final class Subtask<T> implements AutoCloseable {

    private final KeyedBroadcastOperatorTestHarness<String, T, Signal, Step> harness;

    Subtask(
            KeyedBroadcastProcessFunction<String, T, Signal, Step> function,
            KeySelector<T, String> key,
            List<MapStateDescriptor<?, ?>> broadcast)
            throws Exception {
        harness =
                new KeyedBroadcastOperatorTestHarness<>(
                        new CoBroadcastWithKeyedOperator<>(function, broadcast),
                        key,
                        Types.STRING,
                        128,
                        1,
                        0);
        harness.setup(
                TypeInformation.of(Step.class)
                        .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        harness.open();
    }

    void add(T element) throws Exception {
        harness.processElement(new StreamRecord<>(element));
    }

    void signal(Signal signal) throws Exception {
        harness.processBroadcastElement(new StreamRecord<>(signal));
    }

    void watermark(long time) throws Exception {
        harness.processBroadcastWatermark(new Watermark(time));
        harness.processWatermark(new Watermark(time));
    }

    List<Step> taken() {
        List<Step> taken = new ArrayList<>(harness.extractOutputValues());
        harness.getOutput().clear();
        return taken;
    }

    <O> List<O> side(OutputTag<O> tag) {
        List<O> found = new ArrayList<>();
        var queue = harness.getSideOutput(tag);
        if (queue != null) {
            queue.forEach(record -> found.add(record.getValue()));
            queue.clear();
        }
        return found;
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
