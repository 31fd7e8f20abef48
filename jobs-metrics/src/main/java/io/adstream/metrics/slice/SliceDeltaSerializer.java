package io.adstream.metrics.slice;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Carries a {@link SliceDelta} between tasks. For exchanges only: no state holds one. */
public final class SliceDeltaSerializer extends TypeSerializerSingleton<SliceDelta> {

    public static final SliceDeltaSerializer INSTANCE = new SliceDeltaSerializer();

    private static final long serialVersionUID = 1L;

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public SliceDelta createInstance() {
        return new SliceDelta("", 0);
    }

    @Override
    public SliceDelta copy(SliceDelta from) {
        SliceDelta copy = new SliceDelta(from.entityKey, from.minute);
        copy.impressions = from.impressions;
        copy.clicks = from.clicks;
        copy.conversions = from.conversions;
        copy.cost = from.cost;
        copy.revenue = from.revenue;
        copy.latest = from.latest;
        copy.arrival = from.arrival;
        return copy;
    }

    @Override
    public SliceDelta copy(SliceDelta from, SliceDelta reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(SliceDelta delta, DataOutputView out) throws IOException {
        StringValue.writeString(delta.entityKey, out);
        out.writeLong(delta.minute);
        out.writeLong(delta.impressions);
        out.writeLong(delta.clicks);
        out.writeLong(delta.conversions);
        out.writeLong(delta.cost);
        out.writeLong(delta.revenue);
        out.writeLong(delta.arrival);
        Latest latest = delta.latest;
        out.writeBoolean(latest != null);
        if (latest != null) {
            write(latest, out);
        }
    }

    @Override
    public SliceDelta deserialize(DataInputView in) throws IOException {
        SliceDelta delta = new SliceDelta(StringValue.readString(in), in.readLong());
        delta.impressions = in.readLong();
        delta.clicks = in.readLong();
        delta.conversions = in.readLong();
        delta.cost = in.readLong();
        delta.revenue = in.readLong();
        delta.arrival = in.readLong();
        if (in.readBoolean()) {
            delta.latest = readLatest(in);
        }
        return delta;
    }

    @Override
    public SliceDelta deserialize(SliceDelta reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    /** Writes what the latest event said. */
    public static void write(Latest latest, DataOutputView out) throws IOException {
        out.writeLong(latest.eventTime());
        StringValue.writeString(latest.eventId(), out);
        StringValue.writeString(latest.campaignId(), out);
        StringValue.writeString(latest.advertiserId(), out);
        StringValue.writeString(latest.category(), out);
    }

    /** Reads what {@link #write} wrote. */
    public static Latest readLatest(DataInputView in) throws IOException {
        return new Latest(
                in.readLong(),
                StringValue.readString(in),
                StringValue.readString(in),
                StringValue.readString(in),
                StringValue.readString(in));
    }

    @Override
    public TypeSerializerSnapshot<SliceDelta> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Nothing to remember. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SliceDelta> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
