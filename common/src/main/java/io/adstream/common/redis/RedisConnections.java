package io.adstream.common.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.exceptions.JedisException;

/** Opens single connections; there is no pool, and so no thread that could outlive a job. */
final class RedisConnections {

    private static final Logger LOG = LoggerFactory.getLogger(RedisConnections.class);

    private RedisConnections() {}

    /**
     * Connects, and authenticates where the configuration says how.
     *
     * @throws IOException if the file with the trusted authorities cannot be used
     * @throws redis.clients.jedis.exceptions.JedisException if the server is away or refuses
     */
    static Connection open(RedisConnectionConfig config) throws IOException {
        int timeout = Math.toIntExact(config.timeout().toMillis());
        DefaultJedisClientConfig.Builder client =
                DefaultJedisClientConfig.builder()
                        .protocol(RedisProtocol.RESP2)
                        .autoNegotiateProtocol(false)
                        .connectionTimeoutMillis(timeout)
                        .socketTimeoutMillis(timeout)
                        .database(config.database())
                        .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        if (config.password() != null) {
            client.user(config.user()).password(config.password());
        }
        if (config.tls()) {
            client.sslOptions(
                    config.tlsCaFile() == null
                            ? SslOptions.defaults()
                            : trusting(Path.of(config.tlsCaFile())));
        }
        return new Connection(new HostAndPort(config.host(), config.port()), client.build());
    }

    /** Closes a connection in whatever state it is. */
    static void close(Connection connection) {
        try {
            connection.forceDisconnect();
        } catch (IOException | JedisException e) {
            LOG.debug("A connection to Redis did not close cleanly", e);
        }
    }

    private static SslOptions trusting(Path pem) throws IOException {
        char[] password = "in-memory".toCharArray(); // PKCS #12 asks for one
        ByteArrayOutputStream store = new ByteArrayOutputStream();
        try (InputStream in = Files.newInputStream(pem)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (Certificate authority :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + number++, authority);
            }
            trusted.store(store, password);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "The file " + pem + " has no X.509 certificates in PEM form to trust", e);
        }
        return SslOptions.builder()
                .trustStoreType("PKCS12")
                .truststore(() -> new ByteArrayInputStream(store.toByteArray()), password)
                .sslVerifyMode(SslVerifyMode.FULL)
                .build();
    }
}
