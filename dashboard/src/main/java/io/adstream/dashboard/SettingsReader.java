package io.adstream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.config.Arguments;
import io.adstream.common.config.ConfigException;
import io.adstream.common.config.NearestKey;
import io.adstream.common.config.Secret;
import io.adstream.common.config.SecretOption;
import io.adstream.common.config.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gathers values: defaults, then {@code dashboard.yaml} in the folder of the jobs' configuration,
 * then {@code --config FILE}, then {@code --key value}. Problems are collected, so that all of them
 * are shown at once.
 */
final class SettingsReader {

    private static final String CONF_DIR = "ADSTREAM_CONF_DIR";

    private record Given(String value, String where) {}

    private final Map<String, String> environment;
    private final Map<String, Given> given = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> known = new LinkedHashSet<>();

    SettingsReader(Map<String, String> environment) {
        this.environment = environment;
        DashboardSettings.ALL.forEach(setting -> known.add(setting.key()));
        DashboardSettings.SECRETS.forEach(secret -> known.add(secret.fileKey()));
    }

    void readArguments(String[] args) {
        Arguments arguments = Arguments.parse(args);
        arguments.problems().forEach(this::problem);
        Path file = Path.of(environment.getOrDefault(CONF_DIR, "conf")).resolve("dashboard.yaml");
        if (Files.exists(file)) {
            readFile(file);
        }
        for (String name : arguments.configFiles()) {
            try {
                readFile(Path.of(name));
            } catch (InvalidPathException e) {
                problem("--config " + name + ": allowed is the path of a YAML file");
            }
        }
        arguments.values().forEach((key, value) -> give(key, value, " on the command line"));
    }

    private void readFile(Path file) {
        try {
            SettingsFile.read(file).forEach((key, value) -> give(key, value, " in " + file));
        } catch (ConfigException e) {
            problem(e.getMessage());
        }
    }

    void give(String key, String value, String where) {
        Optional<SecretOption> secret =
                DashboardSettings.SECRETS.stream()
                        .filter(option -> option.key().equals(key))
                        .findFirst();
        if (secret.isPresent()) {
            problem(
                    key
                            + where
                            + ": a secret is not accepted here; put it into a file and set "
                            + secret.get().fileKey()
                            + ", or set "
                            + secret.get().environmentVariable());
        } else if (known.contains(key)) {
            given.put(key, new Given(value, where));
        } else {
            problem(
                    key
                            + where
                            + " is no setting of the dashboard"
                            + NearestKey.of(key, known)
                                    .map(nearest -> "; did you mean " + nearest + "?")
                                    .orElse(""));
        }
    }

    void problem(String problem) {
        problems.add(problem);
    }

    /** The value; where it is wrong, a problem is noted and {@code otherwise} stands in for it. */
    <T> T get(Setting<T> setting, T otherwise) {
        return find(setting).orElse(otherwise);
    }

    <T> Optional<T> find(Setting<T> setting) {
        Given value = given.get(setting.key());
        String text = value == null ? setting.defaultText() : value.value();
        if (text == null || (setting.defaultText() == null && text.isBlank())) {
            return Optional.empty();
        }
        Optional<T> read = Optional.ofNullable(setting.reader().apply(text));
        if (read.isEmpty()) {
            problem(
                    setting.key()
                            + (value == null ? "" : value.where())
                            + " is \""
                            + text
                            + "\", allowed is "
                            + setting.allowed());
        }
        return read;
    }

    Optional<Secret> secret(SecretOption option) {
        Given file = given.get(option.fileKey());
        String variable = environment.get(option.environmentVariable());
        if (file == null || file.value().isBlank()) {
            return Optional.ofNullable(variable).filter(text -> !text.isBlank()).map(Secret::new);
        }
        try {
            String text = Files.readString(Path.of(file.value()), UTF_8).strip();
            if (text.isEmpty()) {
                problem(option.fileKey() + ": " + file.value() + " is empty");
                return Optional.empty();
            }
            return Optional.of(new Secret(text));
        } catch (IOException | InvalidPathException e) {
            problem(
                    option.fileKey()
                            + file.where()
                            + ": "
                            + file.value()
                            + " cannot be read; allowed is the path of a file with the secret");
            return Optional.empty();
        }
    }

    /**
     * Ends the reading.
     *
     * @throws ConfigException where there were problems
     */
    void finish() {
        if (!problems.isEmpty()) {
            throw new ConfigException(
                    "The dashboard was not started: "
                            + (problems.size() == 1
                                    ? "a setting is wrong."
                                    : problems.size() + " settings are wrong.")
                            + "\n  - "
                            + String.join("\n  - ", problems));
        }
    }
}
