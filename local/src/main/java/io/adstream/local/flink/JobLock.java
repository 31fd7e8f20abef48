package io.adstream.local.flink;

import io.adstream.local.CommandFailure;
import io.adstream.local.system.DataDir;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps the supervisor and a user's command from starting the same job at the same time. */
public final class JobLock implements AutoCloseable {

    private final FileChannel channel;
    private final @Nullable FileLock lock;

    private JobLock(FileChannel channel, @Nullable FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Takes the lock if another process does not have it. */
    public static JobLock tryAcquire(DataDir data, String job) {
        Path file = data.jobFile(job).resolveSibling(job + ".lock");
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new JobLock(channel, channel.tryLock());
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be locked: " + e.getMessage(), e);
        }
    }

    public boolean isHeld() {
        return lock != null;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CommandFailure("a lock cannot be released: " + e.getMessage(), e);
        }
    }
}
