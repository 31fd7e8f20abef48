package io.adstream.testing.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.stream.Stream;

/**
 * The seams that every module keeps. A module takes them with
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "io.adstream", importOptions = ImportOption.DoNotIncludeTests.class)
 * class ArchitectureTest {
 *     @ArchTest static final ArchTests RULES = ArchTests.in(ArchitectureRules.class);
 * }
 * }</pre>
 */
public final class ArchitectureRules {

    private static final List<String> JOBS =
            List.of("metrics", "attribution", "budget", "anomaly", "features", "quality");

    private static final String[] JOB_PACKAGES =
            JOBS.stream().map(job -> "io.adstream." + job + "..").toArray(String[]::new);

    private static final String[] JOB_AND_COMMON_PACKAGES =
            Stream.concat(Stream.of("io.adstream.common.."), Stream.of(JOB_PACKAGES))
                    .toArray(String[]::new);

    /** Jobs reach Kafka, Redis and PostgreSQL through one class and the packages of common. */
    @ArchTest
    public static final ArchRule ONLY_CONNECTORS_SEE_SERVICES =
            noClasses()
                    .that(resideInAnyPackage(JOB_AND_COMMON_PACKAGES))
                    .and()
                    .resideOutsideOfPackages(
                            "io.adstream.common.config..",
                            "io.adstream.common.dlq..",
                            "io.adstream.common.kafka..",
                            "io.adstream.common.redis..",
                            "io.adstream.common.postgres..")
                    .and(DescribedPredicate.not(connectors()))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.flink.connector.kafka..",
                            "org.apache.kafka..",
                            "redis.clients..",
                            "java.sql..",
                            "javax.sql..",
                            "org.postgresql..",
                            "com.zaxxer..")
                    .because("a topology must be testable without services")
                    .allowEmptyShould(true);

    /** What the jobs share knows none of them. */
    @ArchTest
    public static final ArchRule COMMON_SEES_NO_JOB =
            noClasses()
                    .that()
                    .resideInAPackage("io.adstream.common..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            Stream.concat(
                                            Stream.of(JOB_PACKAGES),
                                            Stream.of(
                                                    "io.adstream.local..",
                                                    "io.adstream.dashboard..",
                                                    "io.adstream.bench.."))
                                    .toArray(String[]::new))
                    .allowEmptyShould(true);

    /** Jobs are deployed one by one. */
    @ArchTest
    public static final ArchRule JOBS_DO_NOT_SEE_EACH_OTHER =
            slices().assignedFrom(jobs())
                    .should()
                    .notDependOnEachOther()
                    .because("each job is deployed on its own")
                    .allowEmptyShould(true);

    /** Expectations of tests must not be made by the code under test. */
    @ArchTest
    public static final ArchRule TESTING_SEES_NO_PRODUCT =
            noClasses()
                    .that()
                    .resideInAPackage("io.adstream.testing..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(JOB_AND_COMMON_PACKAGES)
                    .allowEmptyShould(true);

    /** The page must not bring an engine along. */
    @ArchTest
    public static final ArchRule DASHBOARD_SEES_NO_FLINK =
            noClasses()
                    .that()
                    .resideInAPackage("io.adstream.dashboard..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.flink..")
                    .allowEmptyShould(true);

    /** Logging goes through slf4j, as Flink's does. */
    @ArchTest
    public static final ArchRule NO_JAVA_UTIL_LOGGING =
            noClasses()
                    .that()
                    .resideInAPackage("io.adstream..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("java.util.logging..")
                    .allowEmptyShould(true);

    /** A job has no terminal. */
    @ArchTest
    public static final ArchRule NO_STANDARD_STREAMS =
            noClasses()
                    .that(resideInAnyPackage(JOB_AND_COMMON_PACKAGES))
                    .should(ACCESS_STANDARD_STREAMS)
                    .allowEmptyShould(true);

    /** The way into a job is its XJob class. */
    @ArchTest
    public static final ArchRule ONLY_JOBS_HAVE_MAIN =
            methods()
                    .that()
                    .haveName("main")
                    .and()
                    .areStatic()
                    .and()
                    .areDeclaredInClassesThat(resideInAnyPackage(JOB_AND_COMMON_PACKAGES))
                    .should()
                    .beDeclaredInClassesThat()
                    .haveSimpleNameEndingWith("Job")
                    .allowEmptyShould(true);

    /** Names come from the field. */
    @ArchTest
    public static final ArchRule NAMES_SAY_SOMETHING =
            noClasses()
                    .that()
                    .resideInAPackage("io.adstream..")
                    .should()
                    .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Base)$")
                    .allowEmptyShould(true);

    private ArchitectureRules() {}

    /** XConnectors and what is nested in it. */
    private static DescribedPredicate<JavaClass> connectors() {
        return DescribedPredicate.describe(
                "are XConnectors",
                type -> {
                    JavaClass outermost = type;
                    while (outermost.getEnclosingClass().isPresent()) {
                        outermost = outermost.getEnclosingClass().get();
                    }
                    return outermost.getSimpleName().endsWith("Connectors");
                });
    }

    private static SliceAssignment jobs() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                for (String job : JOBS) {
                    String root = "io.adstream." + job;
                    String name = type.getPackageName();
                    if (name.equals(root) || name.startsWith(root + ".")) {
                        return SliceIdentifier.of(job);
                    }
                }
                return SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "the jobs";
            }
        };
    }
}
