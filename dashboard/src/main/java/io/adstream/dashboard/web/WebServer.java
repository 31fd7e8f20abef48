package io.adstream.dashboard.web;

import io.adstream.dashboard.DashboardConfig;
import io.adstream.dashboard.live.BadParameterException;
import io.adstream.dashboard.live.Board;
import io.adstream.dashboard.live.Json;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.Snapshot;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.ServiceWatch;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import io.javalin.http.staticfiles.Location;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The HTTP server: the page, {@code /api/}, {@code /health}, and the way in with a token. */
public final class WebServer implements AutoCloseable {

    private static final int THREADS = 40;
    private static final int IDLE_MILLIS = 60_000;
    private static final String SIGNED_IN = "adstream_dashboard_in";

    /** Nothing from elsewhere, nothing inline, and no text that could become script. */
    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                            + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                            + " frame-ancestors 'none'; require-trusted-types-for 'script';"
                            + " trusted-types 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "X-Frame-Options",
                    "DENY",
                    "Referrer-Policy",
                    "no-referrer",
                    "Cross-Origin-Opener-Policy",
                    "same-origin",
                    "Cross-Origin-Resource-Policy",
                    "same-origin",
                    "Permissions-Policy",
                    "camera=(), geolocation=(), microphone=()");

    /** The server did not start; the message says why. */
    public static final class NotStartedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotStartedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final DashboardConfig config;
    private final Board board;
    private final Map<String, View> views;
    private final ServiceWatch watch;
    private final AccessControl access;
    private final EventStreams streams;
    private final Javalin javalin;
    private volatile int port;

    public WebServer(
            DashboardConfig config, Board board, Map<String, View> views, ServiceWatch watch) {
        this.config = config;
        this.board = board;
        this.views = views;
        this.watch = watch;
        this.access = new AccessControl(config.token(), config.host(), Clock.systemUTC());
        this.streams = new EventStreams(board, config.maxStreams(), this::watched);
        this.javalin = Javalin.create(this::configure);
    }

    /**
     * Begins to listen.
     *
     * @throws NotStartedException where the port is taken
     */
    public void start() {
        try {
            javalin.start(config.host(), config.port());
            port = javalin.port();
        } catch (JavalinBindException e) {
            throw new NotStartedException(
                    "The dashboard was not started: "
                            + config.host()
                            + ":"
                            + config.port()
                            + " is taken or no address of this machine; set dashboard.port or"
                            + " dashboard.host.",
                    e);
        }
    }

    /** Where it listens. */
    public String address() {
        return "http://" + config.host() + ":" + port;
    }

    private void configure(JavalinConfig javalinConfig) {
        javalinConfig.startup.showJavalinBanner = false;
        javalinConfig.startup.startupWatcherEnabled = false;
        javalinConfig.http.compressionStrategy = CompressionStrategy.GZIP;
        javalinConfig.http.maxRequestSize = 64 << 10;
        javalinConfig.jetty.threadPool = new QueuedThreadPool(THREADS, 4, IDLE_MILLIS);
        javalinConfig.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        javalinConfig.staticFiles.add(
                files -> {
                    files.hostedPath = "/";
                    files.directory = "/web";
                    files.location = Location.CLASSPATH;
                    // Asked again at each visit, and answered "not modified".
                    files.headers = Map.of("Cache-Control", "no-cache");
                });
        javalinConfig.routes.before(this::admit);
        javalinConfig.routes.get("/health", this::health);
        javalinConfig.routes.post("/login", this::login);
        javalinConfig.routes.post("/logout", this::logout);
        javalinConfig.routes.get("/api/openapi.yaml", this::openApiYaml);
        javalinConfig.routes.get("/api/openapi.json", this::openApiJson);
        javalinConfig.routes.get("/api/stream", streams::open);
        javalinConfig.routes.get("/api/{view}", this::view);
        javalinConfig.routes.exception(
                BadParameterException.class,
                (e, context) -> {
                    context.status(HttpStatus.BAD_REQUEST);
                    error(context, "BAD_PARAMETER", e.parameter(), String.valueOf(e.getMessage()));
                });
        javalinConfig.routes.error(
                HttpStatus.NOT_FOUND,
                context -> {
                    if (context.path().startsWith("/api/") && context.result() == null) {
                        error(context, "NOT_FOUND", null, "There is no such call.");
                    }
                });
    }

    private void admit(Context context) {
        HEADERS.forEach(context::header);
        if (!access.isOwnName(context.header("Host"))) {
            refuse(
                    context,
                    HttpStatus.MISDIRECTED_REQUEST,
                    "WRONG_HOST",
                    "Without a token the dashboard answers to localhost alone.");
            return;
        }
        String path = context.path();
        boolean open =
                path.equals("/health")
                        || path.equals("/login")
                        || path.equals("/login.css")
                        || path.equals("/favicon.svg");
        if (!open && !access.mayLook(context.header("Authorization"), cookie(context))) {
            if (path.startsWith("/api/")) {
                context.header("WWW-Authenticate", "Bearer");
                refuse(
                        context,
                        HttpStatus.UNAUTHORIZED,
                        "UNAUTHORIZED",
                        "The token is missing or wrong.");
            } else {
                loginPage(context, HttpStatus.UNAUTHORIZED);
            }
        }
    }

    private static @Nullable String cookie(Context context) {
        return context.cookie(AccessControl.COOKIE);
    }

    private static void refuse(Context context, HttpStatus status, String code, String message) {
        context.status(status);
        error(context, code, null, message);
        context.skipRemainingHandlers();
    }

    private static void loginPage(Context context, HttpStatus status) {
        context.status(status)
                .contentType("text/html; charset=utf-8")
                .header("Cache-Control", "no-store")
                .result(
                        resource(
                                status == HttpStatus.FORBIDDEN
                                        ? "/login-wrong.html"
                                        : "/login.html"));
        context.skipRemainingHandlers();
    }

    private void login(Context context) {
        String token = context.formParam("token");
        if (!access.needsToken()) {
            context.redirect("/", HttpStatus.SEE_OTHER);
        } else if (token != null && access.isToken(token.trim())) {
            context.cookie(cookie(context, AccessControl.COOKIE, access.newCookie(), true));
            // Tells the page's script that there is something to sign out of, and nothing else.
            context.cookie(cookie(context, SIGNED_IN, "1", false));
            context.redirect("/", HttpStatus.SEE_OTHER);
        } else {
            loginPage(context, HttpStatus.FORBIDDEN);
        }
    }

    private static Cookie cookie(Context context, String name, String value, boolean hidden) {
        Cookie cookie = new Cookie(name, value);
        cookie.setPath("/");
        cookie.setMaxAge((int) AccessControl.COOKIE_LIFE.toSeconds());
        cookie.setHttpOnly(hidden);
        cookie.setSameSite(SameSite.STRICT);
        cookie.setSecure("https".equalsIgnoreCase(context.header("X-Forwarded-Proto")));
        return cookie;
    }

    private void logout(Context context) {
        context.removeCookie(AccessControl.COOKIE, "/");
        context.removeCookie(SIGNED_IN, "/");
        context.redirect("/", HttpStatus.SEE_OTHER);
    }

    /** Up as long as this answers; the services are told, for whom they are away is on the page. */
    private void health(Context context) {
        Map<String, Object> services = new LinkedHashMap<>();
        watch.all().forEach((service, health) -> services.put(service.title(), health.state()));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", "UP");
        body.put("services", services);
        body.put("streams", streams.size());
        json(context, Json.bytes(body));
    }

    private void view(Context context) {
        View view = views.get(context.pathParam("view"));
        if (view == null) {
            context.status(HttpStatus.NOT_FOUND);
            return;
        }
        Optional<Snapshot> snapshot = board.ask(Query.of(view, single(context.queryParamMap())));
        if (snapshot.isPresent()) {
            json(context, snapshot.get().json());
        } else {
            context.status(HttpStatus.SERVICE_UNAVAILABLE).header("Retry-After", "2");
            error(context, "NOT_READY", null, "Reading takes too long; ask again.");
        }
    }

    private static Map<String, String> single(Map<String, List<String>> given) {
        Map<String, String> single = new LinkedHashMap<>();
        given.forEach(
                (name, values) -> {
                    if (values.size() != 1) {
                        throw new BadParameterException(name, "is given twice");
                    }
                    single.put(name, values.get(0));
                });
        return single;
    }

    /** Reads {@code view?name=value&…}, as a browser writes it. */
    private Query watched(String watch) {
        int mark = watch.indexOf('?');
        View view = views.get(mark < 0 ? watch : watch.substring(0, mark));
        if (view == null) {
            throw new BadParameterException(
                    "watch", "allowed are " + String.join(", ", views.keySet()));
        }
        Map<String, String> given = new LinkedHashMap<>();
        for (String pair : mark < 0 ? new String[0] : watch.substring(mark + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                given.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return Query.of(view, given);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadParameterException("watch", "is not encoded rightly");
        }
    }

    private void openApiYaml(Context context) {
        context.contentType("application/yaml; charset=utf-8").result(resource("/openapi.yaml"));
    }

    private void openApiJson(Context context) {
        json(context, OpenApi.json(new String(resource("/openapi.yaml"), StandardCharsets.UTF_8)));
    }

    private static void json(Context context, byte[] body) {
        context.contentType("application/json; charset=utf-8")
                .header("Cache-Control", "no-store")
                .result(body);
    }

    static void error(Context context, String code, @Nullable String parameter, String message) {
        Map<String, @Nullable String> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("parameter", parameter);
        error.put("message", message);
        json(context, Json.bytes(Map.of("error", error)));
    }

    private static byte[] resource(String name) {
        try (InputStream in = WebServer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        streams.close();
        javalin.stop();
    }
}
