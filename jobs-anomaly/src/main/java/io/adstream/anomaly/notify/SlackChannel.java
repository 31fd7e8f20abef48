package io.adstream.anomaly.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.common.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.time.Duration;

/**
 * Sends to a Slack incoming webhook. Its address is a secret: who knows it may post.
 *
 * <p>A plain {@link HttpURLConnection}: the JDK's newer client keeps threads that would keep the
 * class loader of a job that has ended.
 */
final class SlackChannel implements Channel {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Secret webhook;
    private final int timeoutMillis;

    SlackChannel(Secret webhook, Duration timeout) {
        this.webhook = webhook;
        this.timeoutMillis = (int) timeout.toMillis();
    }

    @Override
    public String name() {
        return "slack";
    }

    @Override
    public String address() {
        return "Slack";
    }

    @Override
    public Delivery send(Message message) {
        HttpURLConnection connection;
        byte[] body;
        try {
            URL url = new URI(webhook.reveal()).toURL();
            connection = (HttpURLConnection) url.openConnection();
            connection.setConnectTimeout(timeoutMillis);
            connection.setReadTimeout(timeoutMillis);
            connection.setRequestMethod("POST");
            connection.setInstanceFollowRedirects(false);
            connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
            connection.setRequestProperty("Connection", "close");
            connection.setDoOutput(true);
            body =
                    MAPPER.writeValueAsBytes(
                            MAPPER.createObjectNode()
                                    .put(
                                            "text",
                                            escape(message.subject() + "\n" + message.body())));
            connection.setFixedLengthStreamingMode(body.length);
            connection.connect();
        } catch (IOException e) {
            return new Delivery(Outcome.REFUSED, "no connection: " + kind(e));
        } catch (URISyntaxException | IllegalArgumentException | ClassCastException e) {
            return new Delivery(Outcome.REFUSED, "the webhook is no http address");
        }
        try {
            return post(connection, body);
        } catch (IOException e) {
            // The request may have been read.
            return new Delivery(Outcome.UNKNOWN, "no answer: " + kind(e));
        } finally {
            connection.disconnect();
        }
    }

    private static Delivery post(HttpURLConnection connection, byte[] body) throws IOException {
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        if (status / 100 == 2) {
            return Delivery.taken();
        }
        String reason = "";
        try (InputStream error = connection.getErrorStream()) {
            if (error != null) {
                reason = " " + new String(error.readNBytes(200), UTF_8);
            }
        }
        // A gateway that has waited in vain does not know what became of the request.
        return new Delivery(
                status == HttpURLConnection.HTTP_GATEWAY_TIMEOUT
                        ? Outcome.UNKNOWN
                        : Outcome.REFUSED,
                "HTTP " + status + reason);
    }

    /** Slack's own marks, which ids may hold. */
    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The message of an exception may quote the address, which is secret. */
    private static String kind(IOException e) {
        return e.getClass().getSimpleName();
    }
}
