package io.adstream.testing.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Where a job finds the services of a test, as its settings say it. */
public final class ServiceSettings {

    private ServiceSettings() {}

    /**
     * Settings that may be added to.
     *
     * @param prefix before the names of topics, transactions and the group
     * @param folder takes a file with the database's password
     */
    public static Map<String, String> of(
            KafkaBroker kafka, RedisServer redis, TestDatabase database, String prefix, Path folder)
            throws IOException {
        Path password = Files.writeString(folder.resolve("password"), database.password());
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap-servers", kafka.bootstrapServers());
        settings.put("kafka.topic-prefix", prefix);
        settings.put("kafka.transactional-id-prefix", prefix + "transaction");
        settings.put("kafka.group-id", prefix + "group");
        settings.put("redis.host", redis.host());
        settings.put("redis.port", String.valueOf(redis.port()));
        settings.put("postgres.url", database.jdbcUrl());
        settings.put("postgres.user", database.user());
        settings.put("postgres.password-file", password.toString());
        return settings;
    }
}
