package io.adstream.quality;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.kafka.KafkaSinks;
import io.adstream.common.kafka.KafkaSources;
import io.adstream.common.kafka.Topics;
import io.adstream.common.postgres.PostgresBatch;
import io.adstream.common.postgres.PostgresConnectionConfig;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisIdentities;
import io.adstream.common.redis.RedisWriteBehind;
import io.adstream.common.store.WriteBehindSink;
import io.adstream.common.time.Timeless;
import io.adstream.quality.input.MetricsReader;
import io.adstream.quality.input.MetricsUpdate;
import io.adstream.quality.input.SettledWatermarks;
import io.adstream.quality.publish.Publication;
import io.adstream.quality.publish.ScoreHash;
import io.adstream.quality.publish.ScoreRecord;
import io.adstream.quality.publish.ScoreTable;
import io.adstream.quality.score.Penalty;
import io.adstream.quality.score.PenaltyReader;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Where the quality job reads from and writes to. */
final class QualityConnectors {

    private final JobSettings settings;
    private final RedisConnectionConfig redis;
    private final PostgresConnectionConfig postgres;
    private final String scores;

    QualityConnectors(JobSettings settings) {
        this.settings = settings;
        this.redis = RedisConnectionConfig.from(settings);
        this.postgres = PostgresConnectionConfig.from(settings);
        this.scores = settings.get(KafkaOptions.TOPIC_PREFIX) + Topics.QUALITY_SCORE_UPDATES;
    }

    QualityPipeline.Inputs inputs(StreamExecutionEnvironment environment, QualityConfig config) {
        var rows =
                environment
                        .fromSource(
                                KafkaSources.of(
                                        settings,
                                        Topics.PERFORMANCE_METRICS,
                                        KafkaSources.FETCH_WAIT,
                                        new RowDeserializer()),
                                SettledWatermarks.strategy(
                                        config.settle(), config.silence(), config.idleness()),
                                "performance-metrics-source")
                        .uid("performance-metrics-source");
        var penalties =
                environment
                        .fromSource(
                                KafkaSources.of(
                                        settings,
                                        Topics.QUALITY_SCORE_UPDATES,
                                        KafkaSources.SHORT_FETCH_WAIT,
                                        new PenaltyDeserializer()),
                                Timeless.strategy(),
                                "penalties-source")
                        .uid("penalties-source");
        return new QualityPipeline.Inputs(
                rows, penalties, RedisIdentities.stream(environment, redis));
    }

    /**
     * What the stores have is what readers of committed records have: a row goes out with the
     * checkpoint that commits its record. No store waits for another.
     */
    void attach(QualityPipeline.Outputs outputs) {
        outputs.publications()
                .filter(Publication::isRecord)
                .uid("scores-for-kafka")
                .name("scores-for-kafka")
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "scores",
                                scores,
                                Topics.MAX_MESSAGE_BYTES,
                                new ScoreSerializer(scores)))
                .uid("scores-sink")
                .name("scores-sink");
        WriteBehindSink.attachCheckpointed(
                outputs.publications()
                        .filter(Publication::isRow)
                        .uid("scores-for-postgres")
                        .name("scores-for-postgres"),
                "scores-table-sink",
                Publication::adId,
                PostgresBatch.of(postgres, ScoreTable.table()));
        WriteBehindSink.attachCheckpointed(
                outputs.publications()
                        .filter(Publication::isServed)
                        .uid("scores-for-redis")
                        .name("scores-for-redis"),
                "redis-sink",
                Publication::adId,
                RedisWriteBehind.of(redis, new ScoreHash()));
    }

    /** Reads rows; each record that is none is counted. */
    private static final class RowDeserializer
            implements KafkaRecordDeserializationSchema<MetricsUpdate> {

        private static final long serialVersionUID = 1L;

        private transient @Nullable MetricsReader reader;
        private transient @Nullable Counter others;
        private transient @Nullable Counter broken;

        @Override
        public void open(DeserializationSchema.InitializationContext context) {
            reader = new MetricsReader();
            MetricGroup metrics = context.getMetricGroup().addGroup("adstream");
            others = metrics.counter("otherMetricsRecords");
            broken = metrics.counter("brokenMetricsRecords");
        }

        @Override
        public void deserialize(
                ConsumerRecord<byte[], byte[]> record, Collector<MetricsUpdate> out) {
            switch (reader.read(record.partition(), record.value())) {
                case METRICS -> out.collect(reader.update());
                case OTHER -> others.inc();
                case BROKEN -> broken.inc();
            }
        }

        @Override
        public TypeInformation<MetricsUpdate> getProducedType() {
            return TypeInformation.of(MetricsUpdate.class);
        }
    }

    /** Reads penalties; each record that is none is counted. */
    private static final class PenaltyDeserializer
            implements KafkaRecordDeserializationSchema<Penalty> {

        private static final long serialVersionUID = 1L;

        private transient @Nullable Counter others;
        private transient @Nullable Counter broken;

        @Override
        public void open(DeserializationSchema.InitializationContext context) {
            MetricGroup metrics = context.getMetricGroup().addGroup("adstream");
            others = metrics.counter("otherScoreRecords");
            broken = metrics.counter("brokenScoreRecords");
        }

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Penalty> out) {
            switch (PenaltyReader.read(record.value(), record.timestamp(), out::collect)) {
                case PENALTY -> {
                    // It is on its way.
                }
                case OTHER -> others.inc();
                case BROKEN -> broken.inc();
            }
        }

        @Override
        public TypeInformation<Penalty> getProducedType() {
            return TypeInformation.of(Penalty.class);
        }
    }

    /** Makes SCORE records. */
    private record ScoreSerializer(String topic)
            implements KafkaRecordSerializationSchema<Publication> {

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Publication publication, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(
                    topic,
                    ScoreRecord.key(publication.published()).getBytes(UTF_8),
                    ScoreRecord.value(publication.published()).getBytes(UTF_8));
        }
    }
}
