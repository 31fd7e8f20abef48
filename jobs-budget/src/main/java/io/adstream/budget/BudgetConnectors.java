package io.adstream.budget;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.budget.campaign.Campaign;
import io.adstream.budget.campaign.CampaignChanges;
import io.adstream.budget.campaign.ControlSignal;
import io.adstream.budget.row.BudgetNotice;
import io.adstream.budget.row.BudgetRecord;
import io.adstream.budget.row.BudgetTables;
import io.adstream.budget.row.CampaignStatus;
import io.adstream.budget.row.DailySpend;
import io.adstream.budget.row.MeasuredStatuses;
import io.adstream.budget.row.StatusCommand;
import io.adstream.budget.row.StatusHash;
import io.adstream.budget.row.SyncAudit;
import io.adstream.budget.row.WindowSpend;
import io.adstream.budget.sync.CounterCorrection;
import io.adstream.budget.sync.CounterReader;
import io.adstream.budget.sync.CounterScripts;
import io.adstream.budget.sync.SampleRequest;
import io.adstream.common.alert.Alert;
import io.adstream.common.alert.AlertRecord;
import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.kafka.EventDeserializer;
import io.adstream.common.kafka.KafkaSinks;
import io.adstream.common.kafka.KafkaSources;
import io.adstream.common.kafka.Topics;
import io.adstream.common.postgres.PostgresBatch;
import io.adstream.common.postgres.PostgresConnectionConfig;
import io.adstream.common.postgres.PostgresPoll;
import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisIdentities;
import io.adstream.common.redis.RedisQueries;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteBehind;
import io.adstream.common.store.PolledSource;
import io.adstream.common.store.WriteBehindSink;
import io.adstream.common.time.EventWatermarks;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Where the budget job reads from and writes to. */
final class BudgetConnectors {

    private final JobSettings settings;
    private final RedisConnectionConfig redis;
    private final PostgresConnectionConfig postgres;
    private final String topicPrefix;

    BudgetConnectors(JobSettings settings) {
        this.settings = settings;
        this.redis = RedisConnectionConfig.from(settings);
        this.postgres = PostgresConnectionConfig.from(settings);
        this.topicPrefix = settings.get(KafkaOptions.TOPIC_PREFIX);
    }

