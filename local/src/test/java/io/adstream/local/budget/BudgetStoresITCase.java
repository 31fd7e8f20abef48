package io.adstream.local.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

@ExtendWith(ServicesExtension.class)
class BudgetStoresITCase {

    private static final Instant NOW = Instant.parse("2026-11-20T20:00:00Z");
    private static final String KEY = "budget:a:2026-11-20:spent";

    @Test
    void repairsACounterOnceAndNotesIt(RedisServer redis, TestDatabase database) throws Exception {
        redis.flush();
        database.execute(
                "insert into budget.campaigns (campaign_id, advertiser_id, time_zone) values ('a',"
                        + " 'adv', 'UTC'), ('b', 'adv', 'Asia/Seoul'), ('c', 'adv', 'nowhere')");
        database.execute(
                "insert into budget.daily_spend (campaign_id, budget_date, spent, clicks) values"
                        + " ('a', '2026-11-20', 100, 10), ('b', '2026-11-21', 7.5, 1)");
        try (BudgetStores stores =
                        new BudgetStores(
                                redis.host(), redis.port(), database.jdbcUrlWithCredentials());
                Jedis client = redis.connect()) {
            client.set(KEY, "120000000");
            List<BudgetStores.Account> accounts = stores.accounts(null, null, NOW);
            assertThat(accounts)
                    .containsExactly(
                            account("a", "2026-11-20"),
                            account("b", "2026-11-21"),
                            account("c", "2026-11-20"));
            assertThat(stores.accounts("b", LocalDate.parse("2026-11-01"), NOW))
                    .containsExactly(account("b", "2026-11-01"));
            assertThat(stores.deductions())
                    .containsEntry(account("a", "2026-11-20"), 100_000_000L)
                    .containsEntry(account("b", "2026-11-21"), 7_500_000L);
            String version =
                    Objects.requireNonNull(stores.counters(accounts).get(accounts.get(0)))
                            .version();
            CounterFinding high =
                    new CounterFinding(
                            "a",
                            LocalDate.parse("2026-11-20"),
                            120_000_000L,
                            100_000_000,
                            120_000_000L,
                            version);
            client.incrBy(KEY, 3);

            assertThat(stores.repair(high, NOW)).isTrue();
            assertThat(stores.repair(high, NOW.plusSeconds(1))).as("the same again").isFalse();
            assertThat(client.get(KEY)).isEqualTo("100000003");

            CounterFinding absent =
                    new CounterFinding(
                            "b", LocalDate.parse("2026-11-21"), null, 7_500_000, null, "");
            assertThat(stores.repair(absent, NOW)).isTrue();
            assertThat(client.get("budget:b:2026-11-21:spent")).isEqualTo("7500000");
        }
        assertThat(
                        database.query(
                                "select campaign_id, action, correction from budget.sync_audit order"
                                        + " by 1"))
                .extracting("campaign_id", "action", "correction")
                .containsExactly(
                        tuple("a", "REPAIRED", new BigDecimal("-20.000000")),
                        tuple("b", "REPAIRED", new BigDecimal("7.500000")));
    }

    private static BudgetStores.Account account(String campaign, String date) {
        return new BudgetStores.Account(campaign, LocalDate.parse(date));
    }
}
