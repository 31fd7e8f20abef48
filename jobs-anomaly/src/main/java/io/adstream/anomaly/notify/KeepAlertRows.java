package io.adstream.anomaly.notify;

import io.adstream.common.alert.Alert;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Makes the row of an incident of its steps: only the first says when it opened. Keyed by alert id.
 *
 * <p>Some alerts are never over, such as a threshold of a budget that was crossed: what is
 * remembered of them lasts as long as the topic does, by the wall clock. It decides nothing but
 * what {@code opened_at} is in a step that comes later still.
 */
public final class KeepAlertRows extends KeyedProcessFunction<String, Alert, AlertRow> {

    private static final long serialVersionUID = 1L;

    private static final Duration RETENTION = Duration.ofDays(14);

    private transient ValueState<Long> openedAt;

    @Override
    public void open(OpenContext context) {
        ValueStateDescriptor<Long> descriptor = new ValueStateDescriptor<>("opened-at", Types.LONG);
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(RETENTION).build());
        openedAt = getRuntimeContext().getState(descriptor);
    }

    @Override
    public void processElement(Alert alert, Context context, Collector<AlertRow> out)
            throws Exception {
        Long opened = openedAt.value();
        long since = opened == null ? alert.at() : opened;
        boolean over = alert.status() == Alert.Status.RESOLVED;
        if (over) {
            openedAt.clear();
        } else if (opened == null) {
            openedAt.update(since);
        }
        out.collect(new AlertRow(alert, since, over ? (Long) alert.at() : null));
    }
}
