package io.adstream.testing.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

class TcpProxyTest {

    private final TcpProxy proxy = TcpProxy.to(Services.redis());
    private final Jedis direct = Services.redis().connect();

    @BeforeEach
    void empty() {
        Services.redis().flush();
    }

    @AfterEach
    void close() {
        direct.close();
        proxy.close();
    }

    @Test
    void forwardsUntilToldOtherwise() {
        try (Jedis client = connect()) {
            client.set("k", "v");
            assertThat(client.get("k")).isEqualTo("v");
        }
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void aLostReplyLeavesTheWriteDoneAndTheClientInTheDark() {
        try (Jedis client = connect()) {
            proxy.loseReplies(1);
            assertThatThrownBy(() -> client.set("k", "v"))
                    .isInstanceOf(JedisConnectionException.class);
        }
        assertThat(direct.get("k")).isEqualTo("v");
        assertThat(proxy.lostReplies()).isEqualTo(1);
        try (Jedis client = connect()) {
            assertThat(client.get("k")).isEqualTo("v");
        }
    }

    @Test
    void droppedRepliesTimeOutAndTheConnectionIsCutAfterwards() {
        try (Jedis client = connect()) {
            proxy.dropReplies();
            assertThatThrownBy(() -> client.set("k", "v"))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasMessageContaining("timed out");
            proxy.forward();
        }
        assertThat(direct.get("k")).isEqualTo("v");
        try (Jedis client = connect()) {
            assertThat(client.get("k")).isEqualTo("v");
        }
    }

    @Test
    void aStalledWireDeliversLater() {
        try (Jedis client = connect()) {
            proxy.stall();
            assertThatThrownBy(() -> client.set("k", "v"))
                    .isInstanceOf(JedisConnectionException.class);
            assertThat(direct.get("k")).isNull();
        }
        proxy.forward();
        try (Jedis client = connect()) {
            assertThat(client.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void aCutWireRefusesUntilItForwards() {
        Jedis client = connect();
        proxy.cut();
        assertThatThrownBy(client::ping).isInstanceOf(JedisConnectionException.class);
        assertThatThrownBy(this::connect).isInstanceOf(JedisConnectionException.class);
        proxy.forward();
        try (Jedis another = connect()) {
            assertThat(another.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void delaysReplies() {
        try (Jedis client = connect()) {
            proxy.delayReplies(Duration.ofMillis(150));
            long start = System.nanoTime();
            client.ping();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(150));
        }
    }

    private Jedis connect() {
        return new Jedis(proxy.host(), proxy.port(), 500);
    }
}
