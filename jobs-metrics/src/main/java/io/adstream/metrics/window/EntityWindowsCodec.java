package io.adstream.metrics.window;

import io.adstream.metrics.slice.SliceDeltaSerializer;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The state of one entity as bytes: version, then per size the windows and the served window.
 *
 * <p>About 60 bytes per window, and for an ad 60 to 150 more for what its latest event said. A
 * later version must go on reading this one: savepoints hold it.
 */
final class EntityWindowsCodec {

    private static final int VERSION = 1;
    private static final int HAS_LATEST = 1;

    private final DataOutputSerializer out = new DataOutputSerializer(512);

    byte[] write(EntityWindows entity) throws IOException {
        out.clear();
        out.writeByte(VERSION);
        for (WindowSize size : EntityWindows.SIZES) {
            List<WindowCount> windows = entity.windows(size);
            out.writeInt(windows.size());
            for (WindowCount window : windows) {
                write(window);
            }
            WindowCount served = entity.served[size.ordinal()];
            out.writeBoolean(served != null);
            if (served != null) {
                out.writeLong(entity.servedUntil[size.ordinal()]);
                write(served);
            }
        }
        return out.getCopyOfBuffer();
    }

    private void write(WindowCount window) throws IOException {
        out.writeByte(window.latest == null ? 0 : HAS_LATEST);
        out.writeLong(window.start);
        out.writeLong(window.impressions);
        out.writeLong(window.clicks);
        out.writeLong(window.conversions);
        out.writeLong(window.cost);
        out.writeLong(window.revenue);
        out.writeInt(window.revision);
        if (window.latest != null) {
            SliceDeltaSerializer.write(window.latest, out);
        }
    }

    static EntityWindows read(String key, byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException(
                    "State of "
                            + key
                            + " has version "
                            + version
                            + ", this release reads up to "
                            + VERSION
                            + ": restore it with the release that wrote it");
        }
        EntityWindows entity = new EntityWindows(key);
        for (WindowSize size : EntityWindows.SIZES) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                entity.windows(size).add(readWindow(in));
            }
            if (in.readBoolean()) {
                long until = in.readLong();
                WindowCount served = readWindow(in);
                // One object where the window can still change, as it was when written.
                WindowCount current = entity.find(size, served.start);
                entity.serve(size, current == null ? served : current, until);
            }
        }
        return entity;
    }

    private static WindowCount readWindow(DataInputView in) throws IOException {
        int flags = in.readByte();
        WindowCount window = new WindowCount(in.readLong());
        window.impressions = in.readLong();
        window.clicks = in.readLong();
        window.conversions = in.readLong();
        window.cost = in.readLong();
        window.revenue = in.readLong();
        window.revision = in.readInt();
        if ((flags & HAS_LATEST) != 0) {
            window.latest = SliceDeltaSerializer.readLatest(in);
        }
        return window;
    }
}
