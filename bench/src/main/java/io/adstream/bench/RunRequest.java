package io.adstream.bench;

import java.time.Duration;

/**
 * One round.
 *
 * @param topicPrefix what stands before {@code ad-events} in the topic's name
 * @param records how many records the topic holds
 * @param endOfWindows the watermark by which every window of the input has ended, epoch ms
 * @param group consumer group of the round
 * @param savepoint whether to take a savepoint at the end and tell its size
 */
public record RunRequest(
        String topicPrefix, long records, long endOfWindows, String group, boolean savepoint) {

    /** The same for a candidate that holds its watermarks back. */
    RunRequest withWatermarksBehind(Duration delay) {
        return new RunRequest(
                topicPrefix, records, endOfWindows - delay.toMillis(), group, savepoint);
    }

    String topic() {
        return topicPrefix + "ad-events";
    }
}
