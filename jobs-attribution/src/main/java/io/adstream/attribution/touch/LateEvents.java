package io.adstream.attribution.touch;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.SentinelIds;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;

/**
 * What came too late: a conversion still gets its one result, which says so; a click is counted, as
 * the results that it could have changed are out.
 */
public final class LateEvents extends RichFlatMapFunction<InputEvent, Conversion> {

    private static final long serialVersionUID = 1L;

    private transient Counter lateClicks;
    private transient Counter lateConversions;

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        lateClicks = metrics.counter("lateClicks");
        lateConversions = metrics.counter("lateConversions");
    }

    @Override
    public void flatMap(InputEvent event, Collector<Conversion> out) {
        if (event.eventType == AdEvents.CLICK) {
            lateClicks.inc();
            return;
        }
        lateConversions.inc();
        boolean identified =
                SentinelIds.identifies(event.string(AdEvents.SESSION_ID))
                        || SentinelIds.identifies(event.string(AdEvents.DEVICE_ID));
        out.collect(SplitByIdentity.conversion(event, identified, true));
    }
}
