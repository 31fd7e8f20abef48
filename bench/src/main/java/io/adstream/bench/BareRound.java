package io.adstream.bench;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What nobody can go far below: one thread that polls, parses with the product's parser and counts
 * per ad and minute. No deduplication, no state that survives, no output.
 */
final class BareRound implements CandidateMain.Round {

    private static final long MINUTE = 60_000;

    private final CandidateSettings settings;

    BareRound(CandidateSettings settings) {
        this.settings = settings;
    }

    private record Key(String ad, long minute) {}

    private static final class Sums {
        long impressions;
        long clicks;
        long conversions;
        long cost;
        long revenue;
    }

    @Override
    public RunResult run(RunRequest request) {
        CpuMark begin = CpuMark.now();
        Map<String, Object> properties =
                new HashMap<>(ConsumerSettings.of(settings, request.group()));
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        EventParser parser = new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC);
        InputEvent event = EventContract.AD_EVENTS.newEvent();
        Map<Key, Sums> table = new HashMap<>();
        long read = 0;
        CpuMark first = null;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(request.topic()).stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (read < request.records()) {
                var records = consumer.poll(Duration.ofSeconds(1));
                if (first == null && !records.isEmpty()) {
                    first = CpuMark.now();
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    read++;
                    if (parser.parse(record.value(), record.timestamp(), event) == null) {
                        count(event, table);
                    }
                }
            }
            CpuMark last = CpuMark.now();
            return RunResult.between(begin, first == null ? begin : first, last)
                    .with(Map.of("ad_1m", sum(table, request.endOfWindows())));
        }
    }

    private static void count(InputEvent event, Map<Key, Sums> table) {
        String ad = event.string(AdEvents.AD_ID);
        if (ad == null) {
            return;
        }
        Sums sums = table.computeIfAbsent(new Key(ad, event.eventTime / MINUTE), key -> new Sums());
        switch (event.eventType) {
            case AdEvents.IMPRESSION -> sums.impressions++;
            case AdEvents.CLICK -> {
                sums.clicks++;
                sums.cost += Math.max(0, event.numbers[AdEvents.ACTUAL_PRICE]);
            }
            default -> {
                sums.conversions++;
                sums.revenue += Math.max(0, event.numbers[AdEvents.CONVERSION_VALUE]);
            }
        }
    }

    private static Counts sum(Map<Key, Sums> table, long end) {
        Counts total = Counts.NONE;
        for (Map.Entry<Key, Sums> entry : table.entrySet()) {
            if (entry.getKey().minute() * MINUTE < end) {
                Sums sums = entry.getValue();
                total =
                        total.plus(
                                new Counts(
                                        sums.impressions,
                                        sums.clicks,
                                        sums.conversions,
                                        sums.cost,
                                        sums.revenue));
            }
        }
        return total;
    }
}
