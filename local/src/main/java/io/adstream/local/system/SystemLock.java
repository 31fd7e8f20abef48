package io.adstream.local.system;

import io.adstream.local.CommandFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Held by the one supervisor of a data directory for as long as it lives. */
final class SystemLock implements AutoCloseable {

    private final FileChannel channel;

    private SystemLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock; empty where another supervisor has it. */
    static Optional<SystemLock> tryAcquire(DataDir data) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            data.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new SystemLock(channel));
        } catch (IOException e) {
            throw new CommandFailure(data.lockFile() + " cannot be locked: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CommandFailure("the lock cannot be released: " + e.getMessage(), e);
        }
    }
}
