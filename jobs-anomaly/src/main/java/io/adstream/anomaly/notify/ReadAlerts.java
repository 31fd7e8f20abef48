package io.adstream.anomaly.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.alert.Alert;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RawHeader;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Makes alerts of the records of topic {@code alerts}; what is none is counted. */
public final class ReadAlerts extends RichFlatMapFunction<InputEvent, ReceivedAlert> {

    /** Header with the campaign of an alert's entity. */
    public static final String CAMPAIGN = "adstream.campaign_id";

    /** Header with the advertiser of an alert's entity. */
    public static final String ADVERTISER = "adstream.advertiser_id";

    private static final long serialVersionUID = 1L;

    private transient Counter received;
    private transient Counter broken;

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        received = metrics.counter("receivedAlerts");
        broken = metrics.counter("brokenAlerts");
    }

    @Override
    public void flatMap(InputEvent record, Collector<ReceivedAlert> out) {
        Alert alert = AlertReader.read(record.value);
        if (alert == null) {
            broken.inc();
            return;
        }
        received.inc();
        out.collect(
                new ReceivedAlert(
                        alert,
                        header(record, CAMPAIGN),
                        header(record, ADVERTISER),
                        record.kafkaTimestamp));
    }

    private static @Nullable String header(InputEvent record, String name) {
        if (record.headers == null) {
            return null;
        }
        for (RawHeader header : record.headers) {
            if (header.key().equals(name) && header.value() != null) {
                return new String(header.value(), UTF_8);
            }
        }
        return null;
    }
}
