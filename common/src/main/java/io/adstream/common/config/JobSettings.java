package io.adstream.common.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a job runs with: every option of its {@link OptionSet}s with a value that was
 * checked, and its secrets apart from them.
 *
 * <p>Where a value comes from, later ones winning: the option's default; {@code conf/<job>.yaml},
 * in the directory that the environment variable {@code ADSTREAM_CONF_DIR} names, else in {@code
 * ./conf}; each {@code --config FILE} in turn; {@code --key value} (or {@code --key=value}). A
 * secret comes from the file that {@code --<key>-file} names or from its environment variable.
 *
 * <p>What is wrong is reported all at once, in one {@link ConfigException}.
 */
public final class JobSettings {

    /** Environment variable that names the directory of {@code <job>.yaml}. */
    public static final String CONF_DIR_VARIABLE = "ADSTREAM_CONF_DIR";

    private static final Pattern CREDENTIAL =
            Pattern.compile(
                    "(?i)(pass(word|wd)?|pwd|secret|token|api-?key)\\s*[=:]|://[^/@\\s]*:[^/@\\s]*@");

    private final String job;
    private final Configuration values;
    private final Map<String, Secret> secrets;
    private final Map<String, Map<String, String>> passedThrough;

    private JobSettings(
            String job,
            Configuration values,
            Map<String, Secret> secrets,
            Map<String, Map<String, String>> passedThrough) {
        this.job = job;
        this.values = values;
        this.secrets = Map.copyOf(secrets);
        this.passedThrough = passedThrough;
    }

    /**
     * Reads the settings of a job from its arguments, files and environment.
     *
     * @param args the arguments of {@code main}
     * @param job the job's short name, such as {@code metrics}
     * @param options every set that the job knows; another key is an error
     * @throws ConfigException with all problems found
     */
    public static JobSettings load(String[] args, String job, OptionSet... options) {
        return load(args, job, List.of(options), System.getenv(), Path.of(""));
    }

    /** The settings of a job from key-value pairs alone: no file, no environment variable. */
    public static JobSettings of(String job, Map<String, String> given, OptionSet... options) {
        Reader reader = new Reader(job, List.of(options), Map.of());
        given.forEach((key, value) -> reader.give(key, value, ""));
        return reader.finish();
    }

    static JobSettings load(
            String[] args,
            String job,
            List<OptionSet> options,
            Map<String, String> environment,
            Path workingDirectory) {
        Reader reader = new Reader(job, options, environment);
        Arguments arguments = Arguments.parse(args);
        reader.problems.addAll(arguments.problems());
        reader.readJobFile(workingDirectory);
        for (String file : arguments.configFiles()) {
            reader.readFile(file, workingDirectory);
        }
        arguments.values().forEach((key, value) -> reader.give(key, value, "on the command line"));
        return reader.finish();
    }

    /** The job's short name. */
    public String job() {
        return job;
    }

    /** The value of an option that has a default or is required. */
    public <T> T get(ConfigOption<T> option) {
        T value = values.get(option);
        if (value == null) {
            throw new ConfigException(
                    option.key()
                            + " has no value; set it in conf/"
                            + job
                            + ".yaml or with --"
                            + option.key());
        }
        return value;
    }

    /** The value of an option, where it has one. */
    public <T> Optional<T> find(ConfigOption<T> option) {
        return Optional.ofNullable(values.get(option));
    }

    /** The secret, where one was given. */
    public Optional<Secret> secret(SecretOption option) {
        return Optional.ofNullable(secrets.get(option.key()));
    }

    /**
     * What was given below a prefix, by the rest of the key, its secrets included: for the library
     * that needs it, not for display.
     */
    public Map<String, String> passedThrough(PassThrough passThrough) {
        Map<String, String> given =
                new TreeMap<>(passedThrough.getOrDefault(passThrough.prefix(), Map.of()));
        secrets.forEach(
                (key, secret) -> {
                    if (key.startsWith(passThrough.prefix())) {
                        given.put(key.substring(passThrough.prefix().length()), secret.reveal());
                    }
                });
        return given;
    }

    /** A copy of all effective values by their keys, defaults included, secrets left out. */
    public Configuration configuration() {
        return values.clone();
    }

    /**
     * The environment to build the job in: Flink's own settings for this job ({@code flink.*})
     * applied, and the effective values made visible in the WebUI, without secrets.
     */
    public StreamExecutionEnvironment environment() {
        Configuration engine = new Configuration();
        passedThrough
                .getOrDefault(FlinkOptions.ENGINE.prefix(), Map.of())
                .forEach(engine::setString);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(engine);
        publishTo(environment);
        return environment;
    }

