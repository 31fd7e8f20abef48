package io.adstream.common.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * A YAML file of settings. Keys are flat ({@code dedup.horizon: 1 h}) or nested; every scalar keeps
 * its text, so that {@code 1e3} or {@code on} reaches the option's own reader.
 */
public final class SettingsFile {

    private SettingsFile() {}

    /**
     * Reads a file into flat keys, in the order of the file.
     *
     * @throws ConfigException where the file cannot be read, is no YAML mapping, or holds a key
     *     twice
     */
    public static Map<String, String> read(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException(
                    "The configuration file "
                            + file
                            + (Files.exists(file)
                                    ? " cannot be read: " + e.getMessage()
                                    : " does not exist; pass an existing YAML file with --config"),
                    e);
        }
        Map<String, String> flat = new LinkedHashMap<>();
        flatten(file, "", parse(file, text), flat);
        return flat;
    }

    private static Object parse(Path file, String text) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file.toString())
                        .setSchema(new FailsafeSchema())
                        .setAllowDuplicateKeys(false)
                        .build();
        try {
            Iterator<Object> documents = new Load(settings).loadAllFromString(text).iterator();
            Object root = documents.hasNext() ? documents.next() : Map.of();
            if (documents.hasNext()) {
                throw new ConfigException(
                        "The configuration file " + file + " holds more than one document (---)");
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            // The full message quotes the line, which may hold a secret in a wrong place.
            String where =
                    e.getProblemMark().map(mark -> " in line " + (mark.getLine() + 1)).orElse("");
            throw new ConfigException(
                    "The configuration file "
                            + file
                            + " is no valid YAML"
                            + where
                            + ": "
                            + problem(e));
        } catch (YamlEngineException e) {
            throw new ConfigException("The configuration file " + file + " is no valid YAML");
        }
    }

    private static String problem(MarkedYamlEngineException e) {
        String problem = e.getProblem();
        return problem == null ? "syntax error" : problem;
    }

    private static void flatten(Path file, String prefix, Object node, Map<String, String> into) {
        if (node instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String key = prefix + entry.getKey();
                if (entry.getValue() instanceof Map<?, ?>) {
                    flatten(file, key + ".", entry.getValue(), into);
                } else if (into.put(key, scalar(file, key, entry.getValue())) != null) {
                    throw new ConfigException(
                            "The configuration file " + file + " sets " + key + " twice");
                }
            }
        } else {
            throw new ConfigException(
                    "The configuration file " + file + " must hold keys with values (key: value)");
        }
    }

    private static String scalar(Path file, String key, Object value) {
        if (value instanceof List<?> list) {
            if (list.stream().anyMatch(item -> item instanceof Collection || item instanceof Map)) {
                throw new ConfigException(
                        "The configuration file "
                                + file
                                + " nests a list or mapping in the list "
                                + key
                                + "; allowed are plain values");
            }
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value == null ? "" : String.valueOf(value);
    }
}
