package io.adstream.bench;

import io.adstream.testing.services.RedisProcess;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Holds what a candidate has counted against what it has read. */
final class MetricsSums {

    private final RedisProcess redis;
    private final PrintStream out;

    /**
     * @param redis where the metrics job serves its windows
     */
    MetricsSums(RedisProcess redis, PrintStream out) {
        this.redis = redis;
        this.out = out;
    }

    /**
     * Prints what is wrong.
     *
     * @param topic what was read
     * @return whether all is right
     */
    boolean isRight(Candidate candidate, InputFiller.Input topic, RunResult result) {
        switch (candidate) {
            case SQL -> {
                boolean right = !result.counts().isEmpty();
                for (Map.Entry<String, Counts> table : result.counts().entrySet()) {
                    if (!table.getValue().equals(topic.expected())) {
                        out.println("  " + table + " instead of " + topic.expected());
                        right = false;
                    }
                }
                return right;
            }
            case ADSTREAM -> {
                boolean right = true;
                for (String entity : List.of("ad", "campaign", "advertiser")) {
                    Counts served = served(entity);
                    if (!served.equals(topic.expected())) {
                        out.println(
                                "  "
                                        + entity
                                        + ":*:metrics:1h holds "
                                        + served
                                        + " instead of "
                                        + topic.expected());
                        right = false;
                    }
                }
                return right;
            }
            case BARE -> {
                // It counts duplicates too: at least what windows hold, at most every record.
                Counts all = result.counts().get("ad_1m");
                return all != null
                        && all.events() >= topic.expected().events()
                        && all.events() <= topic.records();
            }
            default -> {}
        }
        throw new IllegalStateException(candidate.toString());
    }

    /** The sum of what Redis serves as the newest closed hour: the one that holds all events. */
    private Counts served(String entity) {
        Counts sum = Counts.NONE;
        try (Jedis jedis = redis.connect()) {
            String cursor = ScanParams.SCAN_POINTER_START;
            ScanParams match = new ScanParams().match(entity + ":*:metrics:1h").count(5_000);
            do {
                ScanResult<String> page = jedis.scan(cursor, match);
                try (var pipeline = jedis.pipelined()) {
                    var hashes = page.getResult().stream().map(pipeline::hgetAll).toList();
                    pipeline.sync();
                    for (var hash : hashes) {
                        sum = sum.plus(counts(hash.get()));
                    }
                }
                cursor = page.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        }
        return sum;
    }

    private static Counts counts(Map<String, String> hash) {
        return new Counts(
                Long.parseLong(hash.get("impressions")),
                Long.parseLong(hash.get("clicks")),
                Long.parseLong(hash.get("conversions")),
                micros(hash.get("total_cost")),
                micros(hash.get("total_revenue")));
    }

    private static long micros(String text) {
        return new BigDecimal(text).movePointRight(6).longValueExact();
    }
}
