package io.adstream.bench;

import io.adstream.attribution.AttributionJob;
import io.adstream.attribution.AttributionOptions;
import io.adstream.attribution.AttributionPipeline;
import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.config.RedisOptions;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.kafka.EventDeserializer;
import io.adstream.common.kafka.KafkaSources;
import io.adstream.common.kafka.Topics;
import io.adstream.common.time.EventWatermarks;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What candidates that read with the product's source share. */
final class AttributionSettings {

    private AttributionSettings() {}

    static JobSettings of(CandidateSettings candidate, RunRequest request) {
        return JobSettings.of(
                AttributionPipeline.JOB,
                Map.of(
                        KafkaOptions.BOOTSTRAP_SERVERS.key(),
                        candidate.bootstrapServers(),
                        KafkaOptions.TOPIC_PREFIX.key(),
                        request.topicPrefix(),
                        KafkaOptions.GROUP_ID.key(),
                        request.group(),
                        // The events of two days are read within seconds: partitions need not wait.
                        CommonOptions.MAX_DRIFT.key(),
                        "1 d",
                        RedisOptions.HOST.key(),
                        candidate.redisHost(),
                        RedisOptions.PORT.key(),
                        String.valueOf(candidate.redisPort())),
                AttributionJob.options());
    }

    /** The product's source: parsed, with watermarks, impressions skipped. */
    static DataStream<InputEvent> events(
            StreamExecutionEnvironment environment, JobSettings settings) {
        return environment
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
    }
}
