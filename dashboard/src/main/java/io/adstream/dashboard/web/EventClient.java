package io.adstream.dashboard.web;

import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.Snapshot;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who listens to events. Nothing here waits: what cannot be sent yet is kept, of each
 * query the newest alone, and goes out when the connection takes more. So a slow client costs no
 * thread and little memory, and sees what is, not what was.
 */
final class EventClient implements WriteListener {

    private final ServletOutputStream out;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Map<Query, Snapshot> waiting = new LinkedHashMap<>();
    private final Map<Query, Long> sent = new LinkedHashMap<>();
    private byte @Nullable [] note;
    private boolean unflushed;

    EventClient(ServletOutputStream out) {
        this.out = out;
    }

    /** Begins to send; what is offered before waits. */
    void begin() {
        out.setWriteListener(this);
    }

    /** Ends when the client is gone. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Sends what a query shows now. */
    void offer(Snapshot snapshot) {
        synchronized (this) {
            if (sent.getOrDefault(snapshot.query(), -1L) >= snapshot.version()) {
                return;
            }
            // Taken out first: what changed last is sent last.
            waiting.remove(snapshot.query());
            waiting.put(snapshot.query(), snapshot);
            sent.put(snapshot.query(), snapshot.version());
        }
        send();
    }

    /** Sends something that a newer one replaces, such as a sign of life. */
    void note(byte[] event) {
        synchronized (this) {
            note = event;
        }
        send();
    }

    @Override
    public void onWritePossible() {
        send();
    }

    @Override
    public void onError(Throwable e) {
        end();
    }

    void end() {
        ended.complete(null);
    }

    private void send() {
        boolean gone = false;
        synchronized (this) {
            try {
                while (!ended.isDone() && out.isReady()) {
                    byte[] next = next();
                    if (next != null) {
                        out.write(next);
                        unflushed = true;
                    } else if (unflushed) {
                        unflushed = false;
                        out.flush();
                    } else {
                        break;
                    }
                }
            } catch (IOException | IllegalStateException e) {
                gone = true;
            }
        }
        if (gone) {
            end();
        }
    }

    private byte @Nullable [] next() {
        byte[] first = note;
        if (first != null) {
            note = null;
            return first;
        }
        Iterator<Snapshot> snapshots = waiting.values().iterator();
        if (!snapshots.hasNext()) {
            return null;
        }
        byte[] event = snapshots.next().event();
        snapshots.remove();
        return event;
    }
}
