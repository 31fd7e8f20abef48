package io.adstream.budget.account;

import io.adstream.budget.campaign.Campaign;
import io.adstream.budget.campaign.ControlSignal;
import io.adstream.budget.row.BudgetNotice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the account of each campaign and lets {@link BudgetControl} decide about it.
 *
 * <p>Accounts live on heap; keyed state gets those that changed, once per checkpoint. The second
 * input brings news to all subtasks: campaigns, of which each keeps its own, and the identity of
 * the Redis server. Time never goes back, also over a restart; see {@link EventClock}.
 */
public final class TrackSpend extends AbstractStreamOperator<BudgetNotice>
        implements TwoInputStreamOperator<Click, ControlSignal, BudgetNotice> {

    private static final long serialVersionUID = 1L;

    private static final long TICK_MILLIS = 1000;
    private static final long MINUTE_MILLIS = 60_000;

    /** Counters that are read in one go. */
    private static final int SAMPLED_TOGETHER = 1000;

    private static final ValueStateDescriptor<byte[]> ACCOUNT =
            new ValueStateDescriptor<>(
                    "account", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    /**
     * What the subtasks share.
     *
     * @param reached time that had been reached
     * @param redisId the Redis server that was known, or null
     * @param cut a cut that was waited for, or {@link EventClock#UNKNOWN}
     */
    public record Shared(
            long watermark,
            long movedAt,
            long reached,
            @Nullable String redisId,
            long cut,
            boolean afterLoss,
            boolean sampled) {}

    private final SpendSettings settings;
    private final SpendTags tags;

    private transient Map<String, CampaignAccount> accounts;
    private transient List<CampaignAccount> changed;
    private transient TableReading reading;
    private transient EventClock clock;
    private transient SyncSchedule schedule;
    private transient @Nullable String redisId;
    private transient AccountCodec codec;
    private transient ValueState<byte[]> state;
    private transient ListState<Shared> sharedState;
    private transient AccountStreams out;
    private transient BudgetControl control;
    private transient long minute;
    private transient long refreshAt;
    private transient long flushAt;
    private transient long sampleTimer;
    private transient Counter unknownClicks;
    private transient Counter leftOutComparisons;

    public TrackSpend(SpendSettings settings, SpendTags tags) {
        this.settings = settings;
        this.tags = tags;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        accounts = new HashMap<>();
        changed = new ArrayList<>();
        reading = new TableReading();
        clock = new EventClock();
        schedule = new SyncSchedule(settings.syncMillis(), settings.toleranceMillis());
        codec = new AccountCodec();
        long now = now();
        sharedState =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>(
                                        "shared", TypeInformation.of(Shared.class)));
        for (Shared shared : sharedState.get()) {
            clock.restore(shared.watermark, shared.movedAt, shared.reached);
            redisId = shared.redisId == null ? redisId : shared.redisId;
            if (shared.cut != EventClock.UNKNOWN) {
                schedule.restore(shared.cut, shared.afterLoss, shared.sampled, now);
            }
        }
        state =
                getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, ACCOUNT);
        if (context.isRestored()) {
            this.<String>getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            ACCOUNT,
                            (campaignId, stored) -> restore(campaignId, stored.value()));
        }
    }

    private void restore(String campaignId, byte[] stored) throws IOException {
        CampaignAccount account = AccountCodec.read(campaignId, stored);
        account.markAllDirty();
        account.days.values().forEach(day -> day.cuts.keySet().retainAll(schedule.cuts().keySet()));
        accounts.put(campaignId, account);
    }

    @Override
    public void open() throws Exception {
        super.open();
        MetricGroup metrics = getMetricGroup().addGroup("adstream");
        unknownClicks = metrics.counter("clicksOfUnknownCampaigns");
        leftOutComparisons = metrics.counter("leftOutComparisons");
        metrics.gauge("campaigns", accounts::size);
        metrics.gauge(
                "eventTimeLagMs",
                () -> clock.watermark() == EventClock.UNKNOWN ? 0 : now() - clock.watermark());
        out = new AccountStreams(output, tags, metrics);
        control = new BudgetControl(out);
        long now = now();
        clock.start(now);
        minute = Long.MIN_VALUE;
        refreshAt = now;
        flushAt = now;
        sampleTimer = Long.MAX_VALUE;
        scheduleSample();
        scheduleTick();
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    private Moment moment() {
        long now = now();
        return new Moment(clock.time(now), now);
    }

    /** The key context is set where state is touched, not for each click. */
    @Override
    @SuppressWarnings("rawtypes") // the signature is Flink's
    public void setKeyContextElement1(StreamRecord element) {}

    @Override
    public boolean hasKeyContext1() {
        return false;
    }

    @Override
    public void processElement1(StreamRecord<Click> element) {
        Click click = element.getValue();
        CampaignAccount account = account(click.campaignId());
        if (account.zone() == null) {
            unknownClicks.inc();
        }
        control.click(account, click, schedule.cuts(), settings.toleranceMillis(), moment());
        markChanged(account);
    }

    private CampaignAccount account(String campaignId) {
        return accounts.computeIfAbsent(campaignId, CampaignAccount::new);
    }

    private void markChanged(CampaignAccount account) {
        if (!account.changed) {
            account.changed = true;
            changed.add(account);
        }
    }

    @Override
    public void processElement2(StreamRecord<ControlSignal> element) {
        ControlSignal signal = element.getValue();
        switch (signal.kind()) {
            case READING -> reading.begin(accounts.values());
            case CAMPAIGN -> takeOver(Objects.requireNonNull(signal.campaign()));
            case REMOVED -> remove(Objects.requireNonNull(signal.campaignId()));
            case READ -> reading.end().forEach(this::remove);
            case REDIS -> redisAnswers(Objects.requireNonNull(signal.redisId()));
        }
    }

    private void takeOver(Campaign row) {
        reading.found(row.id());
        if (!isOwn(row.id())) {
            return;
        }
        CampaignAccount account = account(row.id());
        if (!row.equals(account.campaign)) {
            control.campaign(account, row, moment());
            markChanged(account);
        }
    }

    private boolean isOwn(String campaignId) {
        var task = getRuntimeContext().getTaskInfo();
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        campaignId,
                        task.getMaxNumberOfParallelSubtasks(),
                        task.getNumberOfParallelSubtasks())
                == task.getIndexOfThisSubtask();
    }

    private void remove(String campaignId) {
        CampaignAccount account = accounts.get(campaignId);
        if (account != null) {
            control.removed(account);
            markChanged(account);
        }
    }

    private void redisAnswers(String identity) {
        if (redisId != null && !redisId.equals(identity)) {
            refreshAt = now();
            schedule.lost(now());
            scheduleSample();
        }
        redisId = identity;
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        if (mark.getTimestamp() != Long.MAX_VALUE) { // the end of a bounded input is no time
            clock.advance(mark.getTimestamp(), now());
            advance();
            for (SyncSchedule.Cut cut : schedule.passed(mark.getTimestamp())) {
                sendDeductions(cut);
            }
        }
        output.emitWatermark(mark);
    }

    /** Ends dates, and forgets what is over, once per minute of time: no midnight is in between. */
    private void advance() {
        Moment moment = moment();
        long reached =
                moment.knowsStream() ? Math.floorDiv(moment.stream() + 1, MINUTE_MILLIS) : minute;
        if (reached <= minute) {
            return;
        }
        minute = reached;
        for (CampaignAccount account : accounts.values()) {
            long seq = account.seq;
            control.advance(account, moment);
            if (account.seq != seq) {
                markChanged(account);
            }
            if (account.hasExpired(clock.watermark(), settings.latenessMillis())) {
                account.flush(out);
                account.purge(clock.watermark(), settings.latenessMillis());
                markChanged(account);
            }
        }
    }

    /** Only clicks have time. */
    @Override
    public void processWatermark2(Watermark mark) {}

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) {
        // Time stands still while the input is silent; nobody behind needs to know.
    }

    private void scheduleTick() {
        var unused =
                getProcessingTimeService().registerTimer(now() + TICK_MILLIS, time -> onTick());
    }

    private void onTick() {
        long now = now();
        advance();
        if (clock.watermark() != EventClock.UNKNOWN) {
            if (schedule.announce(now)) {
                leftOutComparisons.inc();
            }
            scheduleSample();
        }
        if (now >= refreshAt) {
            refreshAt = now + settings.statusMillis();
            Moment moment = moment();
            for (CampaignAccount account : accounts.values()) {
                long seq = account.seq;
                control.refresh(account, clock.wasLive(), moment);
                if (account.seq != seq) {
                    markChanged(account);
                }
            }
        }
        if (now >= flushAt) {
            flushAt = now + settings.writeMillis();
            accounts.values().forEach(account -> account.flush(out));
        }
        scheduleTick();
    }

    private void scheduleSample() {
        long next = schedule.nextSample();
        if (next != Long.MAX_VALUE && next != sampleTimer) {
            sampleTimer = next;
            var unused =
                    getProcessingTimeService()
                            .registerTimer(Math.max(next, now()), time -> onSample());
        }
    }

    private void onSample() {
        sampleTimer = Long.MAX_VALUE;
        for (SyncSchedule.Cut cut = schedule.due(now()); cut != null; cut = schedule.due(now())) {
            new SampleRequests(cut.time, SAMPLED_TOGETHER, out::request)
                    .of(accounts.values(), settings.latenessMillis());
        }
        scheduleSample();
    }

    private void sendDeductions(SyncSchedule.Cut cut) {
        for (CampaignAccount account : accounts.values()) {
            Campaign campaign = account.campaign;
            if (campaign != null && cut.sampled) {
                for (long date : account.datesAt(cut.time, settings.latenessMillis())) {
                    out.deduction(account.deductionAt(cut, date, campaign));
                }
            }
            account.forgetCut(cut.time);
            markChanged(account);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<Shared> shared = new ArrayList<>();
        shared.add(share(EventClock.UNKNOWN, false, false));
        for (SyncSchedule.Cut cut : schedule.cuts().values()) {
            shared.add(share(cut.time, cut.afterLoss, cut.sampled));
        }
        sharedState.update(shared);
        KeyedStateBackend<String> backend = getKeyedStateBackend();
        for (CampaignAccount account : changed) {
            account.changed = false;
            backend.setCurrentKey(account.campaignId);
            if (account.isEmpty()) {
                accounts.remove(account.campaignId);
                state.clear();
            } else {
                state.update(codec.write(account));
            }
        }
        changed.clear();
    }

    private Shared share(long cut, boolean afterLoss, boolean sampled) {
        return new Shared(
                clock.watermark(),
                clock.movedAt(),
                clock.reached(),
                redisId,
                cut,
                afterLoss,
                sampled);
    }

    @Override
    public void finish() throws Exception {
        accounts.values().forEach(account -> account.flush(out));
        super.finish();
    }
}
