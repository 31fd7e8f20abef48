package io.adstream.features.user;

import io.adstream.features.event.UserEvent;
import io.adstream.features.state.Varints;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An event that the watermark has not reached: its turn comes in the order of event time, at one
 * instant a purchase last. The order is the same however events arrive.
 */
record Ahead(long time, UserEvent.Kind kind, @Nullable String category, @Nullable String product) {

    static final Comparator<Ahead> ORDER =
            Comparator.comparingLong(Ahead::time)
                    .thenComparing(ahead -> ahead.kind == UserEvent.Kind.PURCHASE)
                    .thenComparing(Ahead::kind)
                    .thenComparing(
                            Ahead::category, Comparator.nullsFirst(Comparator.naturalOrder()))
                    .thenComparing(
                            Ahead::product, Comparator.nullsFirst(Comparator.naturalOrder()));

    private static final UserEvent.Kind[] KINDS = UserEvent.Kind.values();

    static Ahead of(UserEvent event) {
        return new Ahead(event.time(), event.kind(), event.category(), event.product());
    }

    void write(DataOutput out) throws IOException {
        Varints.write(time, out);
        out.writeByte(kind.ordinal());
        Varints.writeText(category, out);
        Varints.writeText(product, out);
    }

    static Ahead read(DataInput in) throws IOException {
        return new Ahead(
                Varints.read(in), KINDS[in.readByte()], Varints.readText(in), Varints.readText(in));
    }
}