    /** Makes the effective values visible in the WebUI as global job parameters, no secrets. */
    public void publishTo(StreamExecutionEnvironment environment) {
        environment.getConfig().setGlobalJobParameters(configuration());
    }

    /** The effective values, one {@code key=value} a line, without secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(job);
        new TreeMap<>(values.toMap())
                .forEach((key, value) -> text.append('\n').append(key).append('=').append(value));
        return text.toString();
    }

    private record Given(String value, String origin) {}

    /** Collects what was given, then checks all of it. */
    private static final class Reader {

        private final String job;
        private final List<OptionSet> sets;
        private final Map<String, String> environment;
        private final Map<String, OptionSpec<?>> specs = new LinkedHashMap<>();
        private final Map<String, SecretOption> secretOptions = new LinkedHashMap<>();
        private final Map<String, Given> given = new LinkedHashMap<>();
        private final Set<String> problems = new LinkedHashSet<>();

        Reader(String job, List<OptionSet> sets, Map<String, String> environment) {
            this.job = job;
            this.sets = sets;
            this.environment = environment;
            for (OptionSet set : sets) {
                for (OptionSpec<?> spec : set.options()) {
                    if (specs.put(spec.key(), spec) != null) {
                        throw new IllegalArgumentException("declared twice: " + spec.key());
                    }
                }
                set.secrets().forEach(secret -> secretOptions.put(secret.key(), secret));
                for (PassThrough passThrough : set.passThroughs()) {
                    for (String name : passThrough.secrets()) {
                        SecretOption secret = passThrough.secret(name);
                        secretOptions.put(secret.key(), secret);
                    }
                }
            }
        }

        void readJobFile(Path workingDirectory) {
            String directory = environment.get(CONF_DIR_VARIABLE);
            if (directory != null && !Files.isDirectory(workingDirectory.resolve(directory))) {
                problems.add(
                        CONF_DIR_VARIABLE
                                + " = "
                                + directory
                                + ": allowed is an existing directory");
                return;
            }
            Path file =
                    workingDirectory
                            .resolve(directory == null ? "conf" : directory)
                            .resolve(job + ".yaml");
            if (Files.exists(file)) {
                read(file);
            }
        }

        void readFile(String name, Path workingDirectory) {
            try {
                read(workingDirectory.resolve(name));
            } catch (InvalidPathException e) {
                problems.add("--config " + name + ": allowed is the path of a YAML file");
            }
        }

        private void read(Path file) {
            try {
                SettingsFile.read(file).forEach((key, value) -> give(key, value, "in " + file));
            } catch (ConfigException e) {
                problems.add(e.getMessage());
            }
        }

        /** Takes a value; a key that nobody knows or that is a secret is a problem at once. */
        void give(String key, String value, String origin) {
            SecretOption secret = secretOptions.get(key);
            if (secret != null) {
                problems.add(
                        key
                                + (origin.isEmpty() ? "" : " " + origin)
                                + ": a secret is not accepted here; put it into a file and set "
                                + secret.fileKey()
                                + ", or into the environment variable "
                                + secret.environmentVariable());
            } else if (specs.containsKey(key) || isSecretFile(key)) {
                given.put(key, new Given(value, origin));
            } else {
                PassThrough passThrough = passThroughOf(key);
                if (passThrough == null) {
                    problems.add(unknown(key, origin, knownKeys()));
                } else {
                    givePassedThrough(passThrough, key, value, origin);
                }
            }
        }

        private void givePassedThrough(
                PassThrough passThrough, String key, String value, String origin) {
            String name = key.substring(passThrough.prefix().length());
            String instead = passThrough.reserved().get(name);
            if (instead != null) {
                problems.add(located(key, origin) + ": the job sets this itself; " + instead);
            } else if (!passThrough.knows(name)) {
                Set<String> known = new TreeSet<>();
                passThrough.known().forEach(other -> known.add(passThrough.prefix() + other));
                passThrough
                        .reserved()
                        .keySet()
                        .forEach(other -> known.remove(passThrough.prefix() + other));
                problems.add(unknown(key, origin, known));
            } else {
                given.put(key, new Given(value, origin));
            }
        }

        private boolean isSecretFile(String key) {
            return key.endsWith("-file")
                    && secretOptions.containsKey(key.substring(0, key.length() - "-file".length()));
        }

        private @Nullable PassThrough passThroughOf(String key) {
            for (OptionSet set : sets) {
                for (PassThrough passThrough : set.passThroughs()) {
                    if (key.startsWith(passThrough.prefix())) {
                        return passThrough;
                    }
                }
            }
            return null;
        }

