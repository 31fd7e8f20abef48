package io.adstream.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.adstream.common.kafka.TopicAdmin;
import io.adstream.common.kafka.TopicDifference;
import io.adstream.common.kafka.Topics;
import io.adstream.local.install.Installation;
import io.adstream.local.system.Endpoints;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code adstream topics}. */
@Command(
        name = "topics",
        description = "Holds the topics of a Kafka against conf/topics.yaml.",
        synopsisSubcommandLabel = "(apply | check)")
final class TopicsCommand implements Runnable {

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Say what to do: topics apply, or topics check.");
    }

    /** Where the topics are, and how they are shown. */
    static final class Target {

        @Mixin HelpOption help;
        @Mixin private DataDirOption dataDir;

        @Option(
                names = "--bootstrap-servers",
                paramLabel = "HOST:PORT",
                scope = ScopeType.LOCAL,
                description = "Another Kafka (default: that of the running system).")
        private @Nullable String bootstrapServers;

        @Option(
                names = "--replication",
                paramLabel = "N",
                description =
                        "Replicas of each partition (default: 1 for the running system, else as"
                                + " topics.yaml says).")
        private @Nullable Integer replication;

        @Option(
                names = "--topic-prefix",
                paramLabel = "TEXT",
                defaultValue = "",
                description = "Text before every topic's name (kafka.topic-prefix).")
        private String prefix = "";

        @Option(
                names = "--client-config",
                paramLabel = "FILE",
                description = "Properties of the Kafka client, for TLS and SASL.")
        private @Nullable Path clientConfig;

        @Option(names = "--json", description = "Print the differences as JSON.")
        private boolean json;

        Properties client() {
            Properties properties = new Properties();
            if (clientConfig != null) {
                try (java.io.Reader reader = java.nio.file.Files.newBufferedReader(clientConfig)) {
                    properties.load(reader);
                } catch (java.io.IOException e) {
                    throw new CommandFailure(
                            clientConfig + " cannot be read: " + e.getMessage(), e);
                }
            }
            properties.setProperty(
                    "bootstrap.servers",
                    bootstrapServers == null
                            ? Endpoints.ofRunning(dataDir.dataDir()).kafka()
                            : bootstrapServers);
            return properties;
        }

        int replication(Topics topics) {
            if (replication != null) {
                return replication;
            }
            return bootstrapServers == null ? 1 : topics.replication();
        }

        void print(List<TopicDifference> differences, PrintWriter out) {
            if (!json) {
                differences.forEach(difference -> out.println(difference.describe()));
                return;
            }
            ArrayNode list = new ObjectMapper().createArrayNode();
            for (TopicDifference difference : differences) {
                list.addObject()
                        .put("topic", difference.topic())
                        .put("kind", difference.kind().name())
                        .put("setting", difference.setting())
                        .put("wanted", difference.wanted())
                        .put("actual", difference.actual())
                        .put("applied", difference.isApplied());
            }
            out.println(list.toPrettyString());
        }
    }

    @Command(
            description = {
                "Creates missing topics, adds partitions, alters settings; deletes nothing.",
                "",
                "Exits with 1 where something still differs afterwards."
            })
    int apply(@Mixin Target target) {
        Topics topics = Topics.load(Installation.current().topicsFile());
        PrintWriter out = spec.commandLine().getOut();
        try (TopicAdmin admin = TopicAdmin.connect(target.client(), target.prefix)) {
            List<TopicDifference> differences = admin.apply(topics, target.replication(topics));
            List<TopicDifference> left =
                    differences.stream().filter(difference -> !difference.isApplied()).toList();
            if (target.json) {
                target.print(differences, out);
            } else {
                differences.stream()
                        .filter(TopicDifference::isApplied)
                        .forEach(difference -> out.println(done(difference)));
                target.print(left, out);
                if (differences.isEmpty()) {
                    out.println("All " + topics.all().size() + " topics are as declared.");
                }
            }
            return left.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
        }
    }

    @Command(
            description = {
                "Tells what differs from conf/topics.yaml; changes nothing.",
                "",
                "Exits with 1 where something differs."
            })
    int check(@Mixin Target target) {
        Topics topics = Topics.load(Installation.current().topicsFile());
        PrintWriter out = spec.commandLine().getOut();
        try (TopicAdmin admin = TopicAdmin.connect(target.client(), target.prefix)) {
            List<TopicDifference> differences = admin.check(topics, target.replication(topics));
            target.print(differences, out);
            if (differences.isEmpty() && !target.json) {
                out.println("All " + topics.all().size() + " topics are as declared.");
            }
            return differences.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
        }
    }

    private static String done(TopicDifference difference) {
        return switch (difference.kind()) {
            case MISSING -> difference.topic() + " created";
            case SETTING ->
                    difference.topic() + ": " + difference.setting() + "=" + difference.wanted();
            default -> difference.topic() + " has " + difference.wanted() + " partitions now";
        };
    }
}
