package io.adstream.anomaly.platform;

import java.io.IOException;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What is known of the platform as bytes: a version, then the fields. A later version must go on
 * reading this one: savepoints hold it.
 */
final class PlatformCodec {

    private static final int VERSION = 1;

    private PlatformCodec() {}

    static byte[] write(PlatformWatch platform) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(2048);
        out.writeByte(VERSION);
        out.writeLong(platform.judgedBefore);
        platform.usual.write(out);
        out.writeInt(platform.recent.size());
        for (Map.Entry<Long, PlatformWatch.Counts> minute : platform.recent.entrySet()) {
            out.writeLong(minute.getKey());
            out.writeLong(minute.getValue().clicks);
            out.writeLong(minute.getValue().conversions);
            out.writeBoolean(minute.getValue().leftOut);
        }
        return out.getCopyOfBuffer();
    }

    static PlatformWatch read(byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("a platform of version " + version + ", known is " + VERSION);
        }
        PlatformWatch platform = new PlatformWatch();
        platform.judgedBefore = in.readLong();
        platform.usual.read(in);
        for (int i = in.readInt(); i > 0; i--) {
            PlatformWatch.Counts counts = new PlatformWatch.Counts();
            platform.recent.put(in.readLong(), counts);
            counts.clicks = in.readLong();
            counts.conversions = in.readLong();
            counts.leftOut = in.readBoolean();
        }
        return platform;
    }
}
