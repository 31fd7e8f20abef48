package io.adstream.anomaly.notify;

import io.adstream.common.config.Secret;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The mail server and who gets mail.
 *
 * @param user who logs in, or null where nobody does
 * @param password the user's password, or null
 * @param to addresses, with commas between them
 */
public record MailSettings(
        String host,
        int port,
        Tls tls,
        @Nullable String user,
        @Nullable Secret password,
        String from,
        String to,
        int timeoutMillis)
        implements Serializable {

    /** How the connection is kept secret. */
    public enum Tls {
        /** Not at all. */
        NONE,
        /** It becomes so before anything else is said, or nothing is. */
        STARTTLS,
        /** From the beginning. */
        TLS
    }

    @Nullable String passwordText() {
        return password == null ? null : password.reveal();
    }
}
