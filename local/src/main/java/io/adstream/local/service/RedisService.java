package io.adstream.local.service;

import io.adstream.local.CommandFailure;
import io.adstream.local.install.RedisBinary;
import io.adstream.local.process.ProcessSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Redis; what it holds is in an append-only file and survives. */
public final class RedisService implements Service {

    public static final String NAME = "redis";

    private static final int PATIENCE_MILLIS = 1_000;

    private final Path binaries;
    private final Path data;
    private final Path log;
    private final int port;
    private @Nullable Path program;

    /**
     * @param binaries where programs are unpacked
     * @param data the folder for its data
     * @param log the file that takes its log
     */
    public RedisService(Path binaries, Path data, Path log, int port) {
        this.binaries = binaries;
        this.data = data;
        this.log = log;
        this.port = port;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void prepare() {
        program = RedisBinary.unpackedIn(binaries);
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new CommandFailure(data + " cannot be made: " + e.getMessage(), e);
        }
    }

    @Override
    public ProcessSpec process(int attempt) {
        return new ProcessSpec(
                NAME,
                List.of(
                        String.valueOf(program),
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        data.toString(),
                        "--appendonly",
                        "yes",
                        "--save",
                        ""),
                Map.of(),
                log,
                log);
    }

    @Override
    public boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            return "+PONG".equals(reader.readLine());
        } catch (IOException e) {
            return false;
        }
    }
}
