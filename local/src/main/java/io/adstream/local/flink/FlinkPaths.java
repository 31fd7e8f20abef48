package io.adstream.local.flink;

import java.nio.file.Path;

/** Paths as Flink writes and reads them. */
public final class FlinkPaths {

    private static final String SCHEME = "file:";

    private FlinkPaths() {}

    /** The URI of a path; Flink wants it with blanks and the like as they are. */
    public static String uri(Path path) {
        return SCHEME + "//" + path.toAbsolutePath();
    }

    /** The path behind a URI that Flink gave, or a plain path. */
    public static Path path(String uri) {
        String path = uri.startsWith(SCHEME) ? uri.substring(SCHEME.length()) : uri;
        return Path.of(path.startsWith("//") ? path.substring(2) : path);
    }
}
