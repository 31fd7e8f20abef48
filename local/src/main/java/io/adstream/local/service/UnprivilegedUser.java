package io.adstream.local.service;

import io.adstream.local.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The user that PostgreSQL runs as, since it refuses to run as root. A user namespace hides that it
 * does; where the kernel allows none, the user {@code nobody} owns the data and runs it.
 */
final class UnprivilegedUser {

    private static final String NOBODY = "65534";
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");

    private UnprivilegedUser() {}

    /**
     * What to put in front of a command so that it runs as a user that may work in {@code folder};
     * nothing where we are not root.
     */
    static List<String> owning(Path folder) {
        try {
            Files.createDirectories(folder);
            if (!output("id", "-u").equals("0")) {
                return List.of();
            }
            if (output("unshare", "-U", "echo", "yes").equals("yes")) {
                return List.of("unshare", "-U");
            }
            if (output("setpriv", "--reuid", NOBODY, "echo", "yes").equals("yes")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
                output("chown", "-R", NOBODY + ":" + NOBODY, folder.toString());
                return AS_NOBODY;
            }
        } catch (IOException e) {
            throw new CommandFailure(folder + " cannot be made: " + e.getMessage(), e);
        }
        throw new CommandFailure(
                "PostgreSQL does not run as root, and this machine offers neither user namespaces"
                        + " (unshare) nor setpriv; run adstream as another user.");
    }

    /** What a command prints; nothing where it cannot be run. */
    private static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .trim();
        } catch (IOException e) {
            return "";
        }
    }
}
