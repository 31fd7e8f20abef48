package io.adstream.testing.services;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the shared servers as parameters: {@link KafkaBroker}, {@link RedisServer}, {@link
 * PostgresServer}, and a new {@link TestDatabase} per parameter.
 */
public final class ServicesExtension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == KafkaBroker.class
                || type == RedisServer.class
                || type == PostgresServer.class
                || type == TestDatabase.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == KafkaBroker.class) {
            return Services.kafka();
        }
        if (type == RedisServer.class) {
            return Services.redis();
        }
        return type == PostgresServer.class
                ? Services.postgres()
                : Services.postgres().newDatabase();
    }
}
