package io.adstream.budget.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.adstream.budget.row.BudgetNotice;
import io.adstream.budget.row.SyncAudit;
import io.adstream.budget.row.SyncAudit.Action;
import io.adstream.common.alert.Alert;
import io.adstream.common.money.Micros;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JudgeCountersTest {

    private static final long TOLERANCE = 5_000;
    private static final long CUT = Instant.parse("2026-11-20T10:10:00Z").toEpochMilli();
    private static final long INTERVAL = 600_000;
    private static final SyncTags TAGS = SyncTags.create();

    private KeyedTwoInputStreamOperatorTestHarness<Integer, CounterSample, Deduction, BudgetNotice>
            judge;

    @BeforeEach
    void open() throws Exception {
        judge = harness(null);
    }

    @AfterEach
    void close() throws Exception {
        judge.close();
    }

    @Test
    void leaves499AndCorrects500Percent() throws Exception {
        compare(CUT, "a", "104.99", "100");
        compare(CUT, "b", "105", "100");
        compare(CUT, "c", "95", "100");
        for (int i = 0; i < 10; i++) {
            compare(CUT, "d" + i, "100", "100");
        }
        pass(CUT);

        assertThat(audits())
                .extracting(SyncAudit::campaignId, SyncAudit::action, SyncAudit::correction)
                .hasSize(13)
                .contains(
                        tuple("a", Action.OK, null),
                        tuple("b", Action.CORRECTED, -5_000_000L),
                        tuple("c", Action.CORRECTED, 5_000_000L));
        assertThat(side(TAGS.corrections()))
                .extracting(CounterCorrection::campaignId, CounterCorrection::amount)
                .containsExactlyInAnyOrder(tuple("b", -5_000_000L), tuple("c", 5_000_000L));
        assertThat(judge.extractOutputValues())
                .filteredOn(notice -> notice.type() == BudgetNotice.Type.COUNTER_CORRECTED)
                .extracting(BudgetNotice::campaignId, BudgetNotice::seq)
                .containsExactlyInAnyOrder(tuple("b", 8L), tuple("c", 8L));
        assertThat(judge.extractOutputValues())
                .filteredOn(notice -> notice.type() == BudgetNotice.Type.SYNC_ACCURACY)
                .hasSize(13);
        assertThat(side(TAGS.alerts()))
                .extracting(Alert::entityId, Alert::status)
                .containsExactlyInAnyOrder(
                        tuple("b", Alert.Status.OPEN), tuple("c", Alert.Status.OPEN));
        assertThat(judge.numKeyedStateEntries()).as("incidents alone").isEqualTo(1);
    }

    @Test
    void resolvesADriftWithTheNextCheck() throws Exception {
        compare(CUT, "a", "200", "100");
        pass(CUT);
        compare(CUT + INTERVAL, "a", "100", "100");
        pass(CUT + INTERVAL);

        assertThat(side(TAGS.alerts()))
                .extracting(Alert::status)
                .containsExactly(Alert.Status.OPEN, Alert.Status.RESOLVED);
        assertThat(judge.numKeyedStateEntries()).isZero();
        assertThat(judge.numEventTimeTimers()).isZero();
        assertThat(judge.numProcessingTimeTimers()).isZero();
    }

    @Test
    void seedsWhatIsAbsentAndCallsItNoDrift() throws Exception {
        compare(CUT, "a", null, "100");
        compare(CUT, "nothing-spent", null, "0");
        pass(CUT);

        assertThat(audits())
                .extracting(
                        SyncAudit::campaignId,
                        SyncAudit::counter,
                        SyncAudit::drift,
                        SyncAudit::action,
                        SyncAudit::correction)
                .containsExactly(tuple("a", null, null, Action.SEEDED, 100_000_000L));
        assertThat(side(TAGS.corrections()).get(0).counter()).isNull();
        assertThat(side(TAGS.alerts())).isEmpty();
        assertThat(judge.extractOutputValues()).isEmpty();
    }

    @Test
    void stopsWhereMoreThanAFifthDriftAtOnce() throws Exception {
        for (int i = 0; i < 10; i++) {
            compare(CUT, "c" + i, i < 3 ? "200" : "100", "100");
        }
        compare(CUT, "absent", null, "7");
        pass(CUT);

        assertThat(audits())
                .filteredOn(audit -> audit.action() == Action.SUSPENDED)
                .hasSize(3)
                .allMatch(audit -> audit.correction() == null);
        assertThat(side(TAGS.corrections()))
                .extracting(CounterCorrection::campaignId)
                .containsExactly("absent");
        assertThat(side(TAGS.alerts()))
                .extracting(Alert::entityType, Alert::severity, Alert::status)
                .containsExactly(
                        tuple(
                                Alert.EntityType.PLATFORM,
                                Alert.Severity.CRITICAL,
                                Alert.Status.OPEN));

        for (int i = 0; i < 10; i++) {
            compare(CUT + INTERVAL, "c" + i, i < 2 ? "200" : "100", "100");
        }
        pass(CUT + INTERVAL);
        assertThat(audits()).filteredOn(audit -> audit.action() == Action.CORRECTED).hasSize(2);
        assertThat(side(TAGS.alerts()))
                .extracting(Alert::entityId, Alert::status)
                .contains(tuple(Alert.PLATFORM, Alert.Status.RESOLVED));
    }

    @Test
    void oneCampaignAloneIsNeverTooMany() throws Exception {
        compare(CUT, "a", "200", "100");
        pass(CUT);

        assertThat(audits()).extracting(SyncAudit::action).containsExactly(Action.CORRECTED);
    }

    @Test
    void correctsNothingWhileTheStreamIsTwoMinutesBehind() throws Exception {
        compare(CUT, "a", "200", "100");
        judge.setProcessingTime(CUT + TOLERANCE + 120_000);
        assertThat(side(TAGS.alerts()))
                .extracting(Alert::entityId, Alert::status)
                .containsExactly(tuple(Alert.PLATFORM, Alert.Status.OPEN));
        judge.setProcessingTime(CUT + TOLERANCE + 120_001);
        pass(CUT);

        assertThat(audits()).extracting(SyncAudit::action).containsExactly(Action.SUSPENDED);
        assertThat(side(TAGS.corrections())).isEmpty();
        compare(CUT + INTERVAL, "a", "200", "100");
        pass(CUT + INTERVAL);
        assertThat(audits()).extracting(SyncAudit::action).containsExactly(Action.CORRECTED);
    }

    @Test
    void whatRedisLostIsSeededWithoutDriftOfAllCampaigns() throws Exception {
        for (int i = 0; i < 10; i++) {
            judge.processElement1(
                    new StreamRecord<>(new CounterSample(CUT, "c" + i, 1, (long) i, "")));
            deduct(CUT, true, "c" + i, "100");
        }
        pass(CUT);

        assertThat(audits()).hasSize(10).allMatch(audit -> audit.action() == Action.SEEDED);
        assertThat(side(TAGS.corrections()))
                .extracting(CounterCorrection::amount)
                .contains(100 * Micros.ONE, 100 * Micros.ONE - 9);
        assertThat(side(TAGS.alerts())).isEmpty();
    }

    @Test
    void deductionsWithoutSamplesAreForgotten() throws Exception {
        deduct(CUT, "a", "100");
        pass(CUT);

        assertThat(audits()).isEmpty();
        assertThat(judge.numKeyedStateEntries()).isZero();
    }

    @Test
    void judgesAfterARestartWhatWasSampledBefore() throws Exception {
        compare(CUT, "a", "200", "100");
        OperatorSubtaskState state = judge.snapshot(1, 1);
        judge.close();
        judge = harness(state);
        pass(CUT);

        assertThat(audits()).extracting(SyncAudit::action).containsExactly(Action.CORRECTED);
        assertThat(judge.extractOutputValues()).hasSize(2);
    }

    private static KeyedTwoInputStreamOperatorTestHarness<
                    Integer, CounterSample, Deduction, BudgetNotice>
            harness(@Nullable OperatorSubtaskState state) throws Exception {
        var harness =
                new KeyedTwoInputStreamOperatorTestHarness<
                        Integer, CounterSample, Deduction, BudgetNotice>(
                        new KeyedCoProcessOperator<>(new JudgeCounters(TOLERANCE, TAGS)),
                        sample -> 0,
                        deduction -> 0,
                        Types.INT);
        harness.setup(
                TypeInformation.of(BudgetNotice.class)
                        .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        harness.setProcessingTime(CUT);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private void compare(long cut, String campaign, @Nullable String counter, String deduction)
            throws Exception {
        Long micros = counter == null ? null : (Long) Micros.parse(counter);
        judge.processElement1(new StreamRecord<>(new CounterSample(cut, campaign, 1, micros, "")));
        deduct(cut, campaign, deduction);
    }

    private void deduct(long cut, String campaign, String deduction) throws Exception {
        deduct(cut, false, campaign, deduction);
    }

    private void deduct(long cut, boolean afterLoss, String campaign, String deduction)
            throws Exception {
        long micros = Micros.parse(deduction);
        judge.processElement2(
                new StreamRecord<>(
                        new Deduction(
                                cut, afterLoss, campaign, 1, micros, micros, micros, null, 7)));
    }

    private void pass(long cut) throws Exception {
        judge.processBothWatermarks(new Watermark(cut + TOLERANCE));
    }

    private List<SyncAudit> audits() {
        return side(TAGS.audits());
    }

    private <T> List<T> side(OutputTag<T> tag) {
        List<T> found = new ArrayList<>();
        var queue = judge.getSideOutput(tag);
        if (queue != null) {
            queue.forEach(record -> found.add(record.getValue()));
            queue.clear();
        }
        return found;
    }
}
