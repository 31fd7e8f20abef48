package io.adstream.common.ingest;

/**
 * What one subtask counted since its last report, or (from {@link CountIngest}) the total so far.
 *
 * <p>Public fields and a constructor without parameters, as Flink's POJO serializer wants them.
 */
public final class IngestDelta {

    public String topic = "";

    /** Start of the minute of the records' Kafka timestamps, epoch milliseconds. */
    public long minute;

    public IngestCounts counts = new IngestCounts();

    public IngestDelta() {}

    public IngestDelta(String topic, long minute, IngestCounts counts) {
        this.topic = topic;
        this.minute = minute;
        this.counts = counts;
    }
}
