package io.adstream.common.dedup;

import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventType;
import io.adstream.common.ingest.AdmitEvents;
import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * What a job reads of a topic that another answers for: valid events, each once. What is rejected,
 * late or a duplicate is counted in the job's metrics and goes nowhere.
 */
public final class ValidEvents {

    private ValidEvents() {}

    /**
     * Adds the operators {@code admit-events} and {@code deduplicate}.
     *
     * @param horizon how long ids are remembered
     */
    public static SingleOutputStreamOperator<InputEvent> of(
            DataStream<InputEvent> events,
            InputEventType type,
            EventContract contract,
            Duration horizon,
            Lateness lateness) {
        DedupTags tags = DedupTags.of(type);
        SingleOutputStreamOperator<InputEvent> admitted =
                events.transform(
                                "admit-events",
                                type,
                                new AdmitEvents(
                                        contract.topic(),
                                        new OutputTag<>("rejected", type),
                                        tags.ingest()))
                        .uid("admit-events");
        IdPartitions partitions = IdPartitions.of(admitted.getExecutionEnvironment());
        return admitted.keyBy(partitions)
                .transform(
                        "deduplicate",
                        type,
                        new Deduplicate(partitions, contract.topic(), horizon, lateness, tags))
                .uid("deduplicate");
    }
}
