package io.adstream.attribution.touch;

import io.adstream.common.type.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Carries a {@link KeyEvent} between tasks; no state holds one. */
public final class KeyEventSerializer extends ImmutableSerializer<KeyEvent> {

    static final KeyEventSerializer INSTANCE = new KeyEventSerializer();

    private static final long serialVersionUID = 1L;
    private static final KeyEvent.Kind[] KINDS = KeyEvent.Kind.values();

    private KeyEventSerializer() {}

    @Override
    public KeyEvent createInstance() {
        return new KeyEvent(KeyEvent.Kind.CLICK, "", 0, new byte[0]);
    }

    @Override
    public void serialize(KeyEvent event, DataOutputView out) throws IOException {
        out.writeByte(event.kind().ordinal());
        StringValue.writeString(event.key(), out);
        out.writeLong(event.time());
        out.writeInt(event.body().length);
        out.write(event.body());
    }

    @Override
    public KeyEvent deserialize(DataInputView in) throws IOException {
        KeyEvent.Kind kind = KINDS[in.readByte()];
        String key = StringValue.readString(in);
        long time = in.readLong();
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        return new KeyEvent(kind, key, time, body);
    }

    @Override
    public TypeSerializerSnapshot<KeyEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says which serializer it was. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<KeyEvent> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
