package io.adstream.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.dlq.DeadLetterSerializer;
import io.adstream.common.event.EventContract;
import io.adstream.common.ingest.IngestTable;
import io.adstream.common.kafka.EventDeserializer;
import io.adstream.common.kafka.KafkaSinks;
import io.adstream.common.kafka.KafkaSources;
import io.adstream.common.kafka.Topics;
import io.adstream.common.postgres.PostgresConnectionConfig;
import io.adstream.common.postgres.PostgresSink;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisIdentities;
import io.adstream.common.redis.RedisSink;
import io.adstream.common.time.EventWatermarks;
import io.adstream.metrics.progress.Progress;
import io.adstream.metrics.raw.RawEvent;
import io.adstream.metrics.row.MetricsHash;
import io.adstream.metrics.row.MetricsRecord;
import io.adstream.metrics.row.MetricsRow;
import io.adstream.metrics.row.MetricsTables;
import io.adstream.metrics.window.WindowSize;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where the metrics job reads from and writes to. */
final class MetricsConnectors {

    private static final String TOPIC = Topics.AD_EVENTS;

    private final JobSettings settings;
    private final RedisConnectionConfig redis;
    private final PostgresConnectionConfig postgres;
    private final String topicPrefix;

    MetricsConnectors(JobSettings settings) {
        this.settings = settings;
        this.redis = RedisConnectionConfig.from(settings);
        this.postgres = PostgresConnectionConfig.from(settings);
        this.topicPrefix = settings.get(KafkaOptions.TOPIC_PREFIX);
    }

    MetricsPipeline.Inputs inputs(StreamExecutionEnvironment environment) {
        var events =
                environment
                        .fromSource(
                                KafkaSources.of(
                                        settings,
                                        TOPIC,
                                        KafkaSources.SHORT_FETCH_WAIT,
                                        new EventDeserializer(
                                                EventContract.AD_EVENTS,
                                                CommonOptions.inputZone(settings),
                                                MetricsPipeline.eventType())),
                                EventWatermarks.strategy(
                                        settings.get(CommonOptions.MAX_OUT_OF_ORDERNESS),
                                        settings.get(CommonOptions.IDLENESS),
                                        settings.get(CommonOptions.MAX_DRIFT)),
                                "ad-events-source")
                        .uid("ad-events-source");
        return new MetricsPipeline.Inputs(events, RedisIdentities.stream(environment, redis));
    }

    void attach(MetricsPipeline.Outputs outputs, MetricsConfig config) {
        outputs.rows()
                .sinkTo(new RedisSink<>(redis, new MetricsHash()))
                .uid("redis-sink")
                .name("redis-sink");
        DataStream<MetricsRow> closed = outputs.closed();
        closed.sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "performance-metrics",
                                topicPrefix + Topics.PERFORMANCE_METRICS,
                                Topics.MAX_MESSAGE_BYTES,
                                new MetricsSerializer(topicPrefix + Topics.PERFORMANCE_METRICS)))
                .uid("performance-metrics-sink")
                .name("performance-metrics-sink");
        for (WindowSize size : WindowSize.values()) {
            String name = size.label() + "-rows";
            closed.filter(row -> row.size() == size)
                    .uid(name)
                    .name(name)
                    .sinkTo(new PostgresSink<>(postgres, MetricsTables.of(size)))
                    // Its waiting must not hold up live values, which are due each second.
                    .disableChaining()
                    .uid(name + "-sink")
                    .name(name + "-sink");
        }
        outputs.rejected()
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "dead-letters",
                                topicPrefix + Topics.deadLetters(TOPIC),
                                Topics.DEAD_LETTER_MAX_MESSAGE_BYTES,
                                new DeadLetterSerializer(
                                        topicPrefix + Topics.deadLetters(TOPIC),
                                        topicPrefix + TOPIC,
                                        settings.job())))
                .uid("dead-letters-sink")
                .name("dead-letters-sink");
        outputs.ingest()
                .sinkTo(new PostgresSink<>(postgres, IngestTable.of(settings.job())))
                .uid("ingest-sink")
                .name("ingest-sink");
        outputs.progress()
                .sinkTo(new PostgresSink<>(postgres, Progress.table()))
                .setParallelism(1)
                .uid("progress-sink")
                .name("progress-sink");
        if (config.rawEvents()) {
            outputs.valid()
                    .map(RawEvent::of, TypeInformation.of(RawEvent.class))
                    .startNewChain()
                    .uid("raw-events")
                    .name("raw-events")
                    .sinkTo(
                            new PostgresSink<>(
                                    postgres,
                                    RawEvent.table(
                                            settings.get(MetricsOptions.RAW_EVENTS_RETENTION))))
                    .uid("raw-events-sink")
                    .name("raw-events-sink");
        }
    }

    /** Makes METRICS records of rows. */
    private record MetricsSerializer(String topic)
            implements KafkaRecordSerializationSchema<MetricsRow> {

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                MetricsRow row, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(
                    topic,
                    MetricsRecord.key(row).getBytes(UTF_8),
                    MetricsRecord.value(row).getBytes(UTF_8));
        }
    }
}
