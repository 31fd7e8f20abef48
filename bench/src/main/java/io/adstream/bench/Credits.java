package io.adstream.bench;

/**
 * Which clicks are credited, in sum.
 *
 * @param bySession conversions whose click was found by session
 * @param byDevice conversions whose click was found by device
 * @param sessionSum of pairs found by session: equal pairs in any order give equal sums
 * @param deviceSum of pairs found by device
 */
public record Credits(long bySession, long byDevice, long sessionSum, long deviceSum) {

    static final Credits NONE = new Credits(0, 0, 0, 0);

    Credits plus(boolean session, String conversionId, String clickId) {
        long pair = pair(conversionId, clickId);
        return session
                ? new Credits(bySession + 1, byDevice, sessionSum + pair, deviceSum)
                : new Credits(bySession, byDevice + 1, sessionSum, deviceSum + pair);
    }

    /** The same without what only devices tell. */
    Credits sessionsAlone() {
        return new Credits(bySession, 0, sessionSum, 0);
    }

    long conversions() {
        return bySession + byDevice;
    }

    /** A number for a pair of conversion and click: unlikely to be another pair's. */
    static long pair(String conversionId, String clickId) {
        long mixed = conversionId.hashCode() * 0x9e3779b97f4a7c15L + clickId.hashCode();
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        return mixed ^ (mixed >>> 27);
    }
}
