package io.adstream.dashboard.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;

@ExtendWith(ServicesExtension.class)
class RedisPatternITCase {

    @Test
    void aTextIsFoundLetterForLetter(RedisServer redis) {
        try (Jedis client = redis.connect()) {
            for (String id : List.of("*", "a?c", "[a-z]", "^", "\\", "a\\*b", "-", "plain")) {
                String prefix = "pattern-test:" + id + ":";
                client.set(prefix + "1", "");
                client.set("pattern-test:other:1", "");
                List<String> found =
                        client.scan(
                                        "0",
                                        new ScanParams()
                                                .match(RedisStore.literally(prefix) + "*")
                                                .count(10_000))
                                .getResult();
                assertThat(found).as(id).containsExactly(prefix + "1");
            }
        }
    }
}
