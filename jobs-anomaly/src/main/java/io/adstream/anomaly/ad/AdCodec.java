package io.adstream.anomaly.ad;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What is known of an ad as bytes: a version, then the fields. A later version must go on reading
 * this one: savepoints hold it.
 */
final class AdCodec {

    private static final int VERSION = 1;

    private final DataOutputSerializer out = new DataOutputSerializer(512);

    byte[] write(AdWatch ad) throws IOException {
        out.clear();
        out.writeByte(VERSION);
        out.writeUTF(ad.campaignId);
        out.writeUTF(ad.advertiserId);
        out.writeLong(ad.judgedBefore);
        out.writeLong(ad.newestEvent);
        ad.ctr.write(out);
        ad.cvr.write(out);
        out.writeBoolean(ad.suspicion.held);
        out.writeDouble(ad.suspicion.clicks);
        out.writeLong(ad.suspicion.conversions);
        out.writeInt(ad.recent.size());
        for (Map.Entry<Long, MinuteCounts> minute : ad.recent.entrySet()) {
            MinuteCounts counts = minute.getValue();
            out.writeLong(minute.getKey());
            out.writeLong(counts.impressions);
            out.writeLong(counts.clicks);
            out.writeLong(counts.conversions);
            out.writeByte(counts.flags);
            List<String> clickIds = counts.clickIds.list();
            out.writeByte(clickIds.size());
            for (String id : clickIds) {
                out.writeUTF(id);
            }
        }
        return out.getCopyOfBuffer();
    }

    static AdWatch read(byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("an ad of version " + version + ", known is " + VERSION);
        }
        AdWatch ad = new AdWatch();
        ad.campaignId = in.readUTF();
        ad.advertiserId = in.readUTF();
        ad.judgedBefore = in.readLong();
        ad.newestEvent = in.readLong();
        ad.ctr.read(in);
        ad.cvr.read(in);
        ad.suspicion.held = in.readBoolean();
        ad.suspicion.clicks = in.readDouble();
        ad.suspicion.conversions = in.readLong();
        for (int i = in.readInt(); i > 0; i--) {
            MinuteCounts counts = new MinuteCounts();
            ad.recent.put(in.readLong(), counts);
            counts.impressions = in.readLong();
            counts.clicks = in.readLong();
            counts.conversions = in.readLong();
            counts.flags = in.readByte();
            for (int ids = in.readByte(); ids > 0; ids--) {
                counts.clickIds.add(in.readUTF());
            }
        }
        return ad;
    }
}
