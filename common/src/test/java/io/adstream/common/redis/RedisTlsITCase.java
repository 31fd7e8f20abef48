package io.adstream.common.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;

class RedisTlsITCase {

    private static final String PASSWORD = "changeit";

    @TempDir private Path folder;

    @Test
    void connectsToAServerWhoseAuthorityIsTrustedAndToNoOther() throws Exception {
        Path certificate = folder.resolve("server.crt");
        Path key = folder.resolve("server.key");
        makeCertificate(certificate, key);
        int port = freePort();
        try (RedisProcess server =
                RedisServer.start(
                        folder,
                        "--tls-port",
                        String.valueOf(port),
                        "--tls-cert-file",
                        certificate.toString(),
                        "--tls-key-file",
                        key.toString(),
                        "--tls-ca-cert-file",
                        certificate.toString(),
                        "--tls-auth-clients",
                        "no")) {
            RedisConnectionConfig config = RedisConnectionConfig.of(server.host(), port);
            try (Connection connection =
                    RedisConnections.open(config.withTls(certificate.toString()))) {
                assertThat(connection.ping()).isTrue();
            }
            RedisConnectionConfig trustsTheUsualAuthorities = config.withTls(null);
            assertThatThrownBy(() -> RedisConnections.open(trustsTheUsualAuthorities))
                    .isInstanceOf(JedisConnectionException.class);
        }
    }

    @Test
    void aFileWithoutCertificatesIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n!");

        assertThatThrownBy(
                        () ->
                                RedisConnections.open(
                                        RedisConnectionConfig.of("localhost", 1)
                                                .withTls(file.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.pem");
    }

    /** A certificate for 127.0.0.1 that signs itself, and its key, as Redis wants them. */
    private void makeCertificate(Path certificate, Path key) throws Exception {
        Path store = folder.resolve("server.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "server",
                                "-keyalg",
                                "RSA",
                                "-dname",
                                "CN=redis",
                                "-ext",
                                "SAN=ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        writePem(certificate, "CERTIFICATE", keys.getCertificate("server").getEncoded());
        writePem(key, "PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
    }

    private static void writePem(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
        Files.writeString(
                file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
