package io.adstream.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.local.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PortCheckTest {

    @TempDir Path folder;

    @Test
    void namesTheBusyPortAndTheOption() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> PortCheck.requireFree(Map.of("Kafka", holder.getLocalPort())))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("port " + holder.getLocalPort() + " (Kafka) is taken")
                    .hasMessageContaining("--port-offset");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void namesTheHolderWhereItIsKnown() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortHolder.of(holder.getLocalPort()))
                    .hasValueSatisfying(
                            name ->
                                    assertThat(name)
                                            .contains("pid " + ProcessHandle.current().pid()));
        }
    }

    @Test
    void acceptsAFreePort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        PortCheck.requireFree(Map.of("Kafka", port));
        assertThat(PortCheck.isFree(port)).isTrue();
    }

    @Test
    void readsOnlyListeningSocketsOfThePort() throws IOException {
        Path table = folder.resolve("tcp");
        Files.write(
                table,
                List.of(
                        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
                        "   0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1",
                        "   1: 0100007F:1F91 0100007F:C000 01 00000000:00000000 00:00000000 00000000     0        0 222 1",
                        "   2: 00000000:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1"));

        assertThat(PortHolder.sockets(table, 8081)).containsExactly("socket:[111]");
        assertThat(PortHolder.sockets(table, 9092)).containsExactly("socket:[333]");
        assertThat(PortHolder.sockets(table, 1)).isEmpty();
    }
}
