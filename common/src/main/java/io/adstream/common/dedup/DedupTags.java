package io.adstream.common.dedup;

import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventType;
import io.adstream.common.ingest.IngestDelta;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/**
 * The exits of {@link Deduplicate} beside its output.
 *
 * @param conflicts events whose id is known with other content, marked as rejected
 * @param late events that come too late
 * @param ingest what was counted, at each checkpoint
 */
public record DedupTags(
        OutputTag<InputEvent> conflicts,
        OutputTag<InputEvent> late,
        OutputTag<IngestDelta> ingest) {

    public static DedupTags of(InputEventType type) {
        return new DedupTags(
                new OutputTag<>("conflicts", type),
                new OutputTag<>("late", type),
                new OutputTag<>("ingest", TypeInformation.of(IngestDelta.class)));
    }
}
