package io.adstream.anomaly.flood;

import io.adstream.common.alert.Alert;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.SentinelIds;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** A click once for its device and once for its IP, where these tell one from another. */
public final class SplitClicks extends RichFlatMapFunction<InputEvent, Click> {

    private static final long serialVersionUID = 1L;

    private transient Counter withoutDevice;
    private transient Counter withoutIp;

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        withoutDevice = metrics.counter("clicksWithoutDevice");
        withoutIp = metrics.counter("clicksWithoutIp");
    }

    @Override
    public void flatMap(InputEvent event, Collector<Click> out) {
        if (event.eventType != AdEvents.CLICK) {
            return;
        }
        String device = event.string(AdEvents.DEVICE_ID);
        if (SentinelIds.identifies(device)) {
            out.collect(click(Alert.EntityType.DEVICE, device, event));
        } else {
            withoutDevice.inc();
        }
        String ip = event.string(AdEvents.IP);
        if (SentinelIds.identifies(ip) && !isUnspecified(ip)) {
            out.collect(click(Alert.EntityType.IP, ip, event));
        } else {
            withoutIp.inc();
        }
    }

    /** {@code 0.0.0.0}, {@code ::} and other ways to write the address that nobody has. */
    private static boolean isUnspecified(@Nullable String ip) {
        return ip != null && ip.chars().allMatch(c -> c == '0' || c == '.' || c == ':' || c == ' ');
    }

    private static Click click(Alert.EntityType type, @Nullable String entityId, InputEvent event) {
        return new Click(
                type,
                String.valueOf(entityId),
                event.eventTime,
                String.valueOf(event.string(AdEvents.AD_ID)),
                String.valueOf(event.string(AdEvents.CAMPAIGN_ID)),
                String.valueOf(event.string(AdEvents.ADVERTISER_ID)),
                String.valueOf(event.string(AdEvents.EVENT_ID)));
    }
}
