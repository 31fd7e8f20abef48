package io.adstream.quality.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Lets the five-minute rows of ads pass, with the last instant before they count as timestamp. What
 * it knows of partitions is state: an amendment counts from the same refresh after a restart.
 */
public final class AdmitWindows extends AbstractStreamOperator<AdWindow>
        implements OneInputStreamOperator<MetricsUpdate, AdWindow> {

    private static final long serialVersionUID = 1L;

    private transient KnownSince known;
    private transient ListState<long[]> partitions;
    private transient Counter admittedRows;
    private transient Counter skippedRows;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        known = new KnownSince();
        partitions =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>(
                                        "newest-ends",
                                        PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
        for (long[] partition : partitions.get()) {
            known.restore((int) partition[0], partition[1]);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<long[]> ends = new ArrayList<>();
        for (Map.Entry<Integer, Long> partition : known.newestEnds().entrySet()) {
            ends.add(new long[] {partition.getKey(), partition.getValue()});
        }
        partitions.update(ends);
    }

    @Override
    public void open() throws Exception {
        super.open();
        MetricGroup metrics = getMetricGroup().addGroup("adstream");
        admittedRows = metrics.counter("admittedRows");
        skippedRows = metrics.counter("skippedRows");
    }

    @Override
    public void processElement(StreamRecord<MetricsUpdate> element) {
        MetricsUpdate row = element.getValue();
        long since = known.of(row);
        AdWindow window = row.window();
        if (window == null) {
            skippedRows.inc();
            return;
        }
        admittedRows.inc();
        output.collect(new StreamRecord<>(window, since - 1));
    }
}
