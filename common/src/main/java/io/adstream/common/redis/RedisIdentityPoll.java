package io.adstream.common.redis;

import io.adstream.common.store.PolledSource;
import java.util.List;

/** Asks a Redis again and again which one it is. Gives its {@code run_id} each time it answers. */
public final class RedisIdentityPoll implements PolledSource.Poll<String> {

    private static final long serialVersionUID = 1L;

    private final RedisConnectionConfig config;

    public RedisIdentityPoll(RedisConnectionConfig config) {
        this.config = config;
    }

    @Override
    public PolledSource.Session<String> open() {
        RedisServerIdentity server = new RedisServerIdentity(config);
        return new PolledSource.Session<>() {
            @Override
            public List<String> poll() {
                String runId = server.runId();
                return runId == null ? List.of() : List.of(runId);
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
