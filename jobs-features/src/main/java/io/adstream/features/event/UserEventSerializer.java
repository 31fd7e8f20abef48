package io.adstream.features.event;

import io.adstream.common.type.ImmutableSerializer;
import io.adstream.common.type.OpaqueType;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Carries a {@link UserEvent} between tasks; no state holds one. */
public final class UserEventSerializer extends ImmutableSerializer<UserEvent> {

    /** How Flink carries user events. */
    public static final TypeInformation<UserEvent> TYPE =
            new OpaqueType<>(UserEvent.class, new UserEventSerializer());

    private static final long serialVersionUID = 1L;
    private static final UserEvent.Kind[] KINDS = UserEvent.Kind.values();
    private static final int KIND = 7;
    private static final int HAS_CATEGORY = 1 << 3;
    private static final int HAS_PRODUCT = 1 << 4;
    private static final int HAS_PRICE = 1 << 5;
    private static final int IS_LATE = 1 << 6;

    @Override
    public UserEvent createInstance() {
        return new UserEvent("", UserEvent.Kind.VIEW, 0, 0, UserEvent.NO_PRICE, null, null, false);
    }

    @Override
    public void serialize(UserEvent event, DataOutputView out) throws IOException {
        out.writeByte(
                event.kind().ordinal()
                        | (event.category() != null ? HAS_CATEGORY : 0)
                        | (event.product() != null ? HAS_PRODUCT : 0)
                        | (event.price() != UserEvent.NO_PRICE ? HAS_PRICE : 0)
                        | (event.late() ? IS_LATE : 0));
        StringValue.writeString(event.userId(), out);
        out.writeLong(event.time());
        out.writeLong(event.arrival());
        if (event.price() != UserEvent.NO_PRICE) {
            out.writeLong(event.price());
        }
        if (event.category() != null) {
            StringValue.writeString(event.category(), out);
        }
        if (event.product() != null) {
            StringValue.writeString(event.product(), out);
        }
    }

    @Override
    public UserEvent deserialize(DataInputView in) throws IOException {
        int flags = in.readByte();
        return new UserEvent(
                StringValue.readString(in),
                KINDS[flags & KIND],
                in.readLong(),
                in.readLong(),
                (flags & HAS_PRICE) == 0 ? UserEvent.NO_PRICE : in.readLong(),
                (flags & HAS_CATEGORY) == 0 ? null : StringValue.readString(in),
                (flags & HAS_PRODUCT) == 0 ? null : StringValue.readString(in),
                (flags & IS_LATE) != 0);
    }

    @Override
    public TypeSerializerSnapshot<UserEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says which serializer it was. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<UserEvent> {

        public Snapshot() {
            super(UserEventSerializer::new);
        }
    }
}
