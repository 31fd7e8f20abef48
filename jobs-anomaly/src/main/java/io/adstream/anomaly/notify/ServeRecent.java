package io.adstream.anomaly.notify;

import io.adstream.common.alert.Alert;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the newest 1,000 alerts, and sends them all again when another Redis answers than the
 * one that was served: it may have come back empty. One key.
 */
public final class ServeRecent extends KeyedCoProcessFunction<Integer, Alert, String, RecentAlert> {

    private static final long serialVersionUID = 1L;

    private static final int KEPT = 1000;

    private transient MapState<Long, Alert> alerts;
    private transient ValueState<Long> next;
    private transient ValueState<String> served;

    @Override
    public void open(OpenContext context) {
        alerts =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "alerts", Types.LONG, TypeInformation.of(Alert.class)));
        next = getRuntimeContext().getState(new ValueStateDescriptor<>("next", Types.LONG));
        served = getRuntimeContext().getState(new ValueStateDescriptor<>("redis", Types.STRING));
    }

    @Override
    public void processElement1(Alert alert, Context context, Collector<RecentAlert> out)
            throws Exception {
        long number = number();
        alerts.put(number, alert);
        alerts.remove(number - KEPT);
        next.update(number + 1);
        out.collect(RecentAlert.of(alert));
    }

    private long number() throws Exception {
        return Objects.requireNonNullElse(next.value(), 0L);
    }

    @Override
    public void processElement2(String redis, Context context, Collector<RecentAlert> out)
            throws Exception {
        String before = served.value();
        if (redis.equals(before)) {
            return;
        }
        served.update(redis);
        if (before == null) {
            return;
        }
        long end = number();
        for (long i = Math.max(0, end - KEPT); i < end; i++) {
            @Nullable Alert alert = alerts.get(i);
            if (alert != null) {
                out.collect(RecentAlert.of(alert));
            }
        }
    }
}
