package io.adstream.local.process;

import io.adstream.local.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Refuses to start where another program has a port that is needed. */
public final class PortCheck {

    private PortCheck() {}

    /**
     * Tries each port.
     *
     * @param ports the ports by what they are for, as {@code kafka → 9092}
     * @throws CommandFailure naming every port that is taken, its holder if known, and the option
     */
    public static void requireFree(Map<String, Integer> ports) {
        List<String> taken = new ArrayList<>();
        ports.forEach(
                (name, port) -> {
                    if (!isFree(port)) {
                        taken.add(
                                "port "
                                        + port
                                        + " ("
                                        + name
                                        + ") is taken"
                                        + PortHolder.of(port)
                                                .map(holder -> " by " + holder)
                                                .orElse(""));
                    }
                });
        if (!taken.isEmpty()) {
            throw new CommandFailure(
                    String.join("; ", taken)
                            + ". Stop what holds it, or move all ports with --port-offset N"
                            + " (for example --port-offset 10000).");
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
