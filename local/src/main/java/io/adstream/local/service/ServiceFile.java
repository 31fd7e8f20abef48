package io.adstream.local.service;

import io.adstream.local.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** Small files that the services need beside their data. */
public final class ServiceFile {

    private static final int PASSWORD_BYTES = 18;

    private ServiceFile() {}

    /** Writes a file, with its folder. */
    public static Path write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Writes a file of this package as it is. */
    public static Path writeResource(Path file, String resource) {
        try (InputStream input = ServiceFile.class.getResourceAsStream(resource)) {
            if (input == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            return write(file, new String(input.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CommandFailure(resource + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The password in a file; made at random, for the owner's eyes alone, where there is none. */
    public static synchronized String password(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            }
            if (Files.size(file) == 0) {
                byte[] random = new byte[PASSWORD_BYTES];
                new SecureRandom().nextBytes(random);
                Files.writeString(file, Base64.getUrlEncoder().encodeToString(random));
            }
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be written: " + e.getMessage(), e);
        }
        return readPassword(file);
    }

    /** The password in a file that exists. */
    public static String readPassword(Path file) {
        try {
            return Files.readString(file).trim();
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
