package io.adstream.common.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Carries an {@link InputEvent} between tasks: the record's own bytes, and what the parser found as
 * offsets into them, so that the receiver neither parses again nor makes strings.
 *
 * <p>For exchanges only. No state holds an {@link InputEvent}, so the format may change with a
 * release.
 */
public final class InputEventSerializer extends TypeSerializer<InputEvent> {

    private static final int HAS_VALUE = 1;
    private static final int HAS_KEY = 1 << 1;
    private static final int HAS_HEADERS = 1 << 2;
    private static final int HAS_DECODED = 1 << 3;
    private static final int IS_REJECTED = 1 << 4;
    private static final int FAR_NUMBER = 1 << 5;
    private static final int IS_SKIPPED = 1 << 6;
    private static final int OTHER_TOPIC = 1 << 7;

    private static final RejectCode[] CODES = RejectCode.values();

    private final int stringFields;
    private final int numberFields;

    public InputEventSerializer(int stringFields, int numberFields) {
        this.stringFields = stringFields;
        this.numberFields = numberFields;
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public TypeSerializer<InputEvent> duplicate() {
        return this;
    }

    @Override
    public InputEvent createInstance() {
        InputEvent event = new InputEvent(stringFields, numberFields);
        event.clear();
        return event;
    }

    @Override
    public InputEvent copy(InputEvent from) {
        return copy(from, createInstance());
    }

    @Override
    public InputEvent copy(InputEvent from, InputEvent reuse) {
        // The arrays of a record are never written to after it was parsed.
        reuse.value = from.value;
        reuse.key = from.key;
        reuse.headers = from.headers;
        reuse.decoded = from.decoded;
        reuse.topic = from.topic;
        reuse.partition = from.partition;
        reuse.offset = from.offset;
        reuse.kafkaTimestamp = from.kafkaTimestamp;
        reuse.rejected = from.rejected;
        reuse.rejectMessage = from.rejectMessage;
        reuse.farNumber = from.farNumber;
        reuse.skipped = from.skipped;
        reuse.eventType = from.eventType;
        reuse.eventTime = from.eventTime;
        reuse.idHash = from.idHash;
        reuse.payloadHash = from.payloadHash;
        System.arraycopy(from.numbers, 0, reuse.numbers, 0, numberFields);
        System.arraycopy(from.starts, 0, reuse.starts, 0, stringFields);
        System.arraycopy(from.lengths, 0, reuse.lengths, 0, stringFields);
        return reuse;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(InputEvent event, DataOutputView out) throws IOException {
        int flags =
                (event.value != null ? HAS_VALUE : 0)
                        | (event.key != null ? HAS_KEY : 0)
                        | (event.headers != null ? HAS_HEADERS : 0)
                        | (event.decoded != null ? HAS_DECODED : 0)
                        | (event.rejected != null ? IS_REJECTED : 0)
                        | (event.farNumber ? FAR_NUMBER : 0)
                        | (event.skipped ? IS_SKIPPED : 0)
                        | (event.topic != 0 ? OTHER_TOPIC : 0);
        out.writeByte(flags);
        if (event.topic != 0) {
            out.writeByte(event.topic);
        }
        out.writeInt(event.partition);
        out.writeLong(event.offset);
        out.writeLong(event.kafkaTimestamp);
        writeBytes(event.value, out);
        writeBytes(event.key, out);
        if (event.headers != null) {
            writeHeaders(event.headers, out);
        }
        if (event.rejected != null) {
            out.writeByte(event.rejected.ordinal());
            writeText(event.rejectMessage == null ? "" : event.rejectMessage, out);
            return;
        }
        out.writeByte(event.eventType);
        out.writeLong(event.eventTime);
        out.writeLong(event.idHash);
        out.writeLong(event.payloadHash);
        for (long number : event.numbers) {
            out.writeLong(number);
        }
        writeBytes(event.decoded, out);
        for (int i = 0; i < stringFields; i++) {
            // A start and a length are below 2^17 (64 KiB of text, and as much again decoded), so
            // that both, the length plus one for "absent", fit one long with room to spare.
            out.writeLong(((long) event.starts[i] << 32) | (event.lengths[i] + 1));
        }
    }

    @Override
    public InputEvent deserialize(DataInputView in) throws IOException {
        return deserialize(new InputEvent(stringFields, numberFields), in);
    }

    @Override
    public InputEvent deserialize(InputEvent event, DataInputView in) throws IOException {
        int flags = in.readByte();
        event.topic = (flags & OTHER_TOPIC) == 0 ? 0 : in.readByte();
        event.partition = in.readInt();
        event.offset = in.readLong();
        event.kafkaTimestamp = in.readLong();
        event.value = (flags & HAS_VALUE) == 0 ? null : readBytes(in);
        event.key = (flags & HAS_KEY) == 0 ? null : readBytes(in);
        event.headers = (flags & HAS_HEADERS) == 0 ? null : readHeaders(in);
        event.decoded = null;
        event.farNumber = (flags & FAR_NUMBER) != 0;
        event.skipped = (flags & IS_SKIPPED) != 0;
        if ((flags & IS_REJECTED) != 0) {
            event.eventType = -1;
            event.eventTime = Long.MIN_VALUE;
            event.idHash = 0;
            event.payloadHash = 0;
            Arrays.fill(event.numbers, InputEvent.NO_NUMBER);
            Arrays.fill(event.lengths, InputEvent.ABSENT);
            event.rejected = CODES[in.readByte()];
            event.rejectMessage = readText(in);
            return event;
        }
        event.rejected = null;
        event.rejectMessage = null;
        event.eventType = in.readByte();
        event.eventTime = in.readLong();
        event.idHash = in.readLong();
        event.payloadHash = in.readLong();
        for (int i = 0; i < numberFields; i++) {
            event.numbers[i] = in.readLong();
        }
        if ((flags & HAS_DECODED) != 0) {
            event.decoded = readBytes(in);
        }
        for (int i = 0; i < stringFields; i++) {
            long slice = in.readLong();
            event.starts[i] = (int) (slice >>> 32);
            event.lengths[i] = (int) slice - 1;
        }
        return event;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    private static void writeBytes(byte @Nullable [] bytes, DataOutputView out) throws IOException {
        if (bytes != null) {
            out.writeInt(bytes.length);
            out.write(bytes, 0, bytes.length);
        }
    }

    private static byte[] readBytes(DataInputView in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes, 0, bytes.length);
        return bytes;
    }

    /** Of any length: {@code writeUTF} refuses what is over 65,535 bytes. */
    private static void writeText(String text, DataOutputView out) throws IOException {
        writeBytes(text.getBytes(UTF_8), out);
    }

    private static String readText(DataInputView in) throws IOException {
        return new String(readBytes(in), UTF_8);
    }

    private static void writeHeaders(RawHeader[] headers, DataOutputView out) throws IOException {
        out.writeInt(headers.length);
        for (RawHeader header : headers) {
            writeText(header.key(), out);
            out.writeBoolean(header.value() != null);
            writeBytes(header.value(), out);
        }
    }

    private static RawHeader[] readHeaders(DataInputView in) throws IOException {
        RawHeader[] headers = new RawHeader[in.readInt()];
        for (int i = 0; i < headers.length; i++) {
            String key = readText(in);
            headers[i] = new RawHeader(key, in.readBoolean() ? readBytes(in) : null);
        }
        return headers;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InputEventSerializer that
                && that.stringFields == stringFields
                && that.numberFields == numberFields;
    }

    @Override
    public int hashCode() {
        return 31 * stringFields + numberFields;
    }

    @Override
    public TypeSerializerSnapshot<InputEvent> snapshotConfiguration() {
        return new Snapshot(stringFields, numberFields);
    }

    /** Remembers the number of fields. */
    public static final class Snapshot implements TypeSerializerSnapshot<InputEvent> {

        private int stringFields;
        private int numberFields;

        /** For Flink, which reads the rest from the snapshot. */
        public Snapshot() {}

        Snapshot(int stringFields, int numberFields) {
            this.stringFields = stringFields;
            this.numberFields = numberFields;
        }

        @Override
        public int getCurrentVersion() {
            return 1;
        }

        @Override
        public void writeSnapshot(DataOutputView out) throws IOException {
            out.writeInt(stringFields);
            out.writeInt(numberFields);
        }

        @Override
        public void readSnapshot(int version, DataInputView in, ClassLoader classLoader)
                throws IOException {
            stringFields = in.readInt();
            numberFields = in.readInt();
        }

        @Override
        public TypeSerializer<InputEvent> restoreSerializer() {
            return new InputEventSerializer(stringFields, numberFields);
        }

        @Override
        public TypeSerializerSchemaCompatibility<InputEvent> resolveSchemaCompatibility(
                TypeSerializerSnapshot<InputEvent> old) {
            return old instanceof Snapshot that
                            && that.stringFields == stringFields
                            && that.numberFields == numberFields
                    ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                    : TypeSerializerSchemaCompatibility.incompatible();
        }
    }
}
