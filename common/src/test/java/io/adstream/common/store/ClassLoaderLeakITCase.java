package io.adstream.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session cluster gives each run of a job a class loader; what holds it fills the memory. */
@ExtendWith(ServicesExtension.class)
class ClassLoaderLeakITCase {

    /**
     * The PostgreSQL driver's own thread holds the loader for so long after its last connection.
     */
    private static final String CLEANER_LIVES_MS = "pgjdbc.config.cleanup.thread.ttl";

    @AfterEach
    void restore() {
        System.clearProperty(CLEANER_LIVES_MS);
    }

    @Test
    void nothingHoldsTheClassLoaderOfAJobThatHasEnded(RedisServer redis, TestDatabase database)
            throws Exception {
        System.setProperty(CLEANER_LIVES_MS, "500");
        List<WeakReference<ClassLoader>> ended = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            ended.add(runJob(redis, database));
        }
        assertThat(database.queryLong("select count(*) from realtime.progress")).isEqualTo(1);

        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(
                        () -> {
                            System.gc();
                            assertThat(ended)
                                    .allSatisfy(loader -> assertThat(loader.get()).isNull());
                        });
    }

    private static WeakReference<ClassLoader> runJob(RedisServer redis, TestDatabase database)
            throws Exception {
        try (JobLoader loader = new JobLoader()) {
            Thread task =
                    new Thread(
                            () -> {
                                try {
                                    loader.loadClass(StoresUnderJobLoader.class.getName())
                                            .getMethod(
                                                    "run",
                                                    String.class,
                                                    int.class,
                                                    String.class,
                                                    String.class,
                                                    String.class)
                                            .invoke(
                                                    null,
                                                    redis.host(),
                                                    redis.port(),
                                                    database.jdbcUrl(),
                                                    database.user(),
                                                    database.password());
                                } catch (ReflectiveOperationException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            task.setContextClassLoader(loader);
            task.start();
            task.join();
            return new WeakReference<>(loader);
        }
    }

    /** Loads the job and its connectors itself, and what Flink gives from the parent. */
    private static final class JobLoader extends URLClassLoader {

        private static final List<String> OWN =
                List.of("io.adstream.common.", "redis.clients.", "org.postgresql.", "com.ongres.");

        JobLoader() throws IOException {
            super(classPath(), JobLoader.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (OWN.stream().noneMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        private static URL[] classPath() throws IOException {
            List<URL> urls = new ArrayList<>();
            StringTokenizer entries =
                    new StringTokenizer(System.getProperty("java.class.path"), File.pathSeparator);
            while (entries.hasMoreTokens()) {
                urls.add(Path.of(entries.nextToken()).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }
    }
}
