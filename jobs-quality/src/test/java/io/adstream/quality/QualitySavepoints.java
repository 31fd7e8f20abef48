package io.adstream.quality;

import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.flink.StoredSavepoints;
import io.adstream.testing.oracle.ExpectedScore;
import io.adstream.testing.oracle.ScoreBatch;
import io.adstream.testing.services.KafkaBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The stored savepoints of the job, after some hours of rows, with penalties in force and
 * amendments that wait for their refresh, and the program that adds one: testing/write-savepoint.
 */
public final class QualitySavepoints {

    static final StoredSavepoints STORED = StoredSavepoints.of("quality");

    private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
    private static final int ADS = 100;
    private static final int WINDOWS = 30;

    /** Some hours of rows, and what a batch says of them. */
    record Rows(RowTraffic traffic, ScoreBatch batch) {

        static Rows of(QualityJobRuns runs) {
            ScoreBatch batch = new ScoreBatch();
            return new Rows(
                    new RowTraffic(
                            runs.rowsTopic(), QualityJobRuns.PARTITIONS, ADS, START, batch, 41),
                    batch);
        }

        /** All scores up to the newest window. */
        List<ExpectedScore> scores() {
            return batch.scores(START.plus(RowTraffic.WINDOW), traffic.end());
        }
    }

    private QualitySavepoints() {}

    /** Sends what the version that made the savepoint had read. */
    static void sendFirstHours(KafkaBroker kafka, Rows rows) {
        kafka.produce(rows.traffic.windows(WINDOWS));
        kafka.produce(rows.traffic.time());
        for (int ad = 70; ad < 75; ad++) {
            rows.batch.penalty(
                    "ad-" + ad, 1.5, "alert-" + ad, rows.traffic.end(), penaltiesEnd(rows.traffic));
        }
    }

    /** When the penalties end that the savepoint holds. */
    private static Instant penaltiesEnd(RowTraffic traffic) {
        return traffic.end().plus(Duration.ofMinutes(30));
    }

    /** Starts the job, and returns when the penalties are in force. */
    private static RunningJob readFirstHours(QualityJobRuns runs, KafkaBroker kafka) {
        Rows rows = Rows.of(runs);
        RunningJob job = runs.start(null, 1, "hashmap");
        sendFirstHours(kafka, rows);
        List<ExpectedScore> all = rows.scores();
        runs.awaitPublished(all.stream().filter(score -> score.penalty() == 0).toList());
        for (ExpectedScore score : all) {
            if (score.penalty() > 0) {
                runs.penalize(
                        score.adId(),
                        1.5,
                        score.adId().replace("ad", "alert"),
                        penaltiesEnd(rows.traffic));
            }
        }
        runs.awaitPublished(all);
        return job;
    }

    /**
     * Adds the savepoint of a release.
     *
     * @param args the version
     */
    public static void main(String[] args) throws Exception {
        String version = args[0];
        STORED.add(
                version,
                (flink, kafka, redis, database, folder) -> {
                    QualityJobRuns runs =
                            new QualityJobRuns(
                                    flink, kafka, redis, database, STORED.prefix(version), folder);
                    runs.createTopics();
                    return readFirstHours(runs, kafka);
                });
        System.exit(0);
    }
}
