package io.adstream.metrics.slice;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import io.adstream.metrics.EntityType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Adds events up by (ad, campaign, advertiser, minute) until they are flushed.
 *
 * <p>This is what makes the job cheap: an event costs one look-up here, and all that follows costs
 * per changed entity. It also cures hot ads, since each subtask sends one delta for them.
 */
final class SliceBuffer {

    private static final long MINUTE = 60_000;
    private static final int INITIAL_SLOTS = 1024;

    private Slice[] slots = new Slice[INITIAL_SLOTS];
    private int size;
    private long events;
    private long earliestMinute = Long.MAX_VALUE;
    private long newestArrival = Long.MIN_VALUE;

    /** Whether the event belongs to an ad, a campaign and an advertiser, as windows need it. */
    static boolean isComplete(InputEvent event) {
        return event.length(AdEvents.AD_ID) > 0
                && event.length(AdEvents.CAMPAIGN_ID) > 0
                && event.length(AdEvents.ADVERTISER_ID) > 0;
    }

    /** Adds a {@linkplain #isComplete complete} event. */
    void add(InputEvent event) {
        long minute = Math.floorDiv(event.eventTime, MINUTE) * MINUTE;
        int hash = hash(event, minute);
        int at = hash & (slots.length - 1);
        Slice slice = slots[at];
        while (slice != null && (slice.hash != hash || !slice.isOf(event, minute))) {
            at = (at + 1) & (slots.length - 1);
            slice = slots[at];
        }
        if (slice == null) {
            slice = new Slice(hash, minute, event);
            slots[at] = slice;
            earliestMinute = Math.min(earliestMinute, minute);
            if (++size > slots.length / 2) {
                grow();
            }
        }
        slice.add(event);
        newestArrival = Math.max(newestArrival, event.kafkaTimestamp);
        events++;
    }

    /** Number of slices that wait. */
    int size() {
        return size;
    }

    /** Number of events that wait. */
    long events() {
        return events;
    }

    /** When the newest of the events that wait arrived in Kafka, epoch milliseconds. */
    long newestArrival() {
        return newestArrival;
    }

    /** Whether a slice waits whose minute has ended at a watermark. */
    boolean holdsMinuteEndedBy(long watermark) {
        return size > 0 && earliestMinute + MINUTE - 1 <= watermark;
    }

    /** Hands over what was added: one delta per ad, campaign and advertiser and minute. */
    void flush(Consumer<SliceDelta> out) {
        if (size == 0) {
            return;
        }
        Map<Long, Parents> parents = new HashMap<>();
        for (Slice slice : slots) {
            if (slice == null) {
                continue;
            }
            String campaignId = slice.campaignId();
            String advertiserId = slice.advertiserId();
            SliceDelta ad = new SliceDelta(EntityType.AD.key(slice.adId()), slice.minute);
            ad.addSums(slice);
            ad.latest = slice.latest(campaignId, advertiserId);
            ad.arrival = newestArrival;
            out.accept(ad);
            Parents ofMinute = parents.computeIfAbsent(slice.minute, Parents::new);
            ofMinute.campaign(campaignId).addSums(slice);
            ofMinute.advertiser(advertiserId).addSums(slice);
        }
        for (Parents ofMinute : parents.values()) {
            ofMinute.handOver(newestArrival, out);
        }
        if (slots.length > INITIAL_SLOTS && size < slots.length / 8) {
            slots = new Slice[slots.length / 2];
        } else {
            Arrays.fill(slots, null);
        }
        size = 0;
        events = 0;
        earliestMinute = Long.MAX_VALUE;
        newestArrival = Long.MIN_VALUE;
    }

    private void grow() {
        Slice[] old = slots;
        slots = new Slice[old.length * 2];
        for (Slice slice : old) {
            if (slice != null) {
                int at = slice.hash & (slots.length - 1);
                while (slots[at] != null) {
                    at = (at + 1) & (slots.length - 1);
                }
                slots[at] = slice;
            }
        }
    }

    private static int hash(InputEvent event, long minute) {
        int hash = (int) (minute / MINUTE);
        hash = hash(event, AdEvents.AD_ID, hash);
        hash = hash(event, AdEvents.CAMPAIGN_ID, hash);
        hash = hash(event, AdEvents.ADVERTISER_ID, hash);
        hash ^= hash >>> 16;
        hash *= 0x85EBCA6B;
        return hash ^ (hash >>> 13);
    }

    private static int hash(InputEvent event, int field, int seed) {
        byte[] bytes = event.bytes(field);
        int from = event.offset(field);
        int to = from + event.length(field);
        int hash = seed * 31 + (to - from);
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }

    /** The campaigns and advertisers of one minute, by their ids. */
    private static final class Parents {

        private final long minute;
        private final Map<String, SliceDelta> campaigns = new HashMap<>();
        private final Map<String, SliceDelta> advertisers = new HashMap<>();

        Parents(long minute) {
            this.minute = minute;
        }

        SliceDelta campaign(String id) {
            return of(EntityType.CAMPAIGN, id, campaigns);
        }

        SliceDelta advertiser(String id) {
            return of(EntityType.ADVERTISER, id, advertisers);
        }

        /** The key is put together once per entity, not once per slice. */
        private SliceDelta of(EntityType type, String id, Map<String, SliceDelta> deltas) {
            SliceDelta delta = deltas.get(id);
            if (delta == null) {
                delta = new SliceDelta(type.key(id), minute);
                deltas.put(id, delta);
            }
            return delta;
        }

        void handOver(long arrival, Consumer<SliceDelta> out) {
            handOver(campaigns, arrival, out);
            handOver(advertisers, arrival, out);
        }

        private static void handOver(
                Map<String, SliceDelta> deltas, long arrival, Consumer<SliceDelta> out) {
            for (SliceDelta delta : deltas.values()) {
                delta.arrival = arrival;
                out.accept(delta);
            }
        }
    }
}
