package io.adstream.local.traffic;

import io.adstream.common.event.RejectCode;
import java.util.EnumMap;
import java.util.Map;

/** The truth of a run: how many records of each kind were made, and what the valid ones sum to. */
public final class Tally {

    /** The counts of one topic. */
    public static final class OfTopic {
        private long sent;
        private final long[] verdicts = new long[Verdict.values().length];
        private final Map<RejectCode, Long> rejected = new EnumMap<>(RejectCode.class);

        /** All records: valid + duplicate + late + rejected. */
        public long sent() {
            return sent;
        }

        /** Records expected to end so. */
        public long of(Verdict verdict) {
            return verdicts[verdict.ordinal()];
        }

        /** Rejected records by code; codes without one are absent. */
        public Map<RejectCode, Long> rejectedByCode() {
            return Map.copyOf(rejected);
        }
    }

    private final Map<InputTopic, OfTopic> topics = new EnumMap<>(InputTopic.class);
    private long impressions;
    private long clicks;
    private long conversions;
    private long conversionsWithoutAd;
    private long costMicros;
    private long revenueMicros;
    private long revenueWithoutAdMicros;
    private final long[] journeys = new long[Journey.Reach.values().length];
    private long amending;
    private long firstEventTime = Long.MAX_VALUE;
    private long lastEventTime = Long.MIN_VALUE;

    Tally() {
        for (InputTopic topic : InputTopic.values()) {
            topics.put(topic, new OfTopic());
        }
    }

    void add(TrafficRecord record) {
        OfTopic counts = of(record.topic);
        counts.sent++;
        counts.verdicts[record.verdict.ordinal()]++;
        if (record.code != null) {
            counts.rejected.merge(record.code, 1L, Long::sum);
        }
        if (record.verdict != Verdict.VALID) {
            return;
        }
        firstEventTime = Math.min(firstEventTime, record.eventTime);
        lastEventTime = Math.max(lastEventTime, record.eventTime);
        if (record.amending) {
            amending++;
        }
        if (record.topic != InputTopic.AD_EVENTS) {
            return;
        }
        switch (record.type) {
            case "IMPRESSION" -> impressions++;
            case "CLICK" -> {
                clicks++;
                costMicros += record.costMicros;
            }
            default -> {
                if (record.journey != null) {
                    journeys[record.journey.reach().ordinal()]++;
                }
                if (record.ad == null) {
                    conversionsWithoutAd++;
                    revenueWithoutAdMicros += record.valueMicros;
                } else {
                    conversions++;
                    revenueMicros += record.valueMicros;
                }
            }
        }
    }

    /** The counts of a topic. */
    public OfTopic of(InputTopic topic) {
        return topics.get(topic);
    }

    /** Records of all topics. */
    public long sent() {
        long sum = 0;
        for (OfTopic counts : topics.values()) {
            sum += counts.sent;
        }
        return sum;
    }

    /** Valid impressions. */
    public long impressions() {
        return impressions;
    }

    /** Valid clicks. */
    public long clicks() {
        return clicks;
    }

    /** Valid conversions that name their ad, and so count into windows. */
    public long conversions() {
        return conversions;
    }

    /** Valid conversions that name no ad, and so count into no window. */
    public long conversionsWithoutAd() {
        return conversionsWithoutAd;
    }

    /** What the valid clicks cost, in micros (currencies added up as if they were one). */
    public long costMicros() {
        return costMicros;
    }

    /** The value of the valid conversions that name their ad, in micros. */
    public long revenueMicros() {
        return revenueMicros;
    }

    /** The value of the valid conversions that name no ad, in micros. */
    public long revenueWithoutAdMicros() {
        return revenueWithoutAdMicros;
    }

    /** Valid conversions that clicks led to which can be found so. */
    public long journeys(Journey.Reach reach) {
        return journeys[reach.ordinal()];
    }

    /** Valid records that amend a minute already closed. */
    public long amending() {
        return amending;
    }

    /** The least event time of a valid record; {@link Long#MAX_VALUE} where there is none. */
    public long firstEventTime() {
        return firstEventTime;
    }

    /** The greatest event time of a valid record; {@link Long#MIN_VALUE} where there is none. */
    public long lastEventTime() {
        return lastEventTime;
    }
}
