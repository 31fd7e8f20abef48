package io.adstream.features.event;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.CommerceEvents;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.SentinelIds;
import io.adstream.features.event.UserEvent.Kind;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Takes from a record what features are made of. An ad event whose {@code user_id} {@linkplain
 * SentinelIds identifies nobody} makes no feature and is counted.
 */
public final class ProjectUsers extends RichFlatMapFunction<InputEvent, UserEvent> {

    /** {@link InputEvent#topic} of {@code commerce-events}. */
    public static final int COMMERCE = 0;

    /** {@link InputEvent#topic} of {@code ad-events}. */
    public static final int ADS = 1;

    /** A longer category or product id is taken for none: state is bounded by it. */
    static final int MAX_CHARACTERS = 128;

    private static final long serialVersionUID = 1L;
    private static final Kind[] IN_SHOP = {Kind.VIEW, Kind.CART, Kind.PURCHASE};
    private static final Kind[] WITH_ADS = {Kind.IMPRESSION, Kind.CLICK, Kind.CONVERSION};

    private final boolean late;

    private transient Counter withoutUser;

    private ProjectUsers(boolean late) {
        this.late = late;
    }

    /** For events that count. */
    public static ProjectUsers valid() {
        return new ProjectUsers(false);
    }

    /** For events that came too late to count: purchases alone still mean something. */
    public static ProjectUsers late() {
        return new ProjectUsers(true);
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        withoutUser = metrics.counter("eventsWithoutUser");
    }

    @Override
    public void flatMap(InputEvent event, Collector<UserEvent> out) {
        if (event.topic == COMMERCE) {
            if (!late || event.eventType == CommerceEvents.PURCHASE) {
                out.collect(inShop(event));
            }
            return;
        }
        if (late) {
            return;
        }
        String user = event.string(AdEvents.USER_ID);
        if (user == null || !SentinelIds.identifies(user)) {
            withoutUser.inc();
            return;
        }
        out.collect(
                new UserEvent(
                        user,
                        WITH_ADS[event.eventType],
                        event.eventTime,
                        event.kafkaTimestamp,
                        UserEvent.NO_PRICE,
                        name(event, AdEvents.CATEGORY),
                        null,
                        false));
    }

    private UserEvent inShop(InputEvent event) {
        String user = event.string(CommerceEvents.USER_ID);
        if (user == null) {
            throw new IllegalStateException("a valid commerce event has a user_id");
        }
        long price = event.numbers[CommerceEvents.PRICE];
        return new UserEvent(
                user,
                IN_SHOP[event.eventType],
                event.eventTime,
                event.kafkaTimestamp,
                price == InputEvent.NO_NUMBER ? UserEvent.NO_PRICE : price,
                name(event, CommerceEvents.CATEGORY),
                name(event, CommerceEvents.PRODUCT_ID),
                late);
    }

    /** The name of a category or product; null where it is absent, blank or too long. */
    private static @Nullable String name(InputEvent event, int field) {
        String name = event.string(field);
        return name == null
                        || name.isBlank()
                        || name.codePointCount(0, name.length()) > MAX_CHARACTERS
                ? null
                : name;
    }
}
