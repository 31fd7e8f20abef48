package io.adstream.anomaly;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.PenaltyRecord;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.notify.AlertRow;
import io.adstream.anomaly.notify.AlertStream;
import io.adstream.anomaly.notify.ClaimsFactory;
import io.adstream.anomaly.notify.Notification;
import io.adstream.anomaly.notify.ReadAlerts;
import io.adstream.anomaly.notify.RecentAlert;
import io.adstream.anomaly.score.ScoreReader;
import io.adstream.anomaly.score.ScoreUpdate;
import io.adstream.common.alert.AlertRecord;
import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.dlq.DeadLetterSerializer;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.kafka.EventDeserializer;
import io.adstream.common.kafka.KafkaSinks;
import io.adstream.common.kafka.KafkaSources;
import io.adstream.common.kafka.RawDeserializer;
import io.adstream.common.kafka.Topics;
import io.adstream.common.postgres.PostgresBatch;
import io.adstream.common.postgres.PostgresConnectionConfig;
import io.adstream.common.postgres.PostgresOnceOnly;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisIdentities;
import io.adstream.common.redis.RedisWriteBehind;
import io.adstream.common.store.WriteBehindSink;
import io.adstream.common.time.EventWatermarks;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Where the anomaly job reads from and writes to. */
final class AnomalyConnectors {

    private final JobSettings settings;
    private final RedisConnectionConfig redis;
    private final PostgresConnectionConfig postgres;
    private final String topicPrefix;

    AnomalyConnectors(JobSettings settings) {
        this.settings = settings;
        this.redis = RedisConnectionConfig.from(settings);
        this.postgres = PostgresConnectionConfig.from(settings);
        this.topicPrefix = settings.get(KafkaOptions.TOPIC_PREFIX);
    }

    AnomalyPipeline.Inputs inputs(StreamExecutionEnvironment environment) {
        var events =
                environment
                        .fromSource(
                                KafkaSources.of(
                                        settings,
                                        Topics.AD_EVENTS,
                                        KafkaSources.SHORT_FETCH_WAIT,
                                        new EventDeserializer(
                                                EventContract.AD_EVENTS,
                                                CommonOptions.inputZone(settings),
                                                AnomalyPipeline.eventType())),
                                EventWatermarks.strategy(
                                        settings.get(CommonOptions.MAX_OUT_OF_ORDERNESS),
                                        settings.get(CommonOptions.IDLENESS),
                                        settings.get(CommonOptions.MAX_DRIFT)),
                                "ad-events-source")
                        .uid("ad-events-source");
        var scores =
                environment
                        .fromSource(
                                KafkaSources.of(
                                        settings,
                                        Topics.QUALITY_SCORE_UPDATES,
                                        KafkaSources.SHORT_FETCH_WAIT,
                                        new ScoreDeserializer()),
                                scoreTime(),
                                "quality-scores-source")
                        .uid("quality-scores-source");
        return new AnomalyPipeline.Inputs(
                events,
                scores,
                raw(environment, Topics.CONTROL, "control-source"),
                raw(environment, Topics.ALERTS, "alerts-source"),
                RedisIdentities.stream(environment, redis));
    }

    private DataStream<InputEvent> raw(
            StreamExecutionEnvironment environment, String topic, String name) {
        return environment
                .fromSource(
                        KafkaSources.of(
                                settings,
                                topic,
                                KafkaSources.SHORT_FETCH_WAIT,
                                new RawDeserializer()),
                        WatermarkStrategy.<InputEvent>forGenerator(context -> new NoTime()),
                        name)
                .uid(name)
                .setParallelism(1);
    }

    private WatermarkStrategy<ScoreUpdate> scoreTime() {
        return WatermarkStrategy.<ScoreUpdate>forBoundedOutOfOrderness(
                        settings.get(CommonOptions.MAX_OUT_OF_ORDERNESS))
                .withTimestampAssigner((update, timestamp) -> update.at())
                .withIdleness(settings.get(CommonOptions.IDLENESS));
    }

    void attach(AnomalyPipeline.Outputs outputs, AnomalyConfig config) {
        attachJudged(outputs);
        attachCommitted(outputs, config);
    }

