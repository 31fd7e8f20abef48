package io.adstream.attribution.match;

import io.adstream.common.type.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A {@link ClickRun} in CEP's buffer: 17 bytes. */
public final class ClickRunSerializer extends ImmutableSerializer<ClickRun> {

    static final ClickRunSerializer INSTANCE = new ClickRunSerializer();

    private static final long serialVersionUID = 1L;

    private ClickRunSerializer() {}

    @Override
    public ClickRun createInstance() {
        return ClickRun.conversionAt(0);
    }

    @Override
    public void serialize(ClickRun run, DataOutputView out) throws IOException {
        out.writeBoolean(run.conversion());
        out.writeLong(run.after());
        out.writeLong(run.until());
    }

    @Override
    public ClickRun deserialize(DataInputView in) throws IOException {
        return new ClickRun(in.readBoolean(), in.readLong(), in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<ClickRun> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says which serializer it was. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ClickRun> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
