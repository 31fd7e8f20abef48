package io.adstream.metrics;

import java.util.Locale;

/** What the metrics are kept for. */
public enum EntityType {
    AD,
    CAMPAIGN,
    ADVERTISER;

    private static final EntityType[] VALUES = values();

    private final String redisPrefix = name().toLowerCase(Locale.ROOT);

    /** The first part of a Redis key: ad, campaign or advertiser. */
    public String redisPrefix() {
        return redisPrefix;
    }

    /** One string for type and id, to key a stream by. */
    public String key(String id) {
        return (char) ('0' + ordinal()) + id;
    }

    /** The type in a {@link #key(String)}. */
    public static EntityType ofKey(String key) {
        return VALUES[key.charAt(0) - '0'];
    }

    /** The id in a {@link #key(String)}. */
    public static String idOfKey(String key) {
        return key.substring(1);
    }
}
