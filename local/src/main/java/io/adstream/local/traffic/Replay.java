package io.adstream.local.traffic;

import io.adstream.common.dedup.Lateness;
import io.adstream.common.event.AdEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RejectCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Sends a user's own log: each line as it is, at the pace of its event times. */
final class Replay {

    /** The metrics job's defaults. */
    private static final Lateness LATENESS =
            Lateness.of(Duration.ofMinutes(1), Duration.ofMinutes(5));

    private final Path file;
    private final String topic;
    private final @Nullable EventContract contract;
    private final WallClock wall;

    private long sent;
    private long lines;
    private long blankLines;
    private long notJson;
    private long withoutTime;
    private long firstTime = Long.MAX_VALUE;
    private long lastTime = Long.MIN_VALUE;
    private long valid;
    private final Map<RejectCode, Long> rejected = new EnumMap<>(RejectCode.class);
    private final Map<String, Long> validByType = new TreeMap<>();
    private long costMicros;
    private long revenueMicros;

    /**
     * A replay that has not begun.
     *
     * @param topic where to; records of the two input topics are judged by their contract
     */
    Replay(Path file, String topic, WallClock wall) {
        this.file = file;
        this.topic = topic;
        this.wall = wall;
        EventContract found = null;
        for (EventContract candidate : EventContract.values()) {
            if (candidate.topic().equals(topic)) {
                found = candidate;
            }
        }
        contract = found;
    }

    /** Told of each record. */
    interface Progress {
        /**
         * A record was sent.
         *
         * @param sent how many so far
         * @param eventTime its event time; 0 where it has none
         */
        void at(long sent, long eventTime);
    }

    /**
     * What a look at the file's times says.
     *
     * @param first the first line's time that can be read, epoch milliseconds
     * @param greatest the greatest time
     * @param firstType the event type of the first JSON line
     */
    record Times(long first, long greatest, @Nullable String firstType) {}

    /** Reads the times of the file; null where no line has one. */
    @Nullable Times times() throws IOException {
        long first = 0;
        long greatest = Long.MIN_VALUE;
        String type = null;
        try (LogFile log = new LogFile(file)) {
            for (byte[] bytes = log.next(); bytes != null; bytes = log.next()) {
                LogLine line = LogLine.read(bytes);
                if (type == null) {
                    type = line.eventType();
                }
                if (line.hasTime()) {
                    if (greatest == Long.MIN_VALUE) {
                        first = line.time();
                    }
                    greatest = Math.max(greatest, line.time());
                }
            }
        }
        return greatest == Long.MIN_VALUE ? null : new Times(first, greatest, type);
    }

    /**
     * By how many whole seconds times are to be moved so that, at speed 1, the first record is now,
     * and faster the last one is now when it is sent. Rounded down: never into the future.
     */
    static long shiftToNow(Times times, double speed, long now) {
        long millis;
        if (speed <= 1) {
            millis = now - times.first();
        } else {
            long takes = (long) ((times.greatest() - times.first()) / speed);
            millis = now + takes - times.greatest();
        }
        return Math.floorDiv(millis, 1000L);
    }

    /** Whether no window takes a record of that time any more. */
    static boolean isLate(long time, long watermark) {
        return LATENESS.isLate(time, LATENESS.purgedBefore(watermark));
    }

    /**
     * Sends the file.
     *
     * @param shiftSeconds moved by so much
     * @param speed event time per wall time
     * @param limit how many records; 0 is all
     * @param progress told of the number of records and the event time
     */
    void run(
            RecordSink sink,
            double speed,
            long shiftSeconds,
            long limit,
            BooleanSupplier stopped,
            Progress progress)
            throws IOException {
        EventParser parser = contract == null ? null : new EventParser(contract, ZoneOffset.UTC);
        InputEvent event = contract == null ? null : contract.newEvent();
        Pacer pacer = null;
        try (LogFile log = new LogFile(file)) {
            for (byte[] bytes = log.next();
                    bytes != null
                            && (limit == 0 || sent < limit)
                            && !stopped.getAsBoolean()
                            && sink.failure() == null;
                    bytes = log.next()) {
                LogLine line = LogLine.read(bytes);
                byte[] value = line.shifted(shiftSeconds);
                long time = line.time() + shiftSeconds * 1000;
                if (line.hasTime()) {
                    if (pacer == null) {
                        pacer = new Pacer(wall, time, speed, false, stopped);
                    }
                    pacer.await(time);
                    firstTime = Math.min(firstTime, time);
                    lastTime = Math.max(lastTime, time);
                } else {
                    withoutTime++;
                }
                notJson += line.isJson() ? 0 : 1;
                if (parser != null && event != null) {
                    judge(parser.parse(value, wall.millis(), event), event);
                }
                sink.send(topic, line.key(), value, null);
                sent++;
                progress.at(sent, time);
                lines = log.lines();
                blankLines = log.blankLines();
            }
            lines = log.lines();
            blankLines = log.blankLines();
        }
        sink.flush();
    }

    private void judge(@Nullable RejectCode code, InputEvent event) {
        if (code != null) {
            rejected.merge(code, 1L, Long::sum);
            return;
        }
        valid++;
        validByType.merge(contract().eventTypes().get(event.eventType), 1L, Long::sum);
        if (contract == EventContract.AD_EVENTS) {
            long price = event.numbers[AdEvents.ACTUAL_PRICE];
            if (event.eventType == AdEvents.CLICK && price != InputEvent.NO_NUMBER) {
                costMicros += price;
            }
            long value = event.numbers[AdEvents.CONVERSION_VALUE];
            if (event.eventType == AdEvents.CONVERSION && value != InputEvent.NO_NUMBER) {
                revenueMicros += value;
            }
        }
    }

    private EventContract contract() {
        if (contract == null) {
            throw new IllegalStateException("Records of " + topic + " have no contract");
        }
        return contract;
    }

    /** Records given to the sink. */
    long sent() {
        return sent;
    }

    /** Lines read, blank ones included. */
    long lines() {
        return lines;
    }

    long blankLines() {
        return blankLines;
    }

    /** Records that are not one JSON object; sent as they are. */
    long notJson() {
        return notJson;
    }

    /** Records without a time that can be read; sent as soon as the one before them. */
    long withoutTime() {
        return withoutTime;
    }

    /** The least event time as sent; {@link Long#MAX_VALUE} where there is none. */
    long firstTime() {
        return firstTime;
    }

    /** The greatest event time as sent; {@link Long#MIN_VALUE} where there is none. */
    long lastTime() {
        return lastTime;
    }

    /** Whether the topic has a contract, and so the counts below have a meaning. */
    boolean isJudged() {
        return contract != null;
    }

    /** Records that keep the contract, before deduplication and lateness. */
    long valid() {
        return valid;
    }

    /** Records that do not keep it, by code. */
    Map<RejectCode, Long> rejected() {
        return rejected;
    }

    Map<String, Long> validByType() {
        return validByType;
    }

    /** Cost of the valid clicks, in micros. */
    long costMicros() {
        return costMicros;
    }

    /** Value of the valid conversions, in micros. */
    long revenueMicros() {
        return revenueMicros;
    }
}
