package io.adstream.bench;

/**
 * One round.
 *
 * @param topicPrefix what stands before {@code ad-events} in the topic's name
 * @param records how many records the topic holds
 * @param endOfWindows the watermark by which every window of the input has ended, epoch ms
 * @param group consumer group of the round
 */
public record RunRequest(String topicPrefix, long records, long endOfWindows, String group) {

    String topic() {
        return topicPrefix + "ad-events";
    }
}
