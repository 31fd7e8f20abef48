package io.adstream.attribution.match;

import io.adstream.common.type.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * {@link OpenClicks} in state: a byte of flags, the recent clicks with their number and size, the
 * timer; with {@link #CONVERTED} the end of the run; with {@link #CROWDED} the summary of the
 * pages. A key with one click takes 15 bytes beside the click.
 */
public final class OpenClicksSerializer extends ImmutableSerializer<OpenClicks> {

    static final OpenClicksSerializer INSTANCE = new OpenClicksSerializer();

    private static final long serialVersionUID = 1L;

    private static final int CONVERTED = 1;
    private static final int CROWDED = 1 << 1;

    private OpenClicksSerializer() {}

    @Override
    public OpenClicks createInstance() {
        return OpenClicks.NONE;
    }

    @Override
    public void serialize(OpenClicks clicks, DataOutputView out) throws IOException {
        boolean converted = clicks.runEnd() != Long.MIN_VALUE;
        boolean crowded = clicks.paged() > 0;
        out.writeByte((converted ? CONVERTED : 0) | (crowded ? CROWDED : 0));
        out.writeShort(clicks.count());
        out.writeInt(clicks.recent().length);
        out.write(clicks.recent());
        out.writeLong(clicks.timer());
        if (converted) {
            out.writeLong(clicks.runEnd());
        }
        if (crowded) {
            out.writeInt(clicks.paged());
            out.writeLong(clicks.newestPaged());
        }
    }

    @Override
    public OpenClicks deserialize(DataInputView in) throws IOException {
        int flags = in.readByte();
        int count = in.readUnsignedShort();
        byte[] recent = new byte[in.readInt()];
        in.readFully(recent);
        long timer = in.readLong();
        long runEnd = (flags & CONVERTED) != 0 ? in.readLong() : Long.MIN_VALUE;
        boolean crowded = (flags & CROWDED) != 0;
        int paged = crowded ? in.readInt() : 0;
        long newestPaged = crowded ? in.readLong() : Long.MIN_VALUE;
        return new OpenClicks(recent, count, paged, newestPaged, timer, runEnd);
    }

    @Override
    public TypeSerializerSnapshot<OpenClicks> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says which serializer it was. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<OpenClicks> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
