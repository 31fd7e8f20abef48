package io.adstream.testing.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

@ExtendWith(ServicesExtension.class)
class ServicesTest {

    @Test
    void theBrokerKeepsWhatIsProduced(KafkaBroker kafka) {
        String topic = kafka.createTopic("kept", 3);

        kafka.produce(
                List.of(
                        new ProducerRecord<>(topic, 0, null, "a".getBytes(UTF_8)),
                        new ProducerRecord<>(topic, 2, null, "b".getBytes(UTF_8)),
                        new ProducerRecord<>(topic, 0, null, null)));

        assertThat(kafka.readAll(topic))
                .extracting(r -> r.partition() + ":" + r.offset() + ":" + text(r.value()))
                .containsExactly("0:0:a", "0:1:null", "2:0:b");
    }

    @Test
    void topicsOfOnePrefixDiffer(KafkaBroker kafka) {
        assertThat(kafka.createTopic("same", 1)).isNotEqualTo(kafka.createTopic("same", 1));
    }

    @Test
    void abortedAndOpenTransactionsAreNotRead(KafkaBroker kafka) throws Exception {
        String topic = kafka.createTopic("transactions", 1);
        try (KafkaProducer<byte[], byte[]> producer = transactional(kafka, topic + "-1");
                KafkaProducer<byte[], byte[]> open = transactional(kafka, topic + "-2")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, topic, "aborted");
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, topic, "committed");
            producer.commitTransaction();
            open.initTransactions();
            open.beginTransaction();
            send(open, topic, "open");

            assertThat(kafka.readAll(topic))
                    .extracting(r -> text(r.value()))
                    .containsExactly("committed");
            assertThat(kafka.readAll(topic, "read_uncommitted"))
                    .extracting(r -> text(r.value()))
                    .containsExactly("aborted", "committed", "open");
            open.abortTransaction();
        }
    }

    @Test
    void redisAnswersAndIsFlushed(RedisServer redis) {
        try (Jedis client = redis.connect()) {
            client.set("services-test", "1");
            redis.flush();
            assertThat(client.dbSize()).isZero();
        }
    }

    @Test
    void eachDatabaseIsOnItsOwn(TestDatabase one, TestDatabase other) {
        one.execute("create table t (x int); insert into t values (1), (2)");

        assertThat(one.queryLong("select count(*) from t")).isEqualTo(2);
        assertThat(one.query("select x from t order by x").get(1)).isEqualTo(Map.of("x", 2));
        assertThat(other.queryLong("select count(*) from pg_tables where tablename = 't'"))
                .isZero();
    }

    private static KafkaProducer<byte[], byte[]> transactional(KafkaBroker kafka, String id) {
        return new KafkaProducer<>(
                Map.of(
                        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        id,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        3_600_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String value)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8))).get();
    }

    private static String text(byte[] value) {
        return value == null ? "null" : new String(value, UTF_8);
    }
}
