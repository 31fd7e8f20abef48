package io.adstream.local.install;

import io.adstream.local.CommandFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs, out of the archive that the class path carries for this platform. */
public final class PostgresBinaries {

    private static final int ANY_EXECUTE = 0111;

    private PostgresBinaries() {}

    /**
     * Unpacks the programs below {@code folder}, unless an earlier call did.
     *
     * @return the folder that holds {@code bin/postgres}
     */
    public static Path unpackedIn(Path folder) {
        URL archive = archive();
        Path target = folder.resolve("postgres-" + version(archive));
        if (Files.isDirectory(target)) {
            return target;
        }
        try {
            Files.createDirectories(folder);
            // Unpacked aside and renamed when whole: a crash leaves no half of it in place.
            Path aside = Files.createTempDirectory(folder, "postgres-");
            Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rwxr-xr-x"));
            unpack(archive, aside);
            try {
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!Files.isDirectory(target)) {
                    throw e;
                }
            }
            return target;
        } catch (IOException e) {
            throw new CommandFailure(
                    "PostgreSQL cannot be unpacked into " + folder + ": " + e.getMessage(), e);
        }
    }

    private static URL archive() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String platform = system.startsWith("mac") ? "darwin" : "linux";
        String arch =
                switch (machine) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> machine;
                };
        URL archive =
                PostgresBinaries.class.getResource("/postgres-" + platform + "-" + arch + ".txz");
        if (archive == null) {
            throw new CommandFailure(
                    "There are no PostgreSQL programs for "
                            + system
                            + " on "
                            + machine
                            + "; supported are Linux on amd64 and arm64, and macOS on arm64.");
        }
        return archive;
    }

    /** The version, from the name of the jar in which the archive is. */
    private static String version(URL archive) {
        String jar = archive.toString().replaceFirst("\\.jar!.*", "");
        return jar.substring(jar.lastIndexOf('-') + 1);
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        try (InputStream input = new BufferedInputStream(archive.openStream());
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZCompressorInputStream(input))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                unpack(tar, entry, folder);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
            throws IOException {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException("the archive names a file outside: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            boolean program = (entry.getMode() & ANY_EXECUTE) != 0;
            Files.setPosixFilePermissions(
                    target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
