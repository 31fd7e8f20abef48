package io.adstream.anomaly.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.alert.Alert;
import io.adstream.common.alert.AlertIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupStormsTest {

    private static final long START = 1_795_168_800_000L;
    private static final long MINUTE = 60_000;

    private KeyedOneInputStreamOperatorTestHarness<String, Step, Step> subtask;

    @BeforeEach
    void start() throws Exception {
        subtask =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new GroupStorms(20, Duration.ofMinutes(5))),
                        step -> String.valueOf(GroupStorms.key(step)),
                        Types.STRING);
        subtask.setup(
                TypeInformation.of(Step.class)
                        .createSerializer(subtask.getExecutionConfig().getSerializerConfig()));
        subtask.open();
    }

    @AfterEach
    void stop() throws Exception {
        subtask.close();
    }

    @Test
    void twentyEntitiesAreNoStorm() throws Exception {
        for (int i = 0; i < 20; i++) {
            send(i, Alert.Status.OPEN, START + i);
        }
        assertThat(taken()).hasSize(20).noneMatch(GroupStormsTest::isStorm);
        send(3, Alert.Status.RESOLVED, START + MINUTE);
        assertThat(taken()).singleElement().matches(s -> s.alert().entityId().equals("d-3"));
        subtask.processWatermark(new Watermark(START + 10 * MINUTE));
        assertThat(subtask.numKeyedStateEntries()).isZero();
    }

    @Test
    void theTwentyFirstBeginsOneAlertForAllFurtherOnes() throws Exception {
        for (int i = 0; i < 1000; i++) {
            send(i, Alert.Status.OPEN, START + i * 50L);
        }
        List<Step> opened = taken();
        assertThat(opened).hasSize(21);
        Alert storm = opened.get(20).alert();
        assertThat(isStorm(opened.get(20))).isTrue();
        assertThat(storm.entityId()).isEqualTo("adv-1");
        assertThat(storm.ruleId()).isEqualTo("click-flood");
        assertThat(storm.observed()).isEqualTo(21);
        assertThat(storm.severity()).isEqualTo(Alert.Severity.CRITICAL);

        for (int i = 0; i < 1000; i++) {
            send(i, Alert.Status.UPDATE, START + MINUTE);
        }
        assertThat(taken()).hasSize(20);
        send(1000, Alert.Status.OPEN, START + 2 * MINUTE);
        assertThat(taken())
                .singleElement()
                .satisfies(s -> assertThat(s.alert().status()).isEqualTo(Alert.Status.UPDATE))
                .satisfies(s -> assertThat(s.alert().observed()).isEqualTo(1001));
        for (int i = 0; i <= 1000; i++) {
            send(i, Alert.Status.RESOLVED, START + 3 * MINUTE);
        }
        assertThat(taken()).hasSize(20);
        subtask.processWatermark(new Watermark(START + 20 * MINUTE));
        assertThat(taken())
                .singleElement()
                .satisfies(s -> assertThat(s.alert().status()).isEqualTo(Alert.Status.RESOLVED))
                .satisfies(s -> assertThat(s.alert().alertId()).isEqualTo(storm.alertId()));
        assertThat(subtask.numKeyedStateEntries()).isZero();
    }

    @Test
    void slowlyOneAfterTheOtherIsNoStorm() throws Exception {
        for (int i = 0; i < 100; i++) {
            send(i, Alert.Status.OPEN, START + i * 15_000L);
        }
        assertThat(taken()).hasSize(100).noneMatch(GroupStormsTest::isStorm);
    }

    @Test
    void oneEntityThatComesBackIsOne() throws Exception {
        for (int i = 0; i < 60; i++) {
            send(i % 20, Alert.Status.OPEN, START + i);
        }
        assertThat(taken()).hasSize(60).noneMatch(GroupStormsTest::isStorm);
    }

    private void send(int device, Alert.Status status, long time) throws Exception {
        String entity = "d-" + device;
        subtask.processElement(
                new StreamRecord<>(
                        new Step(
                                new Alert(
                                        AlertIds.of(
                                                "click-flood",
                                                Alert.EntityType.DEVICE,
                                                entity,
                                                "minute"),
                                        "click-flood",
                                        1,
                                        Alert.Severity.WARNING,
                                        status,
                                        Alert.EntityType.DEVICE,
                                        entity,
                                        time,
                                        101.0,
                                        null,
                                        100.0,
                                        "flood",
                                        List.of("e"),
                                        time),
                                false,
                                "cmp-1",
                                "adv-1",
                                time)));
    }

    private List<Step> taken() {
        List<Step> taken = new ArrayList<>(subtask.extractOutputValues());
        subtask.getOutput().clear();
        return taken;
    }

    private static boolean isStorm(Step step) {
        return step.alert().entityType() == Alert.EntityType.ADVERTISER;
    }
}
