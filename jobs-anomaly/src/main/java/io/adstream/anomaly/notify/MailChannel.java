package io.adstream.anomaly.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.adstream.common.event.Excerpt;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** Sends e-mail by SMTP. */
final class MailChannel implements Channel {

    private static final String SMTP = "smtp";

    private final MailSettings settings;

    MailChannel(MailSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public String address() {
        return "the mail server " + settings.host() + ":" + settings.port();
    }

    @Override
    public Delivery send(Message message) {
        Session session = Session.getInstance(properties());
        MimeMessage mail;
        Transport transport;
        try {
            mail = mail(session, message);
            transport = session.getTransport(SMTP);
            transport.connect(
                    settings.host(), settings.port(), settings.user(), settings.passwordText());
        } catch (AuthenticationFailedException e) {
            return new Delivery(Outcome.REFUSED, "user or password refused");
        } catch (MessagingException e) {
            return new Delivery(Outcome.REFUSED, "no connection: " + problem(e));
        }
        try {
            transport.sendMessage(mail, mail.getAllRecipients());
            return Delivery.taken();
        } catch (MessagingException e) {
            return new Delivery(isAnswer(e) ? Outcome.REFUSED : Outcome.UNKNOWN, problem(e));
        } finally {
            close(transport);
        }
    }

    /** Whether the server has said no, as against having said nothing. */
    private static boolean isAnswer(MessagingException e) {
        for (Exception cause = e;
                cause instanceof MessagingException failure;
                cause = failure.getNextException()) {
            if ((failure instanceof SMTPSendFailedException send && send.getReturnCode() > 0)
                    || failure instanceof SMTPAddressFailedException
                    || failure instanceof SMTPSenderFailedException) {
                return true;
            }
        }
        return false;
    }

    private static String problem(MessagingException e) {
        return Excerpt.oneLine(e.getMessage());
    }

    private static void close(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            // The message is decided; what the server says to the farewell changes nothing.
            return;
        }
    }

    private Properties properties() {
        String millis = String.valueOf(settings.timeoutMillis());
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.connectiontimeout", millis);
        properties.setProperty("mail.smtp.timeout", millis);
        properties.setProperty("mail.smtp.writetimeout", millis);
        properties.setProperty("mail.smtp.auth", String.valueOf(settings.user() != null));
        switch (settings.tls()) {
            case NONE -> {}
            case STARTTLS -> {
                properties.setProperty("mail.smtp.starttls.enable", "true");
                properties.setProperty("mail.smtp.starttls.required", "true");
                properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
            }
            case TLS -> {
                properties.setProperty("mail.smtp.ssl.enable", "true");
                properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
            }
        }
        return properties;
    }

    private MimeMessage mail(Session session, Message message) throws MessagingException {
        MimeMessage mail =
                new MimeMessage(session) {
                    @Override
                    protected void updateMessageID() throws MessagingException {
                        setHeader("Message-ID", "<" + message.id() + "@adstream>");
                    }
                };
        mail.setFrom(new InternetAddress(settings.from()));
        mail.setRecipients(MimeMessage.RecipientType.TO, recipients(settings.to()));
        mail.setSubject(message.subject(), UTF_8.name());
        mail.setText(message.body(), UTF_8.name());
        mail.setHeader("Date", RFC_1123_DATE_TIME.format(OffsetDateTime.now(ZoneOffset.UTC)));
        return mail;
    }

    private static Address[] recipients(@Nullable String to) throws AddressException {
        return InternetAddress.parse(String.valueOf(to), true);
    }
}
