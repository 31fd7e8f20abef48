package io.adstream.anomaly.flood;

import java.io.IOException;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The clicks of a device or IP as bytes: a version, then the fields. A later version must go on
 * reading this one: savepoints hold it.
 */
final class FloodCodec {

    private static final int VERSION = 1;

    private final DataOutputSerializer out = new DataOutputSerializer(128);

    byte[] write(FloodWindow window) throws IOException {
        out.clear();
        out.writeByte(VERSION);
        out.writeLong(window.consumedBefore);
        out.writeByte(window.samples.size());
        for (String sample : window.samples) {
            out.writeUTF(sample);
        }
        out.writeInt(window.otherClicks);
        out.writeByte(window.ads.size());
        for (AdShare ad : window.ads) {
            out.writeUTF(ad.adId());
            out.writeUTF(ad.campaignId());
            out.writeUTF(ad.advertiserId());
            out.writeInt(ad.clicks());
        }
        out.writeInt(window.minutes.size());
        for (Map.Entry<Long, MinuteClicks> minute : window.minutes.entrySet()) {
            MinuteClicks clicks = minute.getValue();
            out.writeLong(minute.getKey());
            out.writeInt(clicks.count);
            out.writeInt(clicks.kept);
            for (int i = 0; i < clicks.kept; i++) {
                out.writeShort(clicks.offsets[i]);
            }
        }
        return out.getCopyOfBuffer();
    }

    static FloodWindow read(byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("clicks of version " + version + ", known is " + VERSION);
        }
        FloodWindow window = new FloodWindow();
        window.consumedBefore = in.readLong();
        for (int i = in.readByte(); i > 0; i--) {
            window.samples.addLast(in.readUTF());
        }
        window.otherClicks = in.readInt();
        for (int i = in.readByte(); i > 0; i--) {
            window.ads.add(new AdShare(in.readUTF(), in.readUTF(), in.readUTF(), in.readInt()));
        }
        for (int i = in.readInt(); i > 0; i--) {
            long minute = in.readLong();
            MinuteClicks clicks = new MinuteClicks();
            clicks.count = in.readInt();
            clicks.kept = in.readInt();
            clicks.offsets = new int[clicks.kept];
            for (int j = 0; j < clicks.kept; j++) {
                clicks.offsets[j] = in.readUnsignedShort();
            }
            window.minutes.put(minute, clicks);
        }
        return window;
    }
}