        private Set<String> knownKeys() {
            Set<String> known = new TreeSet<>(specs.keySet());
            secretOptions.values().forEach(secret -> known.add(secret.fileKey()));
            return known;
        }

        private static String unknown(String key, String origin, Set<String> known) {
            return located(key, origin)
                    + ": unknown option"
                    + NearestKey.of(key, known)
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse("");
        }

        private static String located(String key, String origin) {
            return origin.isEmpty() ? key : key + " " + origin;
        }

        JobSettings finish() {
            Configuration values = new Configuration();
            for (OptionSpec<?> spec : specs.values()) {
                set(spec, values);
            }
            Map<String, Map<String, String>> passedThrough = passedThrough(values);
            Map<String, Secret> secrets = readSecrets();
            if (problems.isEmpty()) {
                for (OptionSet set : sets) {
                    for (Function<ReadableConfig, @Nullable String> rule : set.rules()) {
                        String problem = rule.apply(values);
                        if (problem != null) {
                            problems.add(problem);
                        }
                    }
                }
            }
            if (!problems.isEmpty()) {
                throw ConfigException.ofProblems(job, new ArrayList<>(problems));
            }
            return new JobSettings(job, values, secrets, passedThrough);
        }

        private <T> void set(OptionSpec<T> spec, Configuration values) {
            Given value = given.get(spec.key());
            if (value == null) {
                if (spec.perJobDefault() != null) {
                    values.set(
                            spec.option(), spec.parse(spec.perJobDefault().replace("{job}", job)));
                } else if (spec.option().hasDefaultValue()) {
                    values.set(spec.option(), spec.option().defaultValue());
                } else if (spec.required()) {
                    problems.add(
                            spec.key()
                                    + " is not set: it is required; allowed is "
                                    + spec.allowed());
                }
                return;
            }
            try {
                values.set(spec.option(), spec.parse(value.value()));
            } catch (IllegalArgumentException e) {
                problems.add(refusal(spec.key(), value, spec.allowed()));
            }
        }

        private static String refusal(String key, Given value, String allowed) {
            String shown =
                    CREDENTIAL.matcher(value.value()).find()
                            ? "(not shown, it seems to hold a credential)"
                            : value.value().isEmpty() ? "(empty)" : value.value();
            return key
                    + " = "
                    + shown
                    + (value.origin().isEmpty() ? "" : " " + value.origin())
                    + ": allowed is "
                    + allowed;
        }

        private Map<String, Map<String, String>> passedThrough(Configuration values) {
            Map<String, Map<String, String>> all = new LinkedHashMap<>();
            given.forEach(
                    (key, value) -> {
                        PassThrough passThrough = passThroughOf(key);
                        if (passThrough == null || specs.containsKey(key) || isSecretFile(key)) {
                            return;
                        }
                        String name = key.substring(passThrough.prefix().length());
                        String allowed = passThrough.check().apply(name, value.value());
                        if (allowed != null) {
                            problems.add(refusal(key, value, allowed));
                            return;
                        }
                        all.computeIfAbsent(passThrough.prefix(), prefix -> new TreeMap<>())
                                .put(name, value.value());
                        values.setString(key, value.value());
                    });
            return all;
        }

        private Map<String, Secret> readSecrets() {
            Map<String, Secret> secrets = new LinkedHashMap<>();
            for (SecretOption option : secretOptions.values()) {
                Given file = given.get(option.fileKey());
                String variable = environment.get(option.environmentVariable());
                if (file != null && variable != null) {
                    problems.add(
                            option.key()
                                    + " is given twice: by "
                                    + option.fileKey()
                                    + " and by the environment variable "
                                    + option.environmentVariable()
                                    + "; keep one");
                } else if (file != null) {
                    readSecretFile(option, file, secrets);
                } else if (variable != null && variable.isEmpty()) {
                    problems.add(
                            "The environment variable "
                                    + option.environmentVariable()
                                    + " is empty: set it to the secret, or unset it");
                } else if (variable != null) {
                    secrets.put(option.key(), new Secret(variable));
                }
            }
            return secrets;
        }

        private void readSecretFile(SecretOption option, Given file, Map<String, Secret> secrets) {
            try {
                String text =
                        Files.readString(Path.of(file.value()), StandardCharsets.UTF_8)
                                .replaceFirst("\\R\\z", "");
                if (text.isEmpty()) {
                    problems.add(
                            refusal(option.fileKey(), file, "a file that holds the secret")
                                    + "; this one is empty");
                } else {
                    secrets.put(option.key(), new Secret(text));
                }
            } catch (IOException | InvalidPathException e) {
                problems.add(refusal(option.fileKey(), file, "the path of a readable file"));
            }
        }
    }
}
