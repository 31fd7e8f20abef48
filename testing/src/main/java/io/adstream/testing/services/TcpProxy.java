package io.adstream.testing.services;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A wire that a test can cut: forwards TCP connections to a server and loses, delays or holds back
 * bytes on demand. Kafka answers clients with its own address and so escapes it.
 */
public final class TcpProxy implements AutoCloseable {

    private enum Mode {
        FORWARD,
        DROP_REPLIES,
        STALL,
        CUT
    }

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong lostReplies = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private Mode mode = Mode.FORWARD;
    private Duration delay = Duration.ZERO;
    private int repliesToLose;

    private TcpProxy(InetSocketAddress target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("no port for the proxy", e);
        }
        thread("accept", this::accept);
    }

    /** A proxy before a server; it forwards until told otherwise. */
    public static TcpProxy to(TestService service) {
        return new TcpProxy(new InetSocketAddress(service.host(), service.port()));
    }

    /** Where clients connect to. */
    public String host() {
        return "127.0.0.1";
    }

    /** Where clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Forwards again. Connections that lost bytes are cut, since their streams are broken. */
    public void forward() {
        switchTo(Mode.FORWARD);
        links.stream().filter(link -> link.lostBytes).forEach(Link::close);
    }

    /** Requests reach the server; its replies vanish. */
    public void dropReplies() {
        switchTo(Mode.DROP_REPLIES);
    }

    /** Nothing passes in either direction; connections stay open, bytes wait. */
    public void stall() {
        switchTo(Mode.STALL);
    }

    /** Resets every connection, and every new one at once, until {@link #forward()}. */
    public void cut() {
        switchTo(Mode.CUT);
        links.forEach(Link::close);
    }

    /** Holds each chunk of a reply back for this long. */
    public void delayReplies(Duration howLong) {
        lock.lock();
        try {
            delay = howLong;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Loses the next chunks of replies, one each, and cuts the connection of each: the server did
     * what was asked, the client cannot know.
     */
    public void loseReplies(int count) {
        lock.lock();
        try {
            repliesToLose = count;
        } finally {
            lock.unlock();
        }
    }

    /** Connections accepted so far. */
    public long connections() {
        return accepted.get();
    }

    /** Chunks of replies lost so far. */
    public long lostReplies() {
        return lostReplies.get();
    }

    @Override
    public void close() {
        switchTo(Mode.CUT);
        closeQuietly(listener);
        links.forEach(Link::close);
    }

    private void switchTo(Mode next) {
        lock.lock();
        try {
            mode = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                accepted.incrementAndGet();
                open(client);
            } catch (IOException e) {
                // The listener was closed, or the client is gone already.
            }
        }
    }

    private void open(Socket client) throws IOException {
        Socket server = new Socket();
        Link link = new Link(client, server);
        links.add(link);
        try {
            if (current() == Mode.CUT) {
                link.close();
                return;
            }
            server.connect(target, 5_000);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException e) {
            link.close();
            return;
        }
        thread("request", () -> pump(link, client, server, false));
        thread("reply", () -> pump(link, server, client, true));
    }

    private Mode current() {
        lock.lock();
        try {
            return mode;
        } finally {
            lock.unlock();
        }
    }

    private void pump(Link link, Socket from, Socket to, boolean reply) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (mayPass(link, reply)) {
                    out.write(buffer, 0, n);
                }
                if (link.closed) {
                    return;
                }
            }
        } catch (IOException e) {
            // One end is gone; the other is told by the reset below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            link.close();
        }
    }

    /** Waits as long as the chunk is held back, then says whether it goes on. */
    private boolean mayPass(Link link, boolean reply) throws InterruptedException {
        lock.lock();
        try {
            long arrived = System.nanoTime();
            while (!link.closed) {
                long left = reply ? delay.toNanos() - (System.nanoTime() - arrived) : 0;
                if (mode == Mode.STALL) {
                    changed.await();
                } else if (left > 0) {
                    changed.awaitNanos(left);
                } else {
                    break;
                }
            }
            if (link.closed || mode == Mode.CUT) {
                return false;
            }
            if (reply && repliesToLose > 0) {
                repliesToLose--;
                lostReplies.incrementAndGet();
                link.close();
                return false;
            }
            if (reply && mode == Mode.DROP_REPLIES) {
                link.lostBytes = true;
                lostReplies.incrementAndGet();
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // It is of no use any more either way.
        }
    }

    /** A client's connection and ours to the server for it. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean lostBytes;
        private volatile boolean closed;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void close() {
            closed = true;
            links.remove(this);
            try {
                // A reset instead of an orderly end: what a cut wire looks like.
                client.setSoLinger(true, 0);
            } catch (IOException e) {
                // Closed already.
            }
            closeQuietly(client);
            closeQuietly(server);
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
