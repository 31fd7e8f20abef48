package io.adstream.metrics.slice;

import static io.adstream.metrics.ParsedEvents.parse;
import static io.adstream.testing.events.AdEventJson.impression;
import static io.adstream.testing.events.AdEventJson.pixelConversion;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.event.InputEvent;
import io.adstream.testing.events.AdEventJson;
import java.time.Instant;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PreAggregateTest {

    private static final long NOON = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

    private OneInputStreamOperatorTestHarness<InputEvent, SliceDelta> operator;

    @BeforeEach
    void open() throws Exception {
        operator = new OneInputStreamOperatorTestHarness<>(new PreAggregate());
        operator.setup(SliceDeltaSerializer.INSTANCE);
        operator.open();
    }

    @AfterEach
    void close() throws Exception {
        operator.close();
    }

    @Test
    void sumsUntilAShortWhileIsOver() throws Exception {
        send(impression("i1"));
        send(impression("i2"));
        assertThat(operator.getOutput()).isEmpty();

        operator.setProcessingTime(300);
        assertThat(operator.extractOutputValues())
                .hasSize(3)
                .allMatch(delta -> delta.impressions == 2);

        operator.setProcessingTime(10_000);
        assertThat(operator.extractOutputValues()).hasSize(3);
    }

    @Test
    void flushesBeforeTheBarrier() throws Exception {
        send(impression("i1"));
        operator.prepareSnapshotPreBarrier(1);
        assertThat(operator.extractOutputValues()).hasSize(3);
    }

    @Test
    void flushesBeforeAWatermarkThatEndsAMinute() throws Exception {
        send(impression("i1"));
        operator.processWatermark(NOON + 59_998);
        assertThat(operator.getOutput()).containsExactly(new Watermark(NOON + 59_998));

        operator.processWatermark(NOON + 59_999);
        assertThat(operator.getOutput().toArray())
                .hasSize(5)
                .endsWith(new Watermark(NOON + 59_999));
    }

    @Test
    void anAmendmentIsAheadOfTheNextWatermark() throws Exception {
        operator.processWatermark(NOON + 90_000);
        send(impression("i1"));
        operator.processWatermark(NOON + 90_001);
        assertThat(operator.getOutput().toArray())
                .hasSize(5)
                .endsWith(new Watermark(NOON + 90_001));
    }

    @Test
    void flushesAtTheEnd() throws Exception {
        send(impression("i1"));
        operator.endInput();
        ((PreAggregate) operator.getOperator()).finish();
        assertThat(operator.extractOutputValues()).hasSize(3);
    }

    @Test
    void aConversionWithoutAnAdIsCountedApart() throws Exception {
        send(pixelConversion("v1"));
        operator.prepareSnapshotPreBarrier(1);
        assertThat(operator.getOutput()).isEmpty();
    }

    private void send(AdEventJson json) throws Exception {
        operator.processElement(new StreamRecord<>(parse(json.at(Instant.ofEpochMilli(NOON)))));
    }
}
