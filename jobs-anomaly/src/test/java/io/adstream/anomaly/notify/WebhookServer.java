package io.adstream.anomaly.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A webhook on loopback that keeps the texts it took. */
public final class WebhookServer implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<Integer> refusals = new ArrayList<>();
    private boolean silent;

    /**
     * Starts a server.
     *
     * @param port 0 for any
     */
    public WebhookServer(int port) throws IOException {
        server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Its address, with a secret in it as Slack's have. */
    public String address() {
        return "http://127.0.0.1:" + port() + "/services/T0/B0/s3cr3t-hook";
    }

    /** The texts that it answered with 200. */
    public List<String> texts() {
        return List.copyOf(texts);
    }

    /** Answers the next requests with these status codes. */
    public synchronized void refuse(int... statuses) {
        for (int status : statuses) {
            refusals.add(status);
        }
    }

    /** From now on it takes messages and closes the connection without an answer, or not. */
    public synchronized void setSilent(boolean isSilent) {
        silent = isSilent;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String text =
                MAPPER.readTree(exchange.getRequestBody().readAllBytes()).path("text").asText();
        int status = 200;
        boolean answer;
        synchronized (this) {
            answer = !silent;
            if (answer && !refusals.isEmpty()) {
                status = refusals.remove(0);
            }
        }
        if (status == 200) {
            texts.add(text);
        }
        if (answer) {
            byte[] body = (status == 200 ? "ok" : "no").getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
