package io.adstream.common.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids of incidents: the same breach has the same id, also after a restart. */
public final class AlertIds {

    private static final int BYTES = 16;

    private AlertIds() {}

    /**
     * The id of an incident: 32 hexadecimal digits of SHA-256.
     *
     * @param ruleId the rule
     * @param entityType what it is about
     * @param entityId its id
     * @param breach what tells one breach of the rule from the next, such as the minute
     */
    public static String of(
            String ruleId, Alert.EntityType entityType, String entityId, String breach) {
        // Lengths keep apart what would be the same text.
        String text =
                ruleId.length()
                        + ":"
                        + ruleId
                        + entityType
                        + ":"
                        + entityId.length()
                        + ":"
                        + entityId
                        + breach;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
