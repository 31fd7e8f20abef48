package io.adstream.dashboard.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which services are there. One probe per service asks every second, on a thread of its own;
 * whoever finds a service away in between says so at once. While a service is away nobody but the
 * probe waits for it.
 */
public final class ServiceWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceWatch.class);
    private static final Duration PROBE_EVERY = Duration.ofSeconds(1);

    /** What is known of a service. */
    public enum State {
        UNKNOWN,
        UP,
        AWAY
    }

    /**
     * How a service is.
     *
     * @param since when it came into this state
     * @param reason why it is away; null otherwise
     */
    public record Health(State state, Instant since, @Nullable String reason) {}

    private final Map<Service, Health> health = new ConcurrentHashMap<>();
    private final List<Consumer<Service>> listeners = new CopyOnWriteArrayList<>();
    private final List<ScheduledExecutorService> probes = new ArrayList<>();

    public ServiceWatch() {
        Instant now = Instant.now();
        for (Service service : Service.values()) {
            health.put(service, new Health(State.UNKNOWN, now, null));
        }
    }

    /** Calls back whenever a service goes away or comes back. */
    public void onChange(Consumer<Service> listener) {
        listeners.add(listener);
    }

    /**
     * Asks a service every second from now on.
     *
     * @param probe throws {@link StoreException} where the service does not answer
     */
    public void probe(Service service, Runnable probe) {
        ScheduledExecutorService executor =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread thread = new Thread(task, "probe-" + service.name());
                            thread.setDaemon(true);
                            return thread;
                        });
        probes.add(executor);
        Future<?> unused =
                executor.scheduleWithFixedDelay(
                        () -> {
                            try {
                                probe.run();
                                up(service);
                            } catch (StoreException e) {
                                // Away was said where it was found; a refusal is an answer.
                                LOG.debug("{} was asked whether it is there", service.title(), e);
                            } catch (RuntimeException e) {
                                LOG.warn("{} cannot be probed", service.title(), e);
                            }
                        },
                        0,
                        PROBE_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** How every service is. */
    public Map<Service, Health> all() {
        return new EnumMap<>(health);
    }

    public Health of(Service service) {
        return all().get(service);
    }

    /**
     * Throws where the service is known to be away.
     *
     * @throws StoreException where it is
     */
    void require(Service service) {
        Health now = of(service);
        if (now.state() == State.AWAY) {
            throw StoreException.away(service, now.since(), now.reason());
        }
    }

    /** Notes that a service is away; gives what to throw. */
    StoreException away(Service service, String reason) {
        Health now = change(service, State.AWAY, reason);
        return StoreException.away(service, now.since(), now.reason());
    }

    private void up(Service service) {
        change(service, State.UP, null);
    }

    private Health change(Service service, State state, @Nullable String reason) {
        Health after;
        synchronized (this) {
            Health before = of(service);
            if (before.state() == state) {
                return before;
            }
            after = new Health(state, Instant.now(), reason);
            health.put(service, after);
        }
        if (state == State.AWAY) {
            LOG.warn("{} is away: {}", service.title(), reason);
        } else {
            LOG.info("{} is there", service.title());
        }
        listeners.forEach(listener -> listener.accept(service));
        return after;
    }

    @Override
    public void close() {
        probes.forEach(ScheduledExecutorService::shutdownNow);
    }
}
