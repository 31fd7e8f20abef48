package io.adstream.features.profile;

import io.adstream.common.json.JsonObject;

/**
 * The PROFILE record of topic {@code user-signals}: {@code
 * conf/schemas/out/user-signals.schema.json}.
 */
public final class ProfileRecord {

    private static final int SCHEMA_VERSION = 1;

    private ProfileRecord() {}

    /** The record as JSON. */
    public static String value(ProfileRow row) {
        JsonObject json =
                new JsonObject(200 + 40 * row.interests().size())
                        .number("schema_version", SCHEMA_VERSION)
                        .text("type", "PROFILE")
                        .text("user_id", row.userId());
        for (ProfileRow.Interest interest : row.interests()) {
            json.decimal("interest:" + interest.category(), interest.value());
        }
        return json.texts("top_categories", row.topCategories())
                .decimal("engagement_score", row.engagementScore())
                .time("updated_at", row.updatedAt())
                .toString();
    }
}
