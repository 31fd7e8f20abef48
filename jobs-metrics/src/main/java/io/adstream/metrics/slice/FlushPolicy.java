package io.adstream.metrics.slice;

/**
 * When what was added up is handed on. Soon, since live values wait for it; but what is handed on
 * costs per slice, so that waiting pays where each slice then stands for more events.
 *
 * <p>Pure.
 */
final class FlushPolicy {

    /** The longest wait of a job that keeps up, in ms: half of the second that live values have. */
    static final long PATIENCE_MILLIS = 500;

    /** The longest wait of a job that works off a backlog, in ms. */
    static final long LONGEST_MILLIS = 2000;

    /** The part of the delay by which a value may be later still. */
    private static final int DELAY_SHARE = 10;

    /** So few slices may leave without a look at what they are worth. */
    static final int CHEAP_SLICES = 1500;

    /** Events per slice from which waiting longer is not worth it. */
    static final int WORTHWHILE_EVENTS = 32;

    private FlushPolicy() {}

    /**
     * @param slices how many wait
     * @param events how many they stand for
     * @param waitedMillis how long the oldest of them has waited
     * @param delayMillis how long ago the newest of the events arrived in Kafka
     */
    static boolean isDue(int slices, long events, long waitedMillis, long delayMillis) {
        if (events >= (long) WORTHWHILE_EVENTS * slices) {
            return true;
        }
        long patience = Math.min(LONGEST_MILLIS, delayMillis / DELAY_SHARE);
        return waitedMillis
                >= (slices <= CHEAP_SLICES ? patience : Math.max(PATIENCE_MILLIS, patience));
    }
}
