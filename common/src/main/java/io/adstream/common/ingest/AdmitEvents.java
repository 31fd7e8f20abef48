package io.adstream.common.ingest;

import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RejectCode;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * The door of a job, behind its source: counts what arrives, lets well-formed events in, sends
 * rejected records aside and leaves out those that the job does not use. The latter are in no
 * minute's counts: a job that skips records is not the one that answers for the topic.
 *
 * <p>Counts are reported before each checkpoint barrier, so that a completed checkpoint holds
 * exactly the records that were read up to it.
 */
public final class AdmitEvents extends AbstractStreamOperator<InputEvent>
        implements OneInputStreamOperator<InputEvent, InputEvent> {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final OutputTag<InputEvent> rejectedTag;
    private final OutputTag<IngestDelta> ingestTag;

    private transient IngestMinutes ingest;
    private transient Counter receivedEvents;
    private transient Counter skippedEvents;
    private transient Counter[] rejectedEvents;

    public AdmitEvents(
            String topic, OutputTag<InputEvent> rejectedTag, OutputTag<IngestDelta> ingestTag) {
        this.topic = topic;
        this.rejectedTag = rejectedTag;
        this.ingestTag = ingestTag;
    }

    @Override
    public void open() throws Exception {
        super.open();
        ingest = new IngestMinutes(topic);
        MetricGroup metrics = getMetricGroup().addGroup("adstream");
        receivedEvents = metrics.counter("receivedEvents");
        skippedEvents = metrics.counter("skippedEvents");
        RejectCode[] codes = RejectCode.values();
        rejectedEvents = new Counter[codes.length];
        for (RejectCode code : codes) {
            rejectedEvents[code.ordinal()] =
                    metrics.addGroup("code", code.name()).counter("rejectedEvents");
        }
    }

    @Override
    public void processElement(StreamRecord<InputEvent> element) {
        InputEvent event = element.getValue();
        receivedEvents.inc();
        if (event.skipped && event.rejected == null) {
            skippedEvents.inc();
            return;
        }
        IngestCounts counts = ingest.at(event.kafkaTimestamp);
        counts.received++;
        if (event.rejected == null) {
            output.collect(element);
        } else {
            counts.reject(event.rejected);
            rejectedEvents[event.rejected.ordinal()].inc();
            output.collect(rejectedTag, element);
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        reportCounts();
    }

    @Override
    public void finish() throws Exception {
        reportCounts();
        super.finish();
    }

    private void reportCounts() {
        ingest.drain(delta -> output.collect(ingestTag, new StreamRecord<>(delta)));
    }
}
