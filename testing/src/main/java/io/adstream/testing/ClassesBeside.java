package io.adstream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the classes of a module, so that a test can demand something of all of them. */
public final class ClassesBeside {

    private ClassesBeside() {}

    /**
     * The top-level classes of a module whose names end so, initialized.
     *
     * @param anchor a class of the module; it must lie in a folder, not in a jar
     * @param suffix how the simple names end
     */
    public static List<Class<?>> endingWith(Class<?> anchor, String suffix) {
        try {
            Path folder =
                    Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (Stream<Path> files = Files.walk(folder)) {
                return files.map(file -> folder.relativize(file).toString())
                        .filter(name -> name.endsWith(suffix + ".class") && !name.contains("$"))
                        .sorted()
                        .<Class<?>>map(ClassesBeside::load)
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String file) {
        try {
            return Class.forName(
                    file.substring(0, file.length() - ".class".length()).replace('/', '.'));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
