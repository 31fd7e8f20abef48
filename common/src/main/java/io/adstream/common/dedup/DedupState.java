package io.adstream.common.dedup;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyedStateBackend;

/**
 * The ids of one key group: a table on heap for looking up, and the same ids in keyed state, as
 * chunks that are written once and dropped whole.
 *
 * <p>An id costs state nothing when it is looked up and 16 bytes once when it is new. With RocksDB
 * and incremental checkpoints a checkpoint carries only the ids since the one before.
 */
final class DedupState {

    /** Chunks of ids: (generation, number of the chunk) to pairs of id and payload. */
    static final MapStateDescriptor<Long, byte[]> CHUNKS =
            new MapStateDescriptor<>(
                    "dedup-chunks",
                    Types.LONG,
                    PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final int PAIR_BYTES = 16;
    private static final int CHUNK_BITS = 24;

    /** A chunk of this many ids is written without waiting for a checkpoint. */
    private static final int FULL_CHUNK = 4096;

    private final Integer key;
    private final KeyedStateBackend<Integer> backend;
    private final MapState<Long, byte[]> chunks;
    private final FingerprintTable table = new FingerprintTable();

    /** The live generations by their number. */
    private final TreeMap<Long, Generation> generations = new TreeMap<>();

    /** The tags of live generations. */
    private final BitSet tags = new BitSet();

    private Generation latest;

    DedupState(Integer key, KeyedStateBackend<Integer> backend, MapState<Long, byte[]> chunks) {
        this.key = key;
        this.backend = backend;
        this.chunks = chunks;
    }

    /** What happened in one slice of event time since the latest chunk, and how many there are. */
    private static final class Generation {
        final long number;

        /**
         * Stands for the number in the table. Event times may lie decades apart as long as no
         * watermark is known, so that 16 bits of the number itself would not tell them apart.
         */
        final int tag;

        int writtenChunks;
        ByteBuffer pending = ByteBuffer.allocate(16 * PAIR_BYTES);

        Generation(long number, int tag) {
            this.number = number;
            this.tag = tag;
        }

        void append(long id, long payload) {
            if (pending.remaining() < PAIR_BYTES) {
                pending = ByteBuffer.allocate(pending.capacity() * 2).put(pending.flip());
            }
            pending.putLong(id).putLong(payload);
        }
    }

    FingerprintTable.Match find(long id, long payload) {
        return table.find(id, payload);
    }

    /** Remembers an id that {@link #find} has just reported as new. */
    void add(long id, long payload, long generationNumber) throws Exception {
        Generation generation = generation(generationNumber);
        table.add(id, payload, generation.tag);
        generation.append(id, payload);
        if (generation.pending.position() >= FULL_CHUNK * PAIR_BYTES) {
            writeChunk(generation);
        }
    }

    /** Forgets every generation before the given one, in the table and in state. */
    void forgetBefore(long generationNumber) throws Exception {
        if (generations.isEmpty() || generations.firstKey() >= generationNumber) {
            return;
        }
        backend.setCurrentKey(key);
        Map<Long, Generation> past = generations.headMap(generationNumber);
        BitSet pastTags = new BitSet();
        for (Generation generation : past.values()) {
            pastTags.set(generation.tag);
            for (int chunk = 0; chunk < generation.writtenChunks; chunk++) {
                chunks.remove(chunkKey(generation.number, chunk));
            }
        }
        past.clear();
        latest = null;
        table.forget(pastTags);
        tags.andNot(pastTags);
    }

    /** Writes what is not yet in state. */
    void flush() throws Exception {
        for (Generation generation : generations.values()) {
            if (generation.pending.position() > 0) {
                writeChunk(generation);
            }
        }
    }

    /** Builds the table from state. */
    void restore() throws Exception {
        backend.setCurrentKey(key);
        for (Map.Entry<Long, byte[]> chunk : chunks.entries()) {
            Generation generation = generation(chunk.getKey() >> CHUNK_BITS);
            int number = (int) (chunk.getKey() & ((1 << CHUNK_BITS) - 1));
            generation.writtenChunks = Math.max(generation.writtenChunks, number + 1);
            ByteBuffer pairs = ByteBuffer.wrap(chunk.getValue());
            while (pairs.hasRemaining()) {
                long id = pairs.getLong();
                long payload = pairs.getLong();
                if (table.find(id, payload) == FingerprintTable.Match.NEW) {
                    table.add(id, payload, generation.tag);
                }
            }
        }
    }

    int size() {
        return table.size();
    }

    long bytes() {
        return table.bytes();
    }

    private Generation generation(long number) {
        if (latest == null || latest.number != number) {
            latest = generations.get(number);
            if (latest == null) {
                latest = begin(number);
            }
        }
        return latest;
    }

    private Generation begin(long number) {
        int tag = tags.nextClearBit(0);
        if (tag == FingerprintTable.MAX_GENERATIONS) {
            // Remembering an id for longer is no harm.
            Map.Entry<Long, Generation> later = generations.ceilingEntry(number);
            return later == null ? generations.lastEntry().getValue() : later.getValue();
        }
        tags.set(tag);
        Generation generation = new Generation(number, tag);
        generations.put(number, generation);
        return generation;
    }

    private void writeChunk(Generation generation) throws Exception {
        byte[] chunk = new byte[generation.pending.position()];
        generation.pending.flip().get(chunk);
        generation.pending.clear();
        backend.setCurrentKey(key);
        chunks.put(chunkKey(generation.number, generation.writtenChunks++), chunk);
    }

    private static long chunkKey(long generation, int chunk) {
        return (generation << CHUNK_BITS) | chunk;
    }
}
