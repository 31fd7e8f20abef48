package io.adstream.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.adstream.dashboard.store.StoreException;
import io.adstream.dashboard.store.StoreExceptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SourceTest {

    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void whatWasReadLastIsGivenUntilItIsTooOld() {
        Source<Integer> remembering = new Source<>(Duration.ofHours(1), reads::incrementAndGet);
        assertThat(remembering.read()).isEqualTo(1);
        assertThat(remembering.read()).isEqualTo(1);

        Source<Integer> anew = new Source<>(reads::incrementAndGet);
        assertThat(anew.read()).isEqualTo(2);
        assertThat(anew.read()).isEqualTo(3);
    }

    @Test
    void whoWaitsWhileItFailsDoesNotWaitOnceMore() throws Exception {
        CountDownLatch fail = new CountDownLatch(1);
        Source<Integer> source =
                new Source<>(
                        Duration.ofHours(1),
                        () -> {
                            if (reads.incrementAndGet() > 1) {
                                return 7;
                            }
                            try {
                                fail.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            throw StoreExceptions.away("it does not answer", Instant.EPOCH);
                        });
        AtomicInteger failures = new AtomicInteger();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread =
                    new Thread(
                            () -> {
                                try {
                                    source.read();
                                } catch (StoreException e) {
                                    failures.incrementAndGet();
                                }
                            });
            waiting.add(thread);
            thread.start();
        }
        await().until(
                        () ->
                                waiting.stream()
                                                .filter(
                                                        thread ->
                                                                thread.getState()
                                                                        == Thread.State.BLOCKED)
                                                .count()
                                        == 2);
        fail.countDown();
        for (Thread thread : waiting) {
            thread.join();
        }

        assertThat(failures).hasValue(3);
        assertThat(reads).hasValue(1);
        assertThat(source.read()).as("who asks afterwards").isEqualTo(7);
    }

    @Test
    void whatItHadIsShownWhileItFails() {
        AtomicReference<StoreException> trouble = new AtomicReference<>();
        Source<Integer> source =
                new Source<>(
                        () -> {
                            if (trouble.get() != null) {
                                throw trouble.get();
                            }
                            return 5;
                        });
        List<Trouble> troubles = new ArrayList<>();
        assertThat(source.read(troubles, 0)).isEqualTo(5);
        assertThat(troubles).isEmpty();

        trouble.set(StoreExceptions.away("it does not answer", Instant.EPOCH));
        assertThat(source.read(troubles, 0)).isEqualTo(5);
        assertThat(troubles).hasSize(1);
        assertThatThrownBy(source::read).isSameAs(trouble.get());
    }
}
