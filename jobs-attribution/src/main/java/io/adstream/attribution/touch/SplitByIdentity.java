package io.adstream.attribution.touch;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.SentinelIds;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Sends each click and conversion to where its session is kept and to where its device is kept, as
 * far as these ids {@linkplain SentinelIds tell people apart}, and each conversion to where its
 * result is made.
 */
public final class SplitByIdentity extends ProcessFunction<InputEvent, Conversion> {

    /** Clicks and conversions by session. */
    public static final OutputTag<KeyEvent> SESSIONS =
            new OutputTag<>("sessions", KeyEventType.INSTANCE);

    /** Clicks and conversions by device. */
    public static final OutputTag<KeyEvent> DEVICES =
            new OutputTag<>("devices", KeyEventType.INSTANCE);

    private static final long serialVersionUID = 1L;

    private transient Counter clicks;
    private transient Counter conversions;
    private transient Counter clicksWithoutIdentity;

    /** What this emits as its main output. */
    public static TypeInformation<Conversion> conversionType() {
        return TypeInformation.of(Conversion.class);
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        clicks = metrics.counter("clicks");
        conversions = metrics.counter("conversions");
        clicksWithoutIdentity = metrics.counter("clicksWithoutIdentity");
    }

    @Override
    public void processElement(InputEvent event, Context context, Collector<Conversion> out) {
        String session = usable(event.string(AdEvents.SESSION_ID));
        String device = usable(event.string(AdEvents.DEVICE_ID));
        boolean identified = session != null || device != null;
        KeyEvent.Kind kind;
        byte[] body;
        if (event.eventType == AdEvents.CLICK) {
            clicks.inc();
            if (!identified) {
                clicksWithoutIdentity.inc();
                return;
            }
            kind = KeyEvent.Kind.CLICK;
            body = TouchBytes.of(event);
        } else {
            conversions.inc();
            out.collect(conversion(event, identified, false));
            if (!identified) {
                return;
            }
            kind = KeyEvent.Kind.CONVERSION;
            body = ConversionBytes.of(event);
        }
        if (session != null) {
            context.output(SESSIONS, new KeyEvent(kind, session, event.eventTime, body));
        }
        if (device != null) {
            context.output(DEVICES, new KeyEvent(kind, device, event.eventTime, body));
        }
    }

    private static @Nullable String usable(@Nullable String id) {
        return SentinelIds.identifies(id) ? id : null;
    }

    /** The conversion of an event. */
    static Conversion conversion(InputEvent event, boolean identified, boolean late) {
        long value = event.numbers[AdEvents.CONVERSION_VALUE];
        return new Conversion(
                event.string(AdEvents.EVENT_ID),
                event.eventTime,
                value == InputEvent.NO_NUMBER ? 0 : value,
                identified,
                late,
                event.kafkaTimestamp);
    }
}
