package io.adstream.testing.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

class KillableServicesITCase {

    @Test
    void aKilledRedisComesBackEmptyOnItsPort(@TempDir Path folder) {
        try (RedisProcess redis = RedisServer.start(folder, "--maxmemory", "10mb")) {
            try (Jedis client = redis.connect()) {
                client.set("k", "v");
                assertThat(client.configGet("maxmemory")).containsEntry("maxmemory", "10485760");
            }

            redis.kill();
            assertThat(redis.isRunning()).isFalse();
            assertThatThrownBy(() -> redis.connect().ping())
                    .isInstanceOf(JedisConnectionException.class);

            redis.start();
            try (Jedis client = redis.connect()) {
                assertThat(client.get("k")).isNull();
            }
        }
    }

    @Test
    void aPausedRedisIsSilentUntilItGoesOn(@TempDir Path folder) {
        try (RedisProcess redis = RedisServer.start(folder)) {
            redis.pause();
            assertThatThrownBy(() -> new Jedis(redis.host(), redis.port(), 300))
                    .isInstanceOf(JedisConnectionException.class);
            redis.resume();
            try (Jedis client = redis.connect()) {
                assertThat(client.ping()).isEqualTo("PONG");
            }
        }
    }

    @Test
    void aWrongRedisOptionShowsTheServersOwnWords(@TempDir Path folder) {
        assertThatThrownBy(() -> RedisServer.start(folder, "--no-such-option", "1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no-such-option");
    }

    @Test
    void aKilledPostgresKeepsItsRows(@TempDir Path folder) {
        try (PostgresProcess postgres = PostgresServer.start(folder)) {
            TestDatabase database = postgres.newEmptyDatabase();
            database.execute("create table t (x int); insert into t values (1)");

            postgres.pause();
            assertThat(postgres.isRunning()).isTrue();
            postgres.resume();
            postgres.kill();
            assertThat(postgres.isRunning()).isFalse();
            assertThatThrownBy(database::connect).hasMessageContaining("cannot connect");

            postgres.start();
            assertThat(database.queryLong("select count(*) from t")).isEqualTo(1);

            postgres.stop();
            postgres.start();
            assertThat(database.queryLong("select count(*) from t")).isEqualTo(1);
        }
    }

    @Test
    void aKilledBrokerKeepsItsLog(@TempDir Path folder) {
        try (KafkaProcess kafka = KafkaBroker.start(folder)) {
            String topic = kafka.createTopic("kept", 1);
            kafka.produce(topic, "a".getBytes(UTF_8));

            kafka.kill();
            assertThat(kafka.isRunning()).isFalse();
            kafka.start();
            kafka.produce(topic, "b".getBytes(UTF_8));

            assertThat(kafka.readAll(topic))
                    .extracting(r -> new String(r.value(), UTF_8))
                    .containsExactly("a", "b");
        }
    }
}
