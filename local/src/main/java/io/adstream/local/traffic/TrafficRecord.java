package io.adstream.local.traffic;

import io.adstream.common.event.RejectCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One record to be sent, and what the simulator knows about it. The arrays are shared with other
 * records (a duplicate has the bytes of its original): do not change them.
 */
public final class TrafficRecord {

    final InputTopic topic;
    final byte @Nullable [] key;
    final byte @Nullable [] value;
    final long sentAt;
    final long eventTime;
    Verdict verdict = Verdict.VALID;
    @Nullable RejectCode code;
    @Nullable String defect;
    boolean amending;

    String type = "";
    boolean hasId;
    long idHigh;
    long idLow;
    @Nullable Ad ad;
    long costMicros;
    long valueMicros;
    @Nullable Journey journey;

    TrafficRecord(
            InputTopic topic,
            byte @Nullable [] key,
            byte @Nullable [] value,
            long sentAt,
            long eventTime) {
        this.topic = topic;
        this.key = key;
        this.value = value;
        this.sentAt = sentAt;
        this.eventTime = eventTime;
    }

    /** Says what event it is; the sequence's current id is its own. */
    void identify(String eventType, Ids ids) {
        type = eventType;
        hasId = true;
        idHigh = ids.high();
        idLow = ids.low();
    }

    /** The same event once more, later: other bytes, key and verdict as given. */
    TrafficRecord again(
            byte @Nullable [] newKey, byte @Nullable [] newValue, long at, Verdict newVerdict) {
        TrafficRecord copy = new TrafficRecord(topic, newKey, newValue, at, eventTime);
        copy.verdict = newVerdict;
        copy.type = type;
        copy.hasId = hasId;
        copy.idHigh = idHigh;
        copy.idLow = idLow;
        copy.ad = ad;
        return copy;
    }

    public InputTopic topic() {
        return topic;
    }

    /** The record's key; null lets the producer choose the partition. */
    public byte @Nullable [] key() {
        return key;
    }

    /** The record's value; null is a tombstone (one of the malformed records). */
    public byte @Nullable [] value() {
        return value;
    }

    /** When it is sent, on the simulated clock, epoch milliseconds. */
    public long sentAt() {
        return sentAt;
    }

    /**
     * When it happened, epoch milliseconds. Of a rejected record: what it would have said, were it
     * whole; the text may say something else.
     */
    public long eventTime() {
        return eventTime;
    }

    /** Where it is expected to end. */
    public Verdict verdict() {
        return verdict;
    }

    /** Why it is expected to be rejected; null for every other verdict. */
    public @Nullable RejectCode code() {
        return code;
    }

    /** What is wrong with it, in words such as {@code truncated}; null where nothing is. */
    public @Nullable String defect() {
        return defect;
    }

    /** {@code VALID}, {@code DUPLICATE}, {@code LATE}, or the reject code. */
    public String expected() {
        return code == null ? verdict.name() : code.name();
    }

    /** Whether it is sent after its minute closed, but within the allowed lateness. */
    public boolean amending() {
        return amending;
    }

    /** The event type as written in the record. */
    public String type() {
        return type;
    }

    /** The event id; null where the record has none. Makes a string on each call. */
    public @Nullable String eventId() {
        return hasId ? uuid(idHigh, idLow) : null;
    }

    /** The ad; null where the event names none. */
    public @Nullable String adId() {
        return ad == null ? null : ad.id();
    }

    /** The campaign; null where the event names no ad. */
    public @Nullable String campaignId() {
        return ad == null ? null : ad.campaign().id();
    }

    /** The advertiser; null where the event names no ad (a pixel may still name one). */
    public @Nullable String advertiserId() {
        return ad == null ? null : ad.campaign().advertiserId();
    }

    /** {@code actual_price} of a click, in micros; else 0. */
    public long costMicros() {
        return costMicros;
    }

    /** {@code conversion_value} of a conversion, in micros; else 0. */
    public long valueMicros() {
        return valueMicros;
    }

    /** The journey behind a conversion; null for every other event and where nobody knows it. */
    public @Nullable Journey journey() {
        return journey;
    }

    static String uuid(long high, long low) {
        String digits = String.format(Locale.ROOT, "%016x%016x", high, low);
        return digits.substring(0, 8)
                + '-'
                + digits.substring(8, 12)
                + '-'
                + digits.substring(12, 16)
                + '-'
                + digits.substring(16, 20)
                + '-'
                + digits.substring(20);
    }
}
