package io.adstream.dashboard.store;

import java.time.Instant;

/** Makes what the stores throw, for tests of those who read them. */
public final class StoreExceptions {

    private StoreExceptions() {}

    public static StoreException away(String reason, Instant since) {
        return StoreException.away(Service.REDIS, since, reason);
    }
}
