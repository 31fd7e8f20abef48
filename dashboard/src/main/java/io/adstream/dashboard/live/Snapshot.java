package io.adstream.dashboard.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** A view as it was at some time; the arrays are shared and never changed. */
public final class Snapshot {

    private final Query query;
    private final long version;
    private final byte[] json;
    private volatile byte @Nullable [] event;

    /**
     * @param query what it shows
     * @param version grows with each change of the same query
     * @param json the envelope with the data, UTF-8
     */
    Snapshot(Query query, long version, byte[] json) {
        this.query = query;
        this.version = version;
        this.json = json;
    }

    public Query query() {
        return query;
    }

    public long version() {
        return version;
    }

    /** The envelope with the data, UTF-8. */
    public byte[] json() {
        return json;
    }

    /** The same as an event of a stream, made once for all who get it. */
    public byte[] event() {
        byte[] made = event;
        if (made == null) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + 64);
            out.writeBytes(("event: " + query.view().name() + "\ndata: ").getBytes(UTF_8));
            // JSON has no line break outside of texts, and none inside that is not escaped.
            out.writeBytes(json);
            out.writeBytes("\n\n".getBytes(UTF_8));
            made = out.toByteArray();
            event = made;
        }
        return made;
    }
}
