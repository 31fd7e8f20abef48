package io.adstream.local.install;

import io.adstream.local.CommandFailure;
import io.adstream.local.ExitCode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The source tree after its build: where the class paths, the jobs' jars and {@code conf/} are.
 *
 * @param root the root of the source tree
 */
public record Installation(Path root) {

    /** System property with the root; the {@code adstream} script sets it. */
    public static final String ROOT_PROPERTY = "adstream.root";

    /** Environment variable with the folder of the jobs' configuration; jobs read it too. */
    public static final String CONF_DIR_VARIABLE = "ADSTREAM_CONF_DIR";

    private static final String JOB_FOLDER = "jobs-";

    public Installation {
        root = root.toAbsolutePath().normalize();
    }

    /** The installation that this program runs from. */
    public static Installation current() {
        String root = System.getProperty(ROOT_PROPERTY);
        if (root == null || !Files.exists(Path.of(root, "conf", "topics.yaml"))) {
            throw new CommandFailure(
                    "The source tree was not found; start adstream with the script of that name in"
                            + " its root.");
        }
        return new Installation(Path.of(root));
    }

    public Path conf() {
        return root.resolve("conf");
    }

    /**
     * The folder with {@code <job>.yaml}: what the environment variable {@value #CONF_DIR_VARIABLE}
     * names, else {@link #conf()}.
     */
    public Path jobConf() {
        String folder = System.getenv(CONF_DIR_VARIABLE);
        return folder == null ? conf() : Path.of(folder).toAbsolutePath().normalize();
    }

    public Path topicsFile() {
        return conf().resolve("topics.yaml");
    }

    public Path migrations() {
        return conf().resolve("sql");
    }

    /** The class path of Flink's processes and of its command line. */
    public String flinkClassPath() {
        return classPath(root.resolve("local/flink/target/lib"));
    }

    /** The class path of the broker and its tools. */
    public String kafkaClassPath() {
        return classPath(root.resolve("local/kafka/target/lib"));
    }

    /** The class path of the dashboard. */
    public String dashboardClassPath() {
        Path target = root.resolve("dashboard/target");
        return target.resolve("dashboard.jar")
                + File.pathSeparator
                + classPath(target.resolve("lib"));
    }

    /** Where the binaries of Redis and PostgreSQL are unpacked, once for all data directories. */
    public Path binaries() {
        return root.resolve("local/target/binaries");
    }

    /** The java of the JVM that runs this. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The fat jars of the jobs by the jobs' names. */
    public Map<String, Path> jobs() {
        Map<String, Path> jobs = new TreeMap<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, JOB_FOLDER + "*")) {
            for (Path module : modules) {
                String job = module.getFileName().toString().substring(JOB_FOLDER.length());
                Path jar = module.resolve("target/adstream-" + job + ".jar");
                if (Files.exists(jar)) {
                    jobs.put(job, jar);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + root, e);
        }
        return jobs;
    }

    /**
     * The jar of a job.
     *
     * @throws CommandFailure naming the jobs that there are
     */
    public Path jar(String job) {
        Map<String, Path> jobs = jobs();
        Path jar = jobs.get(job);
        if (jar == null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "There is no job "
                            + job
                            + "; the jobs are: "
                            + String.join(", ", jobs.keySet())
                            + ".");
        }
        return jar;
    }

    private static String classPath(Path folder) {
        List<String> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jar -> jars.add(jar.toString()));
        } catch (IOException e) {
            throw new CommandFailure(
                    "The build is incomplete: "
                            + folder
                            + " cannot be read; run ./mvnw -DskipTests package.",
                    e);
        }
        jars.sort(null);
        return String.join(java.io.File.pathSeparator, jars);
    }
}
