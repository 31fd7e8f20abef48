package io.adstream.quality;

import io.adstream.quality.hour.AdHour;
import io.adstream.quality.hour.RollHours;
import io.adstream.quality.hour.RollHoursOperator;
import io.adstream.quality.input.AdWindow;
import io.adstream.quality.input.AdmitWindows;
import io.adstream.quality.input.MetricsUpdate;
import io.adstream.quality.pool.PoolCategory;
import io.adstream.quality.pool.PooledHour;
import io.adstream.quality.publish.Publication;
import io.adstream.quality.publish.PublishScores;
import io.adstream.quality.rank.RankCategory;
import io.adstream.quality.rank.RankPenalized;
import io.adstream.quality.rank.Standings;
import io.adstream.quality.score.Departure;
import io.adstream.quality.score.Penalized;
import io.adstream.quality.score.Penalty;
import io.adstream.quality.score.Score;
import io.adstream.quality.score.ScoreAds;
import io.adstream.quality.score.ScoreFormula;
import io.adstream.quality.score.Scored;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.util.OutputTag;

/**
 * The topology of the quality job.
 *
 * <pre>
 * rows ─ admit-windows
 *             │ by ad
 *         roll-hours           the hour of each ad, every five minutes
 *             │ by category
 *       pool-category          what the category did
 *             │ by ad
 * penalties ─ score-ads ─┬─ departures ────────────────────────────────┐
 *             │          └─ penalized ──────────────┐ by category      │
 *             │ by category                         │                  │
 *        rank-category ─┬─ standings ────── rank-penalized             │
 *                       └───────────┬───────────────┘                  │
 *                                   │ by ad                            │
 * redisIdentities ─────────── publish-scores ◄─────────────────────────┘
 *                                   └────────────────────────────────────► publications
 * </pre>
 *
 * <p>Event time alone makes refreshes, and every operator has all of a refresh before the watermark
 * that ends it: what comes out is a function of the rows, whatever the order they come in. What
 * belongs to an ad is kept by ad, so that it moves between categories with its score; a category is
 * one key only for the sums and the places, a few numbers per ad and refresh.
 */
public final class QualityPipeline {

    /** The job's short name. */
    public static final String JOB = "quality";

    private static final Duration REFRESH = Duration.ofMillis(AdWindow.MILLIS);

    private QualityPipeline() {}

    /**
     * What the job reads.
     *
     * @param rows the rows of topic {@code performance-metrics}, with watermarks
     * @param penalties the penalties of topic {@code quality-score-updates}, without
     * @param redisIdentities the identity of the Redis server, again and again
     */
    public record Inputs(
            DataStream<MetricsUpdate> rows,
            DataStream<Penalty> penalties,
            DataStream<String> redisIdentities) {}

    /**
     * What the job makes.
     *
     * @param publications scores, each for some or all stores, those of an ad in order
     */
    public record Outputs(DataStream<Publication> publications) {}

    public static Outputs build(Inputs inputs, QualityConfig config) {
        OutputTag<Penalized> penalizedTag =
                new OutputTag<>("penalized", TypeInformation.of(Penalized.class));
        OutputTag<Departure> departureTag =
                new OutputTag<>("departures", TypeInformation.of(Departure.class));
        OutputTag<Standings> standingsTag =
                new OutputTag<>("standings", TypeInformation.of(Standings.class));

        SingleOutputStreamOperator<PooledHour> pooled =
                inputs.rows()
                        .transform(
                                "admit-windows",
                                TypeInformation.of(AdWindow.class),
                                new AdmitWindows())
                        .uid("admit-windows")
                        .keyBy(AdWindow::adId, Types.STRING)
                        .transform(
                                "roll-hours",
                                TypeInformation.of(AdHour.class),
                                new RollHoursOperator(
                                        new RollHours(config.windows(), config.retention())))
                        .uid("roll-hours")
                        .keyBy(AdHour::pool, Types.STRING)
                        .window(TumblingEventTimeWindows.of(REFRESH))
                        .process(new PoolCategory(), TypeInformation.of(PooledHour.class))
                        .uid("pool-category")
                        .name("pool-category");

        SingleOutputStreamOperator<Scored> scored =
                pooled.keyBy(hour -> hour.hour().adId(), Types.STRING)
                        .connect(inputs.penalties().keyBy(Penalty::adId, Types.STRING))
                        .process(
                                new ScoreAds(
                                        new ScoreFormula(config.formula()),
                                        penalizedTag,
                                        departureTag),
                                TypeInformation.of(Scored.class))
                        .uid("score-ads")
                        .name("score-ads");

        SingleOutputStreamOperator<Score> ranked =
                scored.keyBy(Scored::category, Types.STRING)
                        .window(TumblingEventTimeWindows.of(REFRESH))
                        .process(new RankCategory(standingsTag), TypeInformation.of(Score.class))
                        .uid("rank-category")
                        .name("rank-category");
        SingleOutputStreamOperator<Score> rankedPenalized =
                ranked.getSideOutput(standingsTag)
                        .keyBy(Standings::category, Types.STRING)
                        .connect(
                                scored.getSideOutput(penalizedTag)
                                        .keyBy(Penalized::category, Types.STRING))
                        .process(new RankPenalized(), TypeInformation.of(Score.class))
                        .uid("rank-penalized")
                        .name("rank-penalized");

        TypeInformation<Publication> publicationType = TypeInformation.of(Publication.class);
        SingleOutputStreamOperator<Publication> publications =
                ranked.union(rankedPenalized)
                        .map(Publication::of, publicationType)
                        .uid("scores-to-publish")
                        .name("scores-to-publish")
                        .union(
                                scored.getSideOutput(departureTag)
                                        .map(Publication::of, publicationType)
                                        .uid("departures-to-publish")
                                        .name("departures-to-publish"))
                        .keyBy(Publication::adId, Types.STRING)
                        .connect(inputs.redisIdentities().broadcast())
                        .transform("publish-scores", publicationType, new PublishScores())
                        .uid("publish-scores");
        return new Outputs(publications);
    }
}
