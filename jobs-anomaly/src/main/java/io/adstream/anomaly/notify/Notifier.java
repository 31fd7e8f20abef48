package io.adstream.anomaly.notify;

import io.adstream.common.store.BatchWriter;
import io.adstream.common.store.BatchWriterFactory;
import io.adstream.common.store.OnceOnly;
import io.adstream.common.store.StoreOutage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people of alerts over one channel: retried while the channel is away, and never twice for
 * one status of an incident. Above the rate what waits becomes a digest.
 *
 * <p>Before each attempt what is told is claimed where a crash leaves it. An attempt that certainly
 * failed gives the claim back. After one whose end nobody knows, because the answer was lost or the
 * process died, people are not told again: such notifications are counted and logged by their key.
 */
final class Notifier implements BatchWriter<Notification> {

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final Channel channel;
    private final OnceOnly claims;
    private final RateLimit limit;
    private final long maxAgeMillis;
    private final LongSupplier clock;
    private final StoreOutage outage;
    private final Counter told;
    private final Counter digests;
    private final Counter uncertain;
    private final Counter expired;

    /**
     * @param claims of this channel
     * @param maxAge older alerts are told to nobody
     * @param clock epoch ms
     */
    Notifier(
            Channel channel,
            OnceOnly claims,
            RateLimit limit,
            Duration maxAge,
            LongSupplier clock,
            MetricGroup metrics) {
        this.channel = channel;
        this.claims = claims;
        this.limit = limit;
        this.maxAgeMillis = maxAge.toMillis();
        this.clock = clock;
        this.told = metrics.counter("notificationsTold");
        this.digests = metrics.counter("digests");
        this.uncertain = metrics.counter("notificationsUncertain");
        this.expired = metrics.counter("notificationsExpired");
        this.outage =
                new StoreOutage(channel.address(), LOG, metrics.counter("notificationRetries"));
        metrics.gauge("channelUnavailableMs", outage::lastsMs);
    }

    /**
     * Makes notifiers.
     *
     * @param channels makes the channel, or null where none is set up
     * @param claims makes the claims of a channel by its name
     */
    static BatchWriterFactory<Notification> factory(
            ChannelFactory channels, ClaimsFactory claims, int perMinute, Duration maxAge) {
        return (metrics, subtask) -> {
            Channel channel = channels.open();
            MetricGroup group = metrics.addGroup("adstream");
            if (channel == null) {
                return new NoChannel(group.counter("notificationsWithoutChannel"));
            }
            return new Notifier(
                    channel,
                    claims.open(channel.name(), group),
                    new RateLimit(perMinute, System::nanoTime),
                    maxAge,
                    System::currentTimeMillis,
                    group);
        };
    }

    @Override
    public void write(List<Notification> batch) throws IOException, InterruptedException {
        List<Notification> left = new ArrayList<>(batch);
        while (!left.isEmpty()) {
            boolean fits = left.size() <= Math.max(1, limit.available());
            List<Notification> group = fits ? left.subList(0, 1) : left;
            deliver(new ArrayList<>(group));
            group.clear();
        }
    }

    /** Tells of these in one message, as long as anybody wants to know. */
    private void deliver(List<Notification> group) throws IOException, InterruptedException {
        limit.await();
        while (true) {
            dropExpired(group);
            Set<String> claimed = claims.claim(keys(group), uncertain);
            List<Notification> mine = new ArrayList<>();
            group.stream()
                    .filter(notification -> claimed.contains(notification.key()))
                    .forEach(mine::add);
            if (mine.isEmpty()) {
                return;
            }
            Channel.Delivery delivery = channel.send(Message.about(mine));
            switch (delivery.outcome()) {
                case TAKEN -> {
                    claims.done(claimed);
                    outage.over();
                    told.inc(mine.size());
                    if (mine.size() > 1) {
                        digests.inc();
                    }
                    return;
                }
                case UNKNOWN -> {
                    claims.uncertain(claimed);
                    uncertain.inc(mine.size());
                    LOG.warn(
                            "{} may have taken {} or not: {}. They are not sent again.",
                            channel.address(),
                            claimed,
                            delivery.problem());
                    return;
                }
                case REFUSED -> {
                    claims.release(claimed);
                    outage.await(
                            delivery.problem(),
                            "Check the address, the credentials and that it runs.");
                    group = mine;
                }
            }
        }
    }

    private void dropExpired(List<Notification> group) {
        long before = clock.getAsLong() - maxAgeMillis;
        int size = group.size();
        group.removeIf(notification -> notification.arrived() < before);
        expired.inc((long) size - group.size());
    }

    private static List<String> keys(List<Notification> group) {
        return group.stream().map(Notification::key).toList();
    }

    @Override
    public void close() {
        claims.close();
    }

    /** Where no channel is set up. */
    private record NoChannel(Counter dropped) implements BatchWriter<Notification> {

        @Override
        public void write(List<Notification> batch) {
            dropped.inc(batch.size());
        }

        @Override
        public void close() {}
    }
}
