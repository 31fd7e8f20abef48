package io.adstream.local;

import io.adstream.local.system.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports for a system that a test starts. */
final class FreePorts {

    private FreePorts() {}

    /** An offset at which no port is taken at this moment. */
    static int offset() {
        for (int candidate = 11_000; candidate < 22_000; candidate += 173) {
            if (new Ports(candidate).byUse().values().stream().allMatch(FreePorts::isFree)) {
                return candidate;
            }
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
