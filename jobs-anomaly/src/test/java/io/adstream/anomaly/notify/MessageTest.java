package io.adstream.anomaly.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.alert.Alert;
import io.adstream.common.alert.AlertIds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read, whatever ids hold. */
class MessageTest {

    private static final int SLACK_TAKES = 40_000;
    private static final int ID_CHARACTERS = 8_192;

    @Test
    void noIdBeginsALineOrAHeader() {
        Message message = Message.about(List.of(about("d\r\nBcc: x@example.com\u001b[2J")));

        assertThat(message.subject())
                .isEqualTo("[WARNING] OPEN click-flood: DEVICE d  Bcc: x@example.com [2J");
        assertThat(message.body().lines()).noneMatch(line -> line.startsWith("Bcc"));
    }

    @Test
    void theLongestIdsFitIntoWhatSlackTakes() {
        List<Notification> storm = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            storm.add(about(i + "\uD83D\uDE80".repeat(ID_CHARACTERS / 2)));
        }

        assertThat(Message.about(storm.subList(0, 1)).body()).hasSizeLessThan(SLACK_TAKES);
        Message digest = Message.about(storm);
        assertThat(digest.subject() + digest.body()).hasSizeLessThan(SLACK_TAKES);
        assertThat(digest.body()).contains("DEVICE 19\uD83D\uDE80", "and 10 more");
        assertThat(digest.body().codePoints())
                .as("no half of a character")
                .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static Notification about(String device) {
        return new Notification(
                new Alert(
                        AlertIds.of("click-flood", Alert.EntityType.DEVICE, device, "minute"),
                        "click-flood",
                        1,
                        Alert.Severity.WARNING,
                        Alert.Status.OPEN,
                        Alert.EntityType.DEVICE,
                        device,
                        1_795_168_800_000L,
                        101.0,
                        null,
                        100.0,
                        "101 clicks of device " + device,
                        List.of("e-1"),
                        1_795_168_800_000L),
                1_795_168_800_000L);
    }
}
