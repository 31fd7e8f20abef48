package io.adstream.testing.services;

import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL in a container. */
final class ContainerPostgres extends PostgresServer {

    private final PostgreSQLContainer container =
            new PostgreSQLContainer(DockerImageName.parse("postgres:17-alpine"))
                    .withUsername("postgres")
                    .withPassword("postgres")
                    .withDatabaseName("postgres")
                    .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=200");

    ContainerPostgres() {
        container.start();
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
    }

    @Override
    public String user() {
        return container.getUsername();
    }

    @Override
    public String password() {
        return container.getPassword();
    }

    @Override
    public void close() {
        container.stop();
    }
}