    BudgetPipeline.Inputs inputs(StreamExecutionEnvironment environment, BudgetConfig config) {
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
                                                        BudgetPipeline.eventType())
                                                .skipping(AdEvents.IMPRESSION)
                                                .skipping(AdEvents.CONVERSION)),
                                EventWatermarks.strategy(
                                        settings.get(CommonOptions.MAX_OUT_OF_ORDERNESS),
                                        settings.get(CommonOptions.IDLENESS),
                                        settings.get(CommonOptions.MAX_DRIFT)),
                                "ad-events-source")
                        .uid("ad-events-source");
        DataStream<ControlSignal> campaigns =
                environment
                        .fromSource(
                                new PolledSource<>(
                                        "budget-campaigns",
                                        new CampaignPoll(postgres),
                                        config.campaignsInterval()),
                                WatermarkStrategy.noWatermarks(),
                                "campaigns-source",
                                TypeInformation.of(ControlSignal.class))
                        .uid("campaigns-source")
                        .setParallelism(1);
        DataStream<ControlSignal> identities =
                RedisIdentities.stream(environment, redis)
                        .map(ControlSignal::redis, TypeInformation.of(ControlSignal.class))
                        .uid("redis-signals")
                        .name("redis-signals")
                        .setParallelism(1);
        return new BudgetPipeline.Inputs(
                events, campaigns.union(identities), new RedisCounters(redis));
    }

    void attach(BudgetPipeline.Outputs outputs) {
        outputs.notices()
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "budget-management",
                                topicPrefix + Topics.BUDGET_MANAGEMENT,
                                Topics.MAX_MESSAGE_BYTES,
                                new NoticeSerializer(topicPrefix + Topics.BUDGET_MANAGEMENT)))
                .uid("budget-management-sink")
                .name("budget-management-sink");
        outputs.alerts()
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "alerts",
                                topicPrefix + Topics.ALERTS,
                                Topics.MAX_MESSAGE_BYTES,
                                new AlertSerializer(topicPrefix + Topics.ALERTS)))
                .uid("alerts-sink")
                .name("alerts-sink");
        WriteBehindSink.stateless(
                outputs.statuses(),
                "status-sink",
                CampaignStatus::campaignId,
                MeasuredStatuses.of(RedisWriteBehind.of(redis, new StatusHash())));
        WriteBehindSink.attach(
                outputs.commands(),
                "campaigns-sink",
                StatusCommand::campaignId,
                PostgresBatch.of(postgres, BudgetTables.campaigns()));
        WriteBehindSink.attachCheckpointed(
                outputs.daily(),
                "daily-spend-sink",
                DailySpend::key,
                PostgresBatch.of(postgres, BudgetTables.dailySpend()));
        WriteBehindSink.attachCheckpointed(
                outputs.windows(),
                "spend-10min-sink",
                WindowSpend::key,
                PostgresBatch.of(postgres, BudgetTables.spend10min()));
        WriteBehindSink.attach(
                outputs.corrections(),
                "corrections-sink",
                CounterCorrection::key,
                RedisWriteBehind.of(redis, new CounterScripts()));
        WriteBehindSink.attach(
                outputs.audits(),
                "sync-audit-sink",
                SyncAudit::key,
                PostgresBatch.of(postgres, BudgetTables.syncAudit()));
    }

    /** Makes records of notices. */
    private record NoticeSerializer(String topic)
            implements KafkaRecordSerializationSchema<BudgetNotice> {

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                BudgetNotice notice, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(
                    topic,
                    BudgetRecord.key(notice).getBytes(UTF_8),
                    BudgetRecord.value(notice).getBytes(UTF_8));
        }
    }

    /** Makes records of alerts. */
    private record AlertSerializer(String topic) implements KafkaRecordSerializationSchema<Alert> {

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Alert alert, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(
                    topic,
                    AlertRecord.key(alert).getBytes(UTF_8),
                    AlertRecord.value(alert).getBytes(UTF_8));
        }
    }

    /** Reads {@code budget.campaigns}. */
    private record CampaignPoll(PostgresConnectionConfig config)
            implements PolledSource.Poll<ControlSignal> {

        private static final String SQL =
                "select campaign_id, daily_budget, time_zone, status, pause_cause, pause_seq,"
                        + " updated_at from budget.campaigns";

        /** What a budget beyond the range of micros is taken for: nobody spends as much. */
        private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE, 6);

        @Override
        public PolledSource.Session<ControlSignal> open() {
            PostgresPoll<Campaign> poll =
                    new PostgresPoll<>(config, SQL, CampaignPoll::read, "budget-campaigns-watch");
            CampaignChanges changes = new CampaignChanges();
            return new PolledSource.Session<>() {
                @Override
                public List<ControlSignal> poll() {
                    List<Campaign> rows = poll.rows();
                    return rows == null ? List.of() : changes.in(rows);
                }

                @Override
                public void close() {
                    poll.close();
                }
            };
        }

        private static Campaign read(ResultSet row) throws SQLException {
            BigDecimal budget = row.getBigDecimal(2);
            return new Campaign(
                    row.getString(1),
                    budget == null
                            ? null
                            : (Long)
                                    budget.max(BigDecimal.ZERO)
                                            .min(MOST)
                                            .movePointRight(6)
                                            .longValue(),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getLong(6),
                    row.getTimestamp(7).getTime());
        }
    }

    /** Reads the counters of ad servers. */
    private record RedisCounters(RedisConnectionConfig config) implements CounterReader {

        @Override
        public Session open() {
            RedisQueries queries = new RedisQueries(config, "budget-counters-watch");
            return new Session() {
                @Override
                public List<CounterScripts.@Nullable Found> read(SampleRequest request)
                        throws IOException {
                    List<RedisWrite> samples = new ArrayList<>();
                    for (int i = 0; i < request.dates().size(); i++) {
                        samples.add(
                                CounterScripts.sample(
                                        request.campaignIds().get(i), request.dates().get(i)));
                    }
                    List<CounterScripts.@Nullable Found> found = new ArrayList<>();
                    for (Object reply : queries.read(samples)) {
                        found.add(CounterScripts.read(reply));
                    }
                    return found;
                }

                @Override
                public void close() {
                    queries.close();
                }
            };
        }
    }
}
