package io.adstream.common.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy before a server that can lose answers: the request reaches the server and is carried
 * out, then the connection breaks.
 */
public final class ReplyDroppingProxy implements AutoCloseable {

    private final String host;
    private final int port;
    private final ServerSocket listener;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger toDrop = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();

    /** Listens on a free port of the loopback for connections to a server. */
    public ReplyDroppingProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("proxy-accept", this::accept);
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Loses the next answers, each with its connection. */
    public void dropReplies(int number) {
        toDrop.set(number);
    }

    /** How many answers were lost. */
    public int dropped() {
        return dropped.get();
    }

    @Override
    public void close() {
        closeQuietly(listener);
        open.forEach(ReplyDroppingProxy::closeQuietly);
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            Socket server = new Socket(host, port);
            open.add(client);
            open.add(server);
            run("proxy-request", () -> copy(client, server, false));
            run("proxy-reply", () -> copy(server, client, true));
        }
    }

    private void copy(Socket from, Socket to, boolean replies) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (replies && toDrop.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    dropped.incrementAndGet();
                    return;
                }
                out.write(buffer, 0, length);
                out.flush();
            }
        }
    }

    private interface Io {
        void run() throws IOException;
    }

    private static void run(String name, Io io) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                io.run();
                            } catch (IOException e) {
                                // The connection has ended on one of its sides, as it should.
                            }
                        },
                        name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
