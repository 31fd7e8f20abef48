package io.adstream.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.services.KafkaBroker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Impressions that let event time go on with the wall clock in all partitions. */
final class LiveTime implements AutoCloseable {

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final KafkaBroker kafka;
    private final String topic;
    private int impressions;

    LiveTime(KafkaBroker kafka, String prefix) {
        this.kafka = kafka;
        this.topic = prefix + "ad-events";
    }

    void begin() {
        var unused = thread.scheduleWithFixedDelay(this::send, 0, 200, TimeUnit.MILLISECONDS);
    }

    private void send() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < BudgetJobRuns.PARTITIONS; partition++) {
            byte[] value = AdEventJson.impression("i-" + impressions++).at(Instant.now()).json();
            records.add(new ProducerRecord<>(topic, partition, null, value));
        }
        kafka.produce(records);
    }

    @Override
    public void close() throws Exception {
        thread.shutdownNow();
        assertThat(thread.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
}
