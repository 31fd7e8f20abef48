package io.adstream.local.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.local.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SideBySideTest {

    @Test
    void asManyAsAllowedAreDoneAtOnceAndAllInTheEnd() {
        // Each waits for another: one after the other they would never be done.
        CyclicBarrier pair = new CyclicBarrier(2);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int result = i;
            tasks.add(
                    () -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        pair.await(30, SECONDS);
                        running.decrementAndGet();
                        return result;
                    });
        }
        List<Integer> done = new ArrayList<>();

        SideBySide.run(tasks, 2, done::add);

        assertThat(done).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        assertThat(most).hasValue(2);
    }

    @Test
    void theFirstFailureEndsTheWaitAndInterruptsTheRest() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        List<Callable<String>> tasks =
                List.of(
                        () -> {
                            waits.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                            return "late";
                        },
                        () -> {
                            waits.await();
                            throw new CommandFailure("metrics was not accepted");
                        });

        assertThatThrownBy(() -> SideBySide.run(tasks, 2, result -> {}))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("metrics was not accepted");
        assertThat(interrupted.await(30, SECONDS)).isTrue();
    }

    @Test
    void nothingToDoIsDone() {
        List<String> done = new ArrayList<>();
        List<Callable<String>> none = List.of();
        SideBySide.run(none, 3, done::add);
        assertThat(done).isEmpty();
    }
}
