package io.adstream.local.install;

import io.adstream.local.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import redis.embedded.RedisExecProvider;

/** The redis-server program that the class path carries for this platform. */
public final class RedisBinary {

    private RedisBinary() {}

    /** The program's path below {@code folder}; unpacked unless an earlier call did. */
    public static Path unpackedIn(Path folder) {
        Path target = folder.resolve("redis-server");
        if (Files.isExecutable(target)) {
            return target;
        }
        try {
            Files.createDirectories(folder);
            Path unpacked = RedisExecProvider.defaultProvider().get().toPath();
            Path aside = Files.createTempFile(folder, "redis-server-", "");
            Files.copy(unpacked, aside, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rwxr-xr-x"));
            return Files.move(
                    aside,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure(
                    "Redis cannot be unpacked into " + folder + ": " + e.getMessage(), e);
        }
    }
}
