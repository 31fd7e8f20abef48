package io.adstream.local.process;

import io.adstream.local.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** A file that says which process has a name: its pid and when it started, a line each. */
public final class PidFile {

    private final Path file;

    public PidFile(Path file) {
        this.file = file;
    }

    /** Notes a process; a crash leaves the old file or the new one, nothing between. */
    public void write(ProcessIdentity process) {
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.write(next, List.of(String.valueOf(process.pid()), process.started()));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** The process that was noted, whether it runs or not; empty without a readable file. */
    public Optional<ProcessIdentity> read() {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.size() < 2
                    ? Optional.empty()
                    : Optional.of(new ProcessIdentity(Long.parseLong(lines.get(0)), lines.get(1)));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The process that was noted, where it runs. */
    public Optional<ProcessIdentity> alive() {
        return read().filter(ProcessIdentity::isAlive);
    }

    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be deleted: " + e.getMessage(), e);
        }
    }
}
