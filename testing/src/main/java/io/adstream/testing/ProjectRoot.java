package io.adstream.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the root of the source tree, where {@code conf/} and {@code mvnw} are. */
public final class ProjectRoot {

    /** The system property that names the root; the build sets it for every test JVM. */
    public static final String PROPERTY = "adstream.root";

    private ProjectRoot() {}

    /**
     * The root: {@code adstream.root} where it is set, else the nearest folder above the working
     * directory that holds {@code mvnw}.
     *
     * @throws IllegalStateException where neither leads to a folder
     */
    public static Path path() {
        String property = System.getProperty(PROPERTY);
        if (property != null && !property.isBlank()) {
            return Path.of(property).toAbsolutePath().normalize();
        }
        for (Path folder = Path.of("").toAbsolutePath();
                folder != null;
                folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no source tree found; set the property " + PROPERTY);
    }

    /** A path below the root, such as {@code resolve("conf/sql")}. */
    public static Path resolve(String relative) {
        return path().resolve(relative);
    }
}
