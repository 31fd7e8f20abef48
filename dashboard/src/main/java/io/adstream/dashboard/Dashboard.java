package io.adstream.dashboard;

import io.adstream.common.config.ConfigException;
import io.adstream.dashboard.live.Board;
import io.adstream.dashboard.store.FlinkStore;
import io.adstream.dashboard.store.PostgresStore;
import io.adstream.dashboard.store.RedisStore;
import io.adstream.dashboard.store.Service;
import io.adstream.dashboard.store.ServiceWatch;
import io.adstream.dashboard.view.Views;
import io.adstream.dashboard.web.WebServer;

/** The dashboard as a whole. It starts whether its services are there or not. */
public final class Dashboard implements AutoCloseable {

    private final ServiceWatch watch = new ServiceWatch();
    private final RedisStore redis;
    private final PostgresStore postgres;
    private final Board board = new Board();
    private final WebServer server;

    private Dashboard(DashboardConfig config) {
        this.redis = new RedisStore(config.redis(), watch);
        this.postgres = new PostgresStore(config.postgres(), watch);
        FlinkStore flink = new FlinkStore(config.flinkUrl(), watch);
        this.server =
                new WebServer(
                        config,
                        board,
                        Views.all(redis, postgres, flink, watch, config.flinkPublicUrl()),
                        watch);
        watch.onChange(service -> board.refreshAll());
        watch.probe(Service.REDIS, redis::probe);
        watch.probe(Service.POSTGRES, postgres::probe);
        watch.probe(Service.FLINK, flink::probe);
        board.start();
    }

    /** Starts it. */
    public static Dashboard start(DashboardConfig config) {
        Dashboard dashboard = new Dashboard(config);
        try {
            dashboard.server.start();
            return dashboard;
        } catch (RuntimeException e) {
            dashboard.close();
            throw e;
        }
    }

    /** Where it listens. */
    public String address() {
        return server.address();
    }

    /** {@code [--config FILE] [--key value]…}, as described in docs/dashboard.md. */
    public static void main(String[] args) {
        try {
            DashboardConfig config = DashboardConfig.load(args, System.getenv());
            Dashboard dashboard = start(config);
            Runtime.getRuntime().addShutdownHook(new Thread(dashboard::close, "stop"));
            System.out.println("The dashboard listens on " + dashboard.address());
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (WebServer.NotStartedException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    @Override
    public void close() {
        server.close();
        board.close();
        watch.close();
        redis.close();
        postgres.close();
    }
}
