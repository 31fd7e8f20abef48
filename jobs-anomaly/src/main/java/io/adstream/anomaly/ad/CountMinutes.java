package io.adstream.anomaly.ad;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Counts events per ad and minute, and of all together per minute, before they are sent to where
 * they are judged. Nobody looks at a minute before its end, so that counts leave only then, and
 * before a checkpoint barrier: nothing here is state.
 */
public final class CountMinutes extends AbstractStreamOperator<AdMinute>
        implements OneInputStreamOperator<InputEvent, AdMinute> {

    private static final long serialVersionUID = 1L;

    private static final int MAX_ADS = 200_000;
    private static final String NOBODY = "";

    private final OutputTag<AdMinute> platform;

    private transient TreeMap<Long, Map<String, Counts>> minutes;
    private transient int ads;
    private transient Counter withoutAd;

    private static final class Counts {
        String campaignId = NOBODY;
        String advertiserId = NOBODY;
        final long[] byType = new long[3];
        final ClickIds clickIds = new ClickIds();
    }

    /**
     * @param platform where counts of all ads together go
     */
    public CountMinutes(OutputTag<AdMinute> platform) {
        this.platform = platform;
    }

    @Override
    public void open() throws Exception {
        super.open();
        minutes = new TreeMap<>();
        ads = 0;
        withoutAd = getMetricGroup().addGroup("adstream").counter("conversionsWithoutAd");
    }

    @Override
    public void processElement(StreamRecord<InputEvent> element) {
        InputEvent event = element.getValue();
        long minute = Math.floorDiv(event.eventTime, AdWatch.MINUTE) * AdWatch.MINUTE;
        Map<String, Counts> counts = minutes.computeIfAbsent(minute, any -> new HashMap<>());
        of(counts, NOBODY).byType[event.eventType]++;
        String adId = event.string(AdEvents.AD_ID);
        if (adId == null
                || !event.has(AdEvents.CAMPAIGN_ID)
                || !event.has(AdEvents.ADVERTISER_ID)) {
            withoutAd.inc();
            return;
        }
        Counts ad = of(counts, adId);
        ad.byType[event.eventType]++;
        if (event.eventType == AdEvents.CLICK) {
            ad.clickIds.add(Objects.requireNonNull(event.string(AdEvents.EVENT_ID)));
        }
        if (ad.campaignId.isEmpty()) {
            ad.campaignId = Objects.requireNonNull(event.string(AdEvents.CAMPAIGN_ID));
            ad.advertiserId = Objects.requireNonNull(event.string(AdEvents.ADVERTISER_ID));
        }
        if (ads > MAX_ADS) {
            flushBefore(Long.MAX_VALUE);
        }
    }

    private Counts of(Map<String, Counts> counts, String adId) {
        Counts known = counts.get(adId);
        if (known == null) {
            known = new Counts();
            counts.put(adId, known);
            ads++;
        }
        return known;
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flushBefore(mark.getTimestamp());
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flushBefore(Long.MAX_VALUE);
    }

    @Override
    public void finish() throws Exception {
        flushBefore(Long.MAX_VALUE);
        super.finish();
    }

    /** Sends the minutes that end at a time or before it. */
    private void flushBefore(long time) {
        Iterator<Map.Entry<Long, Map<String, Counts>>> all = minutes.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Long, Map<String, Counts>> minute = all.next();
            if (minute.getKey() + AdWatch.MINUTE - 1 > time) {
                break;
            }
            minute.getValue().forEach((adId, counts) -> send(minute.getKey(), adId, counts));
            ads -= minute.getValue().size();
            all.remove();
        }
    }

    private void send(long minute, String adId, Counts counts) {
        AdMinute delta =
                new AdMinute(
                        adId,
                        counts.campaignId,
                        counts.advertiserId,
                        minute,
                        counts.byType[AdEvents.IMPRESSION],
                        counts.byType[AdEvents.CLICK],
                        counts.byType[AdEvents.CONVERSION],
                        counts.clickIds.list());
        if (adId.isEmpty()) {
            output.collect(platform, new StreamRecord<>(delta));
        } else {
            output.collect(new StreamRecord<>(delta));
        }
    }
}
