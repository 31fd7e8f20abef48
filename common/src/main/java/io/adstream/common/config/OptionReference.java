package io.adstream.common.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the reference of the options ({@code docs/reference/config.md}) from the options
 * themselves. Each module keeps its own section of the file, between two marks, and a test of the
 * module fails where the section is not what its options say.
 */
public final class OptionReference {

    private OptionReference() {}

    /** The section of one module as Markdown, without its marks. */
    public static String section(List<OptionSet> sets) {
        StringBuilder text = new StringBuilder();
        for (OptionSet set : sets) {
            text.append("## ").append(set.name()).append("\n\n").append(set.about()).append("\n\n");
            if (!set.options().isEmpty()) {
                text.append(
                        "| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n");
                for (OptionSpec<?> option : set.options()) {
                    String defaultText = option.defaultText();
                    row(
                            text,
                            code(option.key()),
                            option.type(),
                            defaultText.isEmpty() ? "" : code(defaultText),
                            option.allowed(),
                            description(option));
                }
                text.append('\n');
            }
            for (SecretOption secret : set.secrets()) {
                text.append("Secret ")
                        .append(code(secret.key()))
                        .append(": ")
                        .append(secret.description())
                        .append(" From the file that ")
                        .append(code(secret.fileKey()))
                        .append(" names, or from the environment variable ")
                        .append(code(secret.environmentVariable()))
                        .append("; nowhere else.\n\n");
            }
            for (PassThrough passThrough : set.passThroughs()) {
                text.append(code(passThrough.prefix() + "*"))
                        .append(": ")
                        .append(passThrough.description())
                        .append('\n');
                if (!passThrough.secrets().isEmpty()) {
                    text.append(
                            "Those that hold a secret, such as "
                                    + code(passThrough.prefix() + example(passThrough))
                                    + ", are given as "
                                    + code(passThrough.prefix() + example(passThrough) + "-file")
                                    + " or by "
                                    + code(
                                            passThrough
                                                    .secret(example(passThrough))
                                                    .environmentVariable())
                                    + ".\n");
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    /**
     * Whether a file holds exactly this section under this name.
     *
     * @throws IOException where the file cannot be read
     */
    public static boolean matches(Path file, String name, List<OptionSet> sets) throws IOException {
        String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        return text.contains(marked(name, sets));
    }

    /**
     * Writes the section into the file: in its old place, or at the end where it is new.
     *
     * @throws IOException where the file cannot be read or written
     */
    public static void write(Path file, String name, List<OptionSet> sets) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        String section = marked(name, sets);
        Matcher old =
                Pattern.compile(
                                Pattern.quote(begin(name)) + ".*?" + Pattern.quote(end(name)),
                                Pattern.DOTALL)
                        .matcher(text);
        String updated =
                old.find()
                        ? old.replaceFirst(Matcher.quoteReplacement(section))
                        : text.stripTrailing() + "\n\n" + section + "\n";
        Files.writeString(file, updated, StandardCharsets.UTF_8);
    }

    private static String marked(String name, List<OptionSet> sets) {
        return begin(name) + "\n\n" + section(sets) + end(name);
    }

    private static String begin(String name) {
        return "<!-- generated from the options: " + name + " -->";
    }

    private static String end(String name) {
        return "<!-- end: " + name + " -->";
    }

    private static String description(OptionSpec<?> option) {
        return option.required() ? option.description() + " Required." : option.description();
    }

    private static String example(PassThrough passThrough) {
        return passThrough.secrets().stream().sorted().findFirst().orElseThrow();
    }

    private static void row(StringBuilder text, String... cells) {
        text.append('|');
        for (String cell : cells) {
            text.append(' ').append(cell.replace("|", "\\|")).append(" |");
        }
        text.append('\n');
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
