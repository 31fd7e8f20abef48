package io.adstream.attribution;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.attribution.hour.AdHourHash;
import io.adstream.attribution.result.Attribution;
import io.adstream.attribution.result.AttributionRecord;
import io.adstream.attribution.result.ConversionRow;
import io.adstream.attribution.result.CreditRow;
import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.EventContract;
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
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where the attribution job reads from and writes to. */
final class AttributionConnectors {

    private final JobSettings settings;
    private final RedisConnectionConfig redis;
    private final PostgresConnectionConfig postgres;
    private final String results;

    AttributionConnectors(JobSettings settings) {
        this.settings = settings;
        this.redis = RedisConnectionConfig.from(settings);
        this.postgres = PostgresConnectionConfig.from(settings);
        this.results = settings.get(KafkaOptions.TOPIC_PREFIX) + Topics.PERFORMANCE_METRICS;
    }

    AttributionPipeline.Inputs inputs(StreamExecutionEnvironment environment) {
        var events =
                environment
                        .fromSource(
                                KafkaSources.of(
                                        settings,
                                        Topics.AD_EVENTS,
                                        KafkaSources.FETCH_WAIT,
                                        new EventDeserializer(
                                                        EventContract.AD_EVENTS,
                                                        CommonOptions.inputZone(settings),
                                                        AttributionPipeline.eventType())
                                                .skipping(AdEvents.IMPRESSION)),
                                EventWatermarks.strategy(
                                        settings.get(AttributionOptions.MAX_OUT_OF_ORDERNESS),
                                        settings.get(CommonOptions.IDLENESS),
                                        settings.get(CommonOptions.MAX_DRIFT)),
                                "ad-events-source")
                        .uid("ad-events-source");
        return new AttributionPipeline.Inputs(events, RedisIdentities.stream(environment, redis));
    }

    void attach(AttributionPipeline.Outputs outputs) {
        outputs.results()
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "performance-metrics",
                                results,
                                Topics.MAX_MESSAGE_BYTES,
                                new ResultSerializer(results)))
                .uid("performance-metrics-sink")
                .name("performance-metrics-sink");
        outputs.results()
                .sinkTo(new PostgresSink<>(postgres, ConversionRow.table()))
                .uid("conversions-sink")
                .name("conversions-sink");
        outputs.results()
                .flatMap(CreditRow::of, TypeInformation.of(CreditRow.class))
                .uid("credits")
                .name("credits")
                .sinkTo(new PostgresSink<>(postgres, CreditRow.table()))
                .uid("credits-sink")
                .name("credits-sink");
        outputs.hours()
                .sinkTo(new RedisSink<>(redis, new AdHourHash()))
                .uid("redis-sink")
                .name("redis-sink");
    }

    /** Makes ATTRIBUTION records of results. */
    private record ResultSerializer(String topic)
            implements KafkaRecordSerializationSchema<Attribution> {

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Attribution result, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(
                    topic,
                    AttributionRecord.key(result).getBytes(UTF_8),
                    AttributionRecord.value(result).getBytes(UTF_8));
        }
    }
}
