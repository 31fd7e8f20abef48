package io.adstream.features.retarget;

import io.adstream.common.json.JsonObject;

/**
 * The SIGNAL and CANCEL records of topic {@code user-signals}: {@code
 * conf/schemas/out/user-signals.schema.json}.
 */
public final class SignalRecord {

    private static final int SCHEMA_VERSION = 1;

    private SignalRecord() {}

    /** The record as JSON. */
    public static String value(SignalNotice notice) {
        Signal signal = notice.signal();
        JsonObject json =
                new JsonObject(280)
                        .number("schema_version", SCHEMA_VERSION)
                        .text("type", notice.cancelled() ? "CANCEL" : "SIGNAL")
                        .text("user_id", signal.userId())
                        .text("signal_id", signal.id())
                        .text("signal", signal.type().name())
                        .text("product_id", signal.product());
        if (!notice.cancelled()) {
            json.time("expires_at", signal.expiresAt());
        }
        return json.time("at", notice.at()).toString();
    }
}
