package io.adstream.local.budget;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adstream.budget.sync.CounterScripts;
import io.adstream.common.money.Micros;
import io.adstream.local.CommandFailure;
import io.adstream.local.DataDirOption;
import io.adstream.local.ExitCode;
import io.adstream.local.HelpOption;
import io.adstream.local.flink.FlinkRest;
import io.adstream.local.flink.JobHealth;
import io.adstream.local.flink.JobRecord;
import io.adstream.local.system.DataDir;
import io.adstream.local.system.Endpoints;
import io.adstream.local.system.RunningSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adstream budget repair}. */
@Command(
        name = "repair",
        sortOptions = false,
        description = {
            "Corrects counters in Redis that differ from the deduction by 5 %% or more.",
            "",
            "Counters are read, and read again after the deductions: what the deduction is outside of"
                    + " is drift. Shows what it would do and asks. Spend that arrives meanwhile is"
                    + " kept. Each correction is a row REPAIRED in budget.sync_audit."
        })
final class RepairCommand implements Callable<Integer> {

    private static final String JOB = "budget";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;
    @Mixin private DataDirOption dataDir;

    @Option(
            names = "--campaign",
            paramLabel = "ID",
            description = "Only this campaign (default: all of budget.campaigns).")
    private @Nullable String campaign;

    @Option(
            names = "--date",
            paramLabel = "YYYY-MM-DD",
            description = "The budget date (default: each campaign's local date of now).")
    private @Nullable LocalDate date;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "How long after the first look the deductions are read, so that they know all"
                            + " that was counted by then (default: ${DEFAULT-VALUE}).")
    private int wait;

    @Option(names = "--yes", description = "Correct without asking.")
    private boolean yes;

    @Option(
            names = "--json",
            description = "What was found and done as JSON. Without --yes nothing is done.")
    private boolean json;

    @Override
    public Integer call() {
        DataDir data = dataDir.dataDir();
        Endpoints endpoints = Endpoints.ofRunning(data);
        requireHealthyJob(data);
        try (BudgetStores stores =
                new BudgetStores(
                        "127.0.0.1",
                        endpoints.ports().redis(),
                        endpoints.postgresUrlWithPassword())) {
            return repair(stores);
        } catch (SQLException e) {
            throw new CommandFailure("PostgreSQL refuses: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailure("Redis does not answer: " + e.getMessage(), e);
        }
    }

    /** A job that is behind has deductions that are too low: every counter would look too high. */
    private static void requireHealthyJob(DataDir data) {
        Optional<JobRecord> job = JobRecord.read(data.jobFile(JOB)).filter(JobRecord::wanted);
        if (job.isEmpty()) {
            throw new CommandFailure(
                    "The budget job does not run; start it with ./adstream submit budget.");
        }
        FlinkRest rest = new FlinkRest(RunningSystem.in(data).ports().flink());
        try {
            List<String> problems =
                    new JobHealth(rest, Duration.ofMinutes(2))
                            .problems(String.valueOf(job.get().id()), Instant.now().toEpochMilli());
            if (!problems.isEmpty()) {
                throw new CommandFailure(
                        "The budget job is not well, so its deductions are not to be trusted: "
                                + String.join("; ", problems)
                                + ".");
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    "Flink does not answer at " + rest.address() + ": " + e.getMessage(), e);
        }
    }

    private int repair(BudgetStores stores) throws SQLException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<BudgetStores.Account> accounts = stores.accounts(campaign, date, Instant.now());
        if (accounts.isEmpty()) {
            throw new CommandFailure(
                    campaign == null
                            ? "budget.campaigns is empty."
                            : "budget.campaigns has no campaign " + campaign + ".");
        }
        List<CounterFinding> findings = look(stores, accounts, out);
        List<CounterFinding> off = findings.stream().filter(CounterFinding::needsRepair).toList();
        if (!json) {
            show(findings.size(), off, out);
        }
        if (off.isEmpty() || !agreed(off.size(), out)) {
            return report(findings.size(), off, List.of(), out);
        }
        List<CounterFinding> done = new ArrayList<>();
        for (CounterFinding finding : off) {
            if (stores.repair(finding, Instant.now())) {
                done.add(finding);
            } else if (!json) {
                out.println(
                        finding.campaignId() + " was corrected otherwise meanwhile; left alone.");
            }
        }
        return report(findings.size(), off, done, out);
    }

    private List<CounterFinding> look(
            BudgetStores stores, List<BudgetStores.Account> accounts, PrintWriter out)
            throws SQLException, IOException {
        Map<BudgetStores.Account, CounterScripts.Found> first = stores.counters(accounts);
        if (!json) {
            out.println("Waiting " + wait + " s for the deductions to know what was counted …");
            out.flush();
        }
        try {
            TimeUnit.SECONDS.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted; nothing was corrected.", e);
        }
        Map<BudgetStores.Account, Long> deductions = stores.deductions();
        Map<BudgetStores.Account, CounterScripts.Found> last = stores.counters(accounts);
        List<CounterFinding> findings = new ArrayList<>();
        for (BudgetStores.Account account : accounts) {
            CounterScripts.Found before = first.get(account);
            CounterScripts.Found after = last.get(account);
            if (before != null && after != null) {
                findings.add(
                        new CounterFinding(
                                account.campaignId(),
                                account.date(),
                                before.counter(),
                                deductions.getOrDefault(account, 0L),
                                after.counter(),
                                after.version()));
            }
        }
        return findings;
    }

    private static void show(int looked, List<CounterFinding> off, PrintWriter out) {
        if (off.isEmpty()) {
            out.println("All " + looked + " counters agree with the deductions.");
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-24s %-10s %16s %16s %16s%n",
                "campaign",
                "date",
                "counter",
                "deduction",
                "would add");
        for (CounterFinding finding : off) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %-10s %16s %16s %16s%n",
                    finding.campaignId(),
                    finding.date(),
                    finding.last() == null ? "absent" : Micros.format(finding.last()),
                    Micros.format(finding.deduction()),
                    Micros.format(finding.isAbsent() ? finding.deduction() : -finding.drift()));
        }
    }

    private boolean agreed(int count, PrintWriter out) throws IOException {
        if (yes || json) {
            return yes;
        }
        out.print("Correct " + count + (count == 1 ? " counter" : " counters") + "? [y/N] ");
        out.flush();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        String answer = in.readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    private int report(
            int looked, List<CounterFinding> off, List<CounterFinding> done, PrintWriter out)
            throws IOException {
        if (json) {
            ObjectNode report = JSON.createObjectNode();
            report.put("checked", looked);
            report.put("repaired", done.size());
            ArrayNode counters = report.putArray("counters");
            for (CounterFinding finding : off) {
                ObjectNode counter = counters.addObject();
                counter.put("campaign_id", finding.campaignId());
                counter.put("budget_date", finding.date().toString());
                counter.put(
                        "counter",
                        finding.last() == null ? null : Micros.toDecimal(finding.last()));
                counter.put("deduction", Micros.toDecimal(finding.deduction()));
                counter.put("drift", Micros.toDecimal(finding.drift()));
                counter.put("repaired", done.contains(finding));
            }
            out.println(JSON.writeValueAsString(report));
        } else if (!off.isEmpty()) {
            out.println("Corrected " + done.size() + " of " + off.size() + ".");
        }
        boolean left = (yes || !done.isEmpty()) && done.size() < off.size();
        return left ? ExitCode.FAILURE : ExitCode.OK;
    }
}
