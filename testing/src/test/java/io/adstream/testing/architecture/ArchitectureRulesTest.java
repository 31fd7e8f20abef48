package io.adstream.testing.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.adstream.budget.fixture.LeakyManager;
import io.adstream.common.fixture.Leak;
import io.adstream.dashboard.fixture.HeavyPage;
import io.adstream.metrics.fixture.Clean;
import io.adstream.metrics.fixture.FixtureConnectors;
import io.adstream.testing.fixture.BiasedOracle;
import org.junit.jupiter.api.Test;

/** Shows each rule failing on a class that breaks it, and passing on those that do not. */
class ArchitectureRulesTest {

    private static final JavaClasses CLEAN =
            new ClassFileImporter().importPackagesOf(Clean.class, FixtureConnectors.class);

    @Test
    void onlyConnectorsSeeServices() {
        assertThat(broken(ArchitectureRules.ONLY_CONNECTORS_SEE_SERVICES, LeakyManager.class))
                .contains("java.sql.Connection");
        passesOnCleanClasses(ArchitectureRules.ONLY_CONNECTORS_SEE_SERVICES);
    }

    @Test
    void commonSeesNoJob() {
        assertThat(broken(ArchitectureRules.COMMON_SEES_NO_JOB, Leak.class)).contains("Clean");
        passesOnCleanClasses(ArchitectureRules.COMMON_SEES_NO_JOB);
    }

    @Test
    void jobsDoNotSeeEachOther() {
        assertThat(broken(ArchitectureRules.JOBS_DO_NOT_SEE_EACH_OTHER, LeakyManager.class))
                .contains("Clean");
        passesOnCleanClasses(ArchitectureRules.JOBS_DO_NOT_SEE_EACH_OTHER);
    }

    @Test
    void testingSeesNoProduct() {
        assertThat(broken(ArchitectureRules.TESTING_SEES_NO_PRODUCT, BiasedOracle.class))
                .contains("Clean");
        passesOnCleanClasses(ArchitectureRules.TESTING_SEES_NO_PRODUCT);
    }

    @Test
    void dashboardSeesNoFlink() {
        assertThat(broken(ArchitectureRules.DASHBOARD_SEES_NO_FLINK, HeavyPage.class))
                .contains("JobID");
        passesOnCleanClasses(ArchitectureRules.DASHBOARD_SEES_NO_FLINK);
    }

    @Test
    void noJavaUtilLogging() {
        assertThat(broken(ArchitectureRules.NO_JAVA_UTIL_LOGGING, LeakyManager.class))
                .contains("Logger");
        passesOnCleanClasses(ArchitectureRules.NO_JAVA_UTIL_LOGGING);
    }

    @Test
    void noStandardStreams() {
        assertThat(broken(ArchitectureRules.NO_STANDARD_STREAMS, Leak.class)).contains("System");
        passesOnCleanClasses(ArchitectureRules.NO_STANDARD_STREAMS);
    }

    @Test
    void onlyJobsHaveMain() {
        assertThat(broken(ArchitectureRules.ONLY_JOBS_HAVE_MAIN, Leak.class)).contains("main");
        passesOnCleanClasses(ArchitectureRules.ONLY_JOBS_HAVE_MAIN);
    }

    @Test
    void namesSaySomething() {
        assertThat(broken(ArchitectureRules.NAMES_SAY_SOMETHING, LeakyManager.class))
                .contains("LeakyManager");
        passesOnCleanClasses(ArchitectureRules.NAMES_SAY_SOMETHING);
    }

    private static String broken(ArchRule rule, Class<?> offender) {
        EvaluationResult result =
                rule.evaluate(new ClassFileImporter().importPackagesOf(offender, Clean.class));
        assertThat(result.hasViolation()).isTrue();
        return result.getFailureReport().toString();
    }

    private static void passesOnCleanClasses(ArchRule rule) {
        EvaluationResult result = rule.evaluate(CLEAN);
        assertThat(result.hasViolation()).as(() -> result.getFailureReport().toString()).isFalse();
    }
}
