package io.adstream.features.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Numbers and names in as few bytes as they need: seven bits a byte, small numbers first. */
public final class Varints {

    private static final int MORE = 0x80;

    private Varints() {}

    /** A number that is not negative, or any 64 bits in up to ten bytes. */
    public static void write(long value, DataOutput out) throws IOException {
        long rest = value;
        while ((rest & -MORE) != 0) {
            out.writeByte((int) (rest & (MORE - 1)) | MORE);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    /** What {@link #write} has written. */
    public static long read(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.readByte();
            value |= (long) (next & (MORE - 1)) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /**
     * A time after 1970 in epoch milliseconds, in six bytes, or none in one.
     *
     * @param none what stands for no time
     */
    public static void writeTime(long time, long none, DataOutput out) throws IOException {
        write(time == none ? 0 : time, out);
    }

    /** What {@link #writeTime} has written. */
    public static long readTime(long none, DataInput in) throws IOException {
        long time = read(in);
        return time == 0 ? none : time;
    }

    /** A text, or null. */
    public static void writeText(@Nullable String text, DataOutput out) throws IOException {
        if (text == null) {
            write(0, out);
            return;
        }
        byte[] bytes = text.getBytes(UTF_8);
        write(bytes.length + 1L, out);
        out.write(bytes);
    }

    /** What {@link #writeText} has written. */
    public static @Nullable String readText(DataInput in) throws IOException {
        int length = (int) read(in) - 1;
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, UTF_8);
    }

    /** What {@link #writeText} has written of a text that was not null. */
    public static String readName(DataInput in) throws IOException {
        String name = readText(in);
        if (name == null) {
            throw new IOException("a name is missing");
        }
        return name;
    }
}
