package io.adstream.bench;

import io.adstream.budget.BudgetConfig;
import io.adstream.budget.BudgetJob;
import io.adstream.budget.BudgetPipeline;
import io.adstream.budget.campaign.Campaign;
import io.adstream.budget.campaign.CampaignChanges;
import io.adstream.budget.campaign.ControlSignal;
import io.adstream.budget.row.CampaignStatus;
import io.adstream.budget.row.StatusHash;
import io.adstream.budget.sync.CounterReader;
import io.adstream.budget.sync.CounterScripts;
import io.adstream.budget.sync.SampleRequest;
import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.config.RedisOptions;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.kafka.EventDeserializer;
import io.adstream.common.kafka.KafkaSources;
import io.adstream.common.kafka.Topics;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisWriteBehind;
import io.adstream.common.store.PolledSource;
import io.adstream.common.store.WriteBehindSink;
import io.adstream.common.time.EventWatermarks;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.jspecify.annotations.Nullable;

/**
 * The budget job with its own source, pipeline and status sink. What goes to PostgreSQL and Kafka
 * is made and thrown away; counters are not read.
 */
final class BudgetRound implements CandidateMain.Round {

    /** Campaigns of the traffic simulator are {@code cmp-1} to {@code cmp-N}. */
    static final int CAMPAIGNS = 200;

    private final CandidateSettings candidate;

    BudgetRound(CandidateSettings candidate) {
        this.candidate = candidate;
    }

    @Override
    public RunResult run(RunRequest request) throws Exception {
        JobSettings settings =
                JobSettings.of(
                        BudgetPipeline.JOB,
                        Map.of(
                                KafkaOptions.BOOTSTRAP_SERVERS.key(),
                                candidate.bootstrapServers(),
                                KafkaOptions.TOPIC_PREFIX.key(),
                                request.topicPrefix(),
                                KafkaOptions.GROUP_ID.key(),
                                request.group(),
                                RedisOptions.HOST.key(),
                                candidate.redisHost(),
                                RedisOptions.PORT.key(),
                                String.valueOf(candidate.redisPort())),
                        BudgetJob.options());
        FlinkRound round = new FlinkRound(candidate);
        BudgetPipeline.Outputs outputs =
                BudgetPipeline.build(inputs(round, settings), BudgetConfig.from(settings));
        WriteBehindSink.stateless(
                outputs.statuses(),
                "status-sink",
                CampaignStatus::campaignId,
                RedisWriteBehind.of(RedisConnectionConfig.from(settings), new StatusHash()));
        discard(outputs.notices(), "notices");
        discard(outputs.alerts(), "alerts");
        discard(outputs.commands(), "commands");
        discard(outputs.daily(), "daily");
        discard(outputs.windows(), "windows");
        discard(outputs.corrections(), "corrections");
        discard(outputs.audits(), "audits");
        // Not of track-spend: its other input has no time.
        RunResult result = round.run(request, name -> name.startsWith("status-sink"), "unsentRows");
        return result.with(Map.of("clicks", new Counts(0, round.counter("validEvents"), 0, 0, 0)));
    }

    private static BudgetPipeline.Inputs inputs(FlinkRound round, JobSettings settings) {
        var events =
                round.environment()
                        .fromSource(
                                KafkaSources.of(
                                        settings,
                                        Topics.AD_EVENTS,
                                        KafkaSources.SHORT_FETCH_WAIT,
                                        new EventDeserializer(
                                                        EventContract.AD_EVENTS,
                                                        CommonOptions.inputZone(settings),
                                                        BudgetPipeline.eventType())
                                                .skipping(AdEvents.IMPRESSION)
                                                .skipping(AdEvents.CONVERSION)),
                                EventWatermarks.strategy(
                                        settings.get(CommonOptions.MAX_OUT_OF_ORDERNESS),
                                        settings.get(CommonOptions.IDLENESS),
                                        settings.get(CommonOptions.MAX_DRIFT)),
                                "ad-events-source")
                        .uid("ad-events-source");
        var campaigns =
                round.environment()
                        .fromSource(
                                new PolledSource<>(
                                        "campaigns", new FixedCampaigns(), Duration.ofHours(1)),
                                WatermarkStrategy.noWatermarks(),
                                "campaigns-source",
                                TypeInformation.of(ControlSignal.class))
                        .uid("campaigns-source")
                        .setParallelism(1);
        return new BudgetPipeline.Inputs(events, campaigns, new NoCounters());
    }

    private static <T> void discard(DataStream<T> stream, String name) {
        stream.sinkTo(new DiscardingSink<>()).uid(name + "-discarded").name(name + "-discarded");
    }

    /** A table that does not change. */
    private static final class FixedCampaigns implements PolledSource.Poll<ControlSignal> {

        private static final long serialVersionUID = 1L;
        private static final long BUDGET = 5_000_000;

        @Override
        public PolledSource.Session<ControlSignal> open() {
            CampaignChanges changes = new CampaignChanges();
            List<Campaign> rows =
                    IntStream.rangeClosed(1, CAMPAIGNS)
                            .mapToObj(
                                    i ->
                                            new Campaign(
                                                    "cmp-" + i,
                                                    BUDGET,
                                                    "UTC",
                                                    Campaign.ACTIVE,
                                                    null,
                                                    0,
                                                    0))
                            .toList();
            return new PolledSource.Session<>() {
                @Override
                public List<ControlSignal> poll() {
                    return changes.in(rows);
                }

                @Override
                public void close() {}
            };
        }
    }

    /** A Redis without counters. */
    private static final class NoCounters implements CounterReader {

        private static final long serialVersionUID = 1L;

        @Override
        public Session open() {
            return new Session() {
                @Override
                public List<CounterScripts.@Nullable Found> read(SampleRequest request) {
                    return Collections.nCopies(
                            request.dates().size(), new CounterScripts.Found(null, ""));
                }

                @Override
                public void close() {}
            };
        }
    }
}
