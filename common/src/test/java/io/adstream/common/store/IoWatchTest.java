package io.adstream.common.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IoWatchTest {

    private static final String THREAD = "io-watch-test";

    private final IoWatch watch = new IoWatch(THREAD);
    private final AtomicInteger disconnects = new AtomicInteger();

    @AfterEach
    void close() {
        watch.close();
        await().until(() -> !watchLives());
    }

    @Test
    void cutsIoThatTakesTooLong() {
        watch.begin(Duration.ofMillis(50), disconnects::incrementAndGet);

        await().atMost(5, SECONDS).until(() -> disconnects.get() == 1);
        watch.end();
    }

    @Test
    void cutsTheIoOfAnInterruptedThread() throws InterruptedException {
        CountDownLatch cut = new CountDownLatch(1);
        Thread task =
                new Thread(
                        () -> {
                            watch.begin(Duration.ofHours(1), cut::countDown);
                            while (cut.getCount() > 0) { // as a blocked read: deaf to interrupts
                                Thread.onSpinWait();
                            }
                            watch.end();
                        });
        task.start();

        task.interrupt();

        task.join(5_000);
        assertThat(task.isAlive()).isFalse();
    }

    @Test
    void leavesIoAloneThatEndsInTime() {
        for (int i = 0; i < 1_000; i++) {
            watch.begin(Duration.ofMillis(500), disconnects::incrementAndGet);
            watch.end();
        }
        await().pollDelay(Duration.ofMillis(700)).until(() -> true);

        assertThat(disconnects).hasValue(0);
        assertThat(watchLives()).isTrue();
    }

    private static boolean watchLives() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(THREAD));
    }
}
