package io.adstream.metrics.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.metrics.slice.Latest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntityWindowsCodecTest {

    /**
     * {@link #sample()} as version 1 of the format wrote it, which later versions must go on
     * reading. It never changes; a new version adds a file.
     */
    private static final String VERSION_1 = "/state/entity-windows-1.bin";

    private final EntityWindowsCodec codec = new EntityWindowsCodec();

    @Test
    void readsTheStateOfVersion1() throws IOException {
        try (InputStream stored = getClass().getResourceAsStream(VERSION_1)) {
            EntityWindows read = EntityWindowsCodec.read("0ad-1", stored.readAllBytes());
            assertThat(text(read)).isEqualTo(text(sample()));
        }
    }

    @Test
    void refusesTheStateOfALaterVersion() throws IOException {
        byte[] later = codec.write(sample());
        later[0] = 99;
        assertThatThrownBy(() -> EntityWindowsCodec.read("0ad-1", later))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("0ad-1")
                .hasMessageContaining("99");
    }

    @Test
    void anEntityWithoutWindowsComesBackIdle() throws IOException {
        assertThat(EntityWindowsCodec.read("1c", codec.write(new EntityWindows("1c"))).isIdle())
                .isTrue();
    }

    /** An amendment after a restore must reach what is served. */
    @Test
    void aServedWindowThatCanStillChangeIsOneObject() throws IOException {
        EntityWindows read = EntityWindowsCodec.read("0ad-1", codec.write(sample()));
        WindowCount served = read.served[WindowSize.ONE_MINUTE.ordinal()];
        assertThat(read.find(WindowSize.ONE_MINUTE, served.start)).isSameAs(served);
        // One that can no longer change is served all the same.
        WindowCount past = read.served[WindowSize.FIVE_MINUTES.ordinal()];
        assertThat(read.find(WindowSize.FIVE_MINUTES, past.start)).isNull();
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            EntityWindows entity = new EntityWindows("0ad-" + i);
            for (WindowSize size : WindowSize.values()) {
                for (int window = random.nextInt(6); window > 0; window--) {
                    long start = size.startOf(1_795_176_000_000L) + window * size.millis();
                    fill(entity.open(size, start), random);
                }
                if (random.nextBoolean()) {
                    WindowCount served = new WindowCount(size.startOf(1_795_100_000_000L));
                    fill(served, random);
                    entity.serve(size, served, random.nextLong());
                }
            }
            assertThat(text(EntityWindowsCodec.read(entity.key, codec.write(entity))))
                    .isEqualTo(text(entity));
        }
    }

    @Test
    void aWindowIsAboutSixtyBytes() throws IOException {
        EntityWindows entity = new EntityWindows("1cmp-1");
        int empty = codec.write(entity).length;
        entity.open(WindowSize.ONE_MINUTE, 0);
        assertThat(codec.write(entity).length - empty).isLessThanOrEqualTo(60);
    }

    /** An ad with a window of each kind: open, closed, amended, and served alone. */
    static EntityWindows sample() {
        EntityWindows entity = new EntityWindows("0ad-1");
        long noon = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
        WindowCount amended = entity.open(WindowSize.ONE_MINUTE, noon);
        amended.impressions = 1000;
        amended.clicks = 20;
        amended.conversions = 3;
        amended.cost = 5_000_001;
        amended.revenue = 99_990_000;
        amended.revision = 2;
        amended.latest = new Latest(noon + 59_999, "\uD83D\uDE00", "cmp-1", "adv-1", null);
        entity.serve(WindowSize.ONE_MINUTE, amended, noon + 360_000);
        WindowCount open = entity.open(WindowSize.ONE_MINUTE, noon + 60_000);
        open.impressions = 1;
        open.latest = new Latest(noon + 60_000, "i-1", "cmp-2", "adv-1", "Schuhe \u00fc");
        WindowCount past = new WindowCount(noon - 600_000);
        past.clicks = Long.MAX_VALUE;
        past.cost = Long.MAX_VALUE;
        past.revision = 7;
        entity.serve(WindowSize.FIVE_MINUTES, past, noon + 300_000);
        WindowCount hour = entity.open(WindowSize.ONE_HOUR, noon);
        hour.impressions = 1001;
        hour.clicks = 20;
        return entity;
    }

    private static void fill(WindowCount window, Random random) {
        window.impressions = random.nextLong(1L << 40);
        window.clicks = random.nextLong(1L << 30);
        window.conversions = random.nextInt(1000);
        window.cost = random.nextLong(1L << 50);
        window.revenue = random.nextLong(1L << 50);
        window.revision = random.nextInt(3);
        if (random.nextBoolean()) {
            window.latest =
                    new Latest(
                            random.nextLong(),
                            "e" + random.nextInt(),
                            "c",
                            "a",
                            random.nextBoolean() ? "" : null);
        }
    }

    private static String text(EntityWindows entity) {
        StringBuilder text = new StringBuilder(entity.key);
        for (WindowSize size : WindowSize.values()) {
            for (WindowCount window : entity.windows(size)) {
                text.append('\n').append(size.label()).append(' ').append(text(window));
            }
            WindowCount served = entity.served[size.ordinal()];
            if (served != null) {
                text.append('\n').append(size.label()).append(" served until ");
                text.append(entity.servedUntil[size.ordinal()]).append(": ").append(text(served));
            }
        }
        return text.toString();
    }

    private static String text(WindowCount window) {
        return window.start
                + " i="
                + window.impressions
                + " c="
                + window.clicks
                + " v="
                + window.conversions
                + " cost="
                + window.cost
                + " revenue="
                + window.revenue
                + " revision="
                + window.revision
                + " "
                + window.latest;
    }
}
