package io.adstream.dashboard.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A service did not give what was asked of it. The message is for those who look at the page. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final @Nullable Instant since;

    private StoreException(String message, @Nullable Instant since, @Nullable Throwable cause) {
        super(message, cause);
        this.since = since;
    }

    /** The service cannot be reached. */
    static StoreException away(Service service, @Nullable Instant since, @Nullable String reason) {
        return new StoreException(
                service.title() + " is away" + (reason == null ? "" : ": " + reason), since, null);
    }

    /** The service is there and refuses, or needs too long. */
    static StoreException refused(Service service, String reason, @Nullable Throwable cause) {
        return new StoreException(service.title() + " refuses: " + reason, null, cause);
    }

    /** Since when the service is away; null where it is there, or that is not known. */
    public @Nullable Instant since() {
        return since;
    }
}
