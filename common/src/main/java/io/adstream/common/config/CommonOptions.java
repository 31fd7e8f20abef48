package io.adstream.common.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;

/** Options of every job: how input is read, judged and timed. */
public final class CommonOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named("Input", "How every job reads, judges and times its input.");

    /** How much later than its Kafka timestamp an event may claim to be; part of the contract. */
    public static final Duration MAX_FUTURE_SKEW = Duration.ofMinutes(5);

    public static final ConfigOption<Duration> DEDUP_HORIZON =
            OPTIONS.duration("dedup.horizon")
                    .defaultTo(Duration.ofHours(1))
                    .between(Duration.ofMinutes(1), Duration.ofDays(7))
                    .describedAs(
                            "How long, in event time, an event id is remembered: the same id within"
                                    + " it counts once. State grows with it: 16 bytes per id in a"
                                    + " checkpoint (on the heap with the hashmap backend), and"
                                    + " beside it 22 to 30 bytes per id of heap.");

    public static final ConfigOption<String> INPUT_TIME_ZONE =
            OPTIONS.zone("input.time-zone")
                    .defaultTo("UTC")
                    .describedAs(
                            "Zone of event times without zone or offset. A time in a gap is moved"
                                    + " forward, one in an overlap has the earlier offset.");

    public static final ConfigOption<InputFormat> INPUT_FORMAT =
            OPTIONS.choice("input.format", InputFormat.class)
                    .defaultTo(InputFormat.JSON)
                    .where(
                            format -> format == InputFormat.JSON,
                            "json (avro is not available in this version)")
                    .describedAs("Format of the values of the input topics.");

    public static final ConfigOption<Duration> MAX_OUT_OF_ORDERNESS =
            OPTIONS.duration("watermark.max-out-of-orderness")
                    .defaultTo(Duration.ofSeconds(10))
                    .between(Duration.ZERO, Duration.ofHours(1))
                    .describedAs(
                            "How far events of one partition may be out of order: time, per"
                                    + " partition, is the newest event time minus this.");

    public static final ConfigOption<Duration> IDLENESS =
            OPTIONS.duration("watermark.idleness")
                    .defaultTo(Duration.ofSeconds(30))
                    .between(Duration.ofSeconds(1), Duration.ofHours(1))
                    .describedAs(
                            "After how long without a record a partition no longer holds time back."
                                    + " Where all are silent, time stands still.");

    public static final ConfigOption<Duration> MAX_DRIFT =
            OPTIONS.duration("watermark.max-drift")
                    .defaultTo(Duration.ofMinutes(5))
                    .between(Duration.ofMinutes(1), Duration.ofDays(1))
                    .describedAs(
                            "How far a partition may be ahead of the others, in event time, before"
                                    + " it waits for them while a backlog is worked off. Not longer"
                                    + " than the allowed lateness, so that nothing is late where"
                                    + " all fall silent in the middle; not shorter than the 5 min"
                                    + " that an event may come from the future, or a producer with"
                                    + " a wrong clock holds its partition up.");

    private CommonOptions() {}

    /** The options that every job takes, and behind them those of one job. */
    public static OptionSet[] with(OptionSet... ofTheJob) {
        return Stream.concat(
                        Stream.of(
                                OPTIONS,
                                KafkaOptions.OPTIONS,
                                RedisOptions.OPTIONS,
                                PostgresOptions.OPTIONS,
                                FlinkOptions.OPTIONS),
                        Stream.of(ofTheJob))
                .toArray(OptionSet[]::new);
    }

    /** The zone of event times that name none. */
    public static ZoneId inputZone(JobSettings settings) {
        return ZoneId.of(settings.get(INPUT_TIME_ZONE));
    }

    /** Format of the values of the input topics. */
    public enum InputFormat {
        JSON,
        AVRO
    }
}