    private void attachJudged(AnomalyPipeline.Outputs outputs) {
        String alerts = topicPrefix + Topics.ALERTS;
        outputs.alerts()
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "alerts",
                                alerts,
                                Topics.MAX_MESSAGE_BYTES,
                                new StepSerializer(alerts)))
                .uid("alerts-sink")
                .name("alerts-sink");
        // Not after the next checkpoint, but now; one subtask, since a stream has an order.
        WriteBehindSink.attach(
                        outputs.alerts()
                                .map(RecentAlert::of, TypeInformation.of(RecentAlert.class))
                                .uid("alerts-at-once")
                                .name("alerts-at-once"),
                        "alerts-at-once-sink",
                        RecentAlert::key,
                        RedisWriteBehind.of(redis, new AlertStream()))
                .forceNonParallel();
        String scores = topicPrefix + Topics.QUALITY_SCORE_UPDATES;
        outputs.penalties()
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "penalties",
                                scores,
                                Topics.MAX_MESSAGE_BYTES,
                                new PenaltySerializer(scores)))
                .uid("penalties-sink")
                .name("penalties-sink");
        String letters = topicPrefix + Topics.deadLetters(Topics.CONTROL);
        outputs.rejectedRules()
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "control-dead-letters",
                                letters,
                                Topics.DEAD_LETTER_MAX_MESSAGE_BYTES,
                                new DeadLetterSerializer(
                                        letters, topicPrefix + Topics.CONTROL, settings.job())))
                .setParallelism(1)
                .uid("control-dead-letters-sink")
                .name("control-dead-letters-sink");
        var unusedShadow =
                WriteBehindSink.attach(
                        outputs.shadowRows(),
                        "shadow-alerts-sink",
                        AlertRow::key,
                        PostgresBatch.of(postgres, AlertRow.shadowTable()));
    }

    private void attachCommitted(AnomalyPipeline.Outputs outputs, AnomalyConfig config) {
        var unusedRows =
                WriteBehindSink.attach(
                        outputs.rows(),
                        "alerts-table-sink",
                        AlertRow::key,
                        PostgresBatch.of(postgres, AlertRow.table()));
        WriteBehindSink.attach(
                        outputs.recent(),
                        "recent-alerts-sink",
                        RecentAlert::key,
                        RedisWriteBehind.of(redis, new AlertStream()))
                .forceNonParallel();
        PostgresConnectionConfig claimsDatabase = postgres;
        ClaimsFactory claims =
                (channel, metrics) -> new PostgresOnceOnly(claimsDatabase, channel, metrics);
        // One subtask: the rate and the digest are of the channel.
        WriteBehindSink.attach(
                        outputs.notifications(),
                        "slack-sink",
                        Notification::key,
                        config.channels().slack(claims))
                .forceNonParallel();
        WriteBehindSink.attach(
                        outputs.notifications(),
                        "mail-sink",
                        Notification::key,
                        config.channels().mail(claims))
                .forceNonParallel();
    }

    /** Records that take no part in time and hold nobody up. */
    private static final class NoTime implements WatermarkGenerator<InputEvent> {

        @Override
        public void onEvent(InputEvent event, long timestamp, WatermarkOutput output) {}

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            output.markIdle();
        }
    }

    /** Reads scores; what is no score is counted and left out. */
    private static final class ScoreDeserializer
            implements KafkaRecordDeserializationSchema<ScoreUpdate> {

        private static final long serialVersionUID = 1L;

        private transient @Nullable Counter others;
        private transient @Nullable Counter broken;

        @Override
        public void open(DeserializationSchema.InitializationContext context) {
            var metrics = context.getMetricGroup().addGroup("adstream");
            others = metrics.counter("otherScoreRecords");
            broken = metrics.counter("brokenScoreRecords");
        }

        @Override
        public void deserialize(
                ConsumerRecord<byte[], byte[]> record, Collector<ScoreUpdate> collector) {
            ScoreUpdate update = ScoreReader.read(record.value());
            switch (update.kind()) {
                case SCORE -> collector.collect(update);
                case OTHER -> others.inc();
                case BROKEN -> broken.inc();
            }
        }

        @Override
        public TypeInformation<ScoreUpdate> getProducedType() {
            return TypeInformation.of(ScoreUpdate.class);
        }
    }

    /** Makes records of alerts, with headers that say what they belong to. */
    private record StepSerializer(String topic) implements KafkaRecordSerializationSchema<Step> {

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Step step, KafkaSinkContext context, Long timestamp) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(
                            topic,
                            AlertRecord.key(step.alert()).getBytes(UTF_8),
                            AlertRecord.value(step.alert()).getBytes(UTF_8));
            addHeader(record, ReadAlerts.CAMPAIGN, step.campaignId());
            addHeader(record, ReadAlerts.ADVERTISER, step.advertiserId());
            return record;
        }

        private static void addHeader(
                ProducerRecord<byte[], byte[]> record, String name, @Nullable String value) {
            if (value != null) {
                record.headers().add(name, value.getBytes(UTF_8));
            }
        }
    }

    /** Makes records of penalties. */
    private record PenaltySerializer(String topic)
            implements KafkaRecordSerializationSchema<Penalty> {

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Penalty penalty, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(
                    topic,
                    PenaltyRecord.key(penalty).getBytes(UTF_8),
                    PenaltyRecord.value(penalty).getBytes(UTF_8));
        }
    }
}
