// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.github.incident4j.examples.credit.Course.Moment;
import io.github.incident4j.examples.credit.CreditData.Halves;
import io.github.incident4j.examples.credit.Ledger.Stretch;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.Severity;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells the story on a terminal of 100 columns, in plain ASCII. */
final class StoryReport {
    private static final int WIDTH = 98;
    private static final int PROGRESS_EVERY = 2_500;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final PrintStream out;
    private double medianBefore = Double.NaN;
    private double medianAfter = Double.NaN;

    StoryReport(PrintStream out) {
        this.out = out;
    }

    void opening(CreditData data, long seed, Path directory) {
        line(format("Incident4j: a credit scorer goes wrong for one group (seed %d)", seed));
        line("");
        field("data", data.source());
        field("", format("%,d customers, %s defaulted", data.customers().size(), percent(data.defaultRate())));
        field(
                "simulated",
                format(
                        "the stream (%,d applications drawn from one half of the customers), its clock (an application"
                                + " every %d s; minutes below are minutes of that clock), the pipeline change, and the"
                                + " reviewer",
                        CreditScoringStory.APPLICATIONS, CreditScoringStory.INTERVAL.toSeconds()));
        field("real", "models, guard, detectors, switches, trail, and the page by HTTP on the loopback interface");
        path("writes to", directory);
        line("");
        line("Training on the other half ...");
    }

    void trained(List<CreditModel> models, Halves halves) {
        for (CreditModel model : models) {
            field(
                    model.version(),
                    format(
                            "%s; right about %s of the half it has not seen",
                            model.description(), percent(model.accuracy(halves.second()))));
        }
        line("");
        line("Replaying: application, time of the simulated clock");
    }

    void progress(int application, SimulatedClock clock) {
        if (application % PROGRESS_EVERY == 0 && application != CreditScoringStory.CHANGE_AT) {
            event(application, clock, application == 0 ? "v8 answers everybody" : "...");
        } else if (application == CreditScoringStory.APPLICATIONS - 1) {
            event(application, clock, "the last one");
        }
    }

    void deployed(FeaturePipeline release, int application, SimulatedClock clock) {
        event(
                application,
                clock,
                "CHANGE: feature pipeline " + release.release() + " encodes the account status of customers aged "
                        + CreditScoringStory.GROUP + " as 'unknown', which the models read as 'worse than overdrawn'");
    }

    void paged(int application, SimulatedClock clock, String page) {
        new Page(page).news().forEach(each -> event(application, clock, "PAGE " + each));
    }

    void measured(double before, double after) {
        this.medianBefore = before;
        this.medianAfter = after;
    }

    void result(StoryResult result, Path directory) {
        result.course().ifPresent(course -> {
            whatHappened(course, result);
            why(course.incident());
        });
        thePage(result.pages());
        approvals(result);
        counterfactual(result);
        traces(result, directory);
        List<String> departures = result.departures();
        line("");
        line(departures.isEmpty() ? "The story went as told." : "THE STORY DID NOT GO AS TOLD:");
        departures.forEach(departure -> wrapped("  - ", "    ", departure));
    }

    private void whatHappened(Course course, StoryResult result) {
        int change = CreditScoringStory.CHANGE_AT;
        heading("What happened when (in applications and simulated time after the change)");
        moment(change, "onset", "pipeline 4.2 goes live; latency and errors stay normal (below)");
        Incident incident = course.incident();
        moment(
                course.detected().application(),
                "detected",
                format(
                        "%s %s, %s; %d decisions after the onset, of which %d wrongly denied somebody; the library"
                                + " dates the onset to application %,d",
                        incident.severity(),
                        incident.type().name().toLowerCase(Locale.ROOT),
                        incident.segment().map(Object::toString).orElse("no segment known"),
                        course.detected().application() - change + 1,
                        result.unnoticed().wronglyDenied(),
                        incident.onsetDecision()));
        moment(course.rollback(), "contained 1");
        moment(course.ineffective(), "no effect");
        moment(course.review(), "contained 2");
        moment(course.contained(), "holds");
        line("");
        field(
                "calls",
                format(
                        "median latency %.0f us before the change, %.0f us after it (of v8, measured here in real"
                                + " time); %d applications unanswered, %d answers objected to by a guardrail",
                        medianBefore, medianAfter, result.unanswered(), result.misjudged()));
    }

    private void moment(Optional<Moment> moment, String name) {
        moment.ifPresent(found -> moment(found.application(), name, found.what()));
    }

    private void moment(int application, String name, String what) {
        Duration after = CreditScoringStory.INTERVAL.multipliedBy(application - CreditScoringStory.CHANGE_AT);
        String start = format(
                "  %,6d  %+,6d  %4d min %02d s  %-12s",
                application,
                application - CreditScoringStory.CHANGE_AT,
                after.toMinutes(),
                after.toSecondsPart(),
                name);
        wrapped(start, " ".repeat(start.length()), what);
    }

    private void why(Incident incident) {
        heading("Severity and why");
        field(
                incident.severity().name(),
                incident.severity() == Severity.P1
                        ? "significant impact: the default severity of a disparity between groups"
                        : "not the severity that the story expects");
        field("found by", incident.source());
        field("finding", incident.finding());
        incident.evidence()
                .ifPresent(evidence -> field(
                        "evidence",
                        format(
                                "statistic %.3g over threshold %.3g, from %d comparisons since the estimated onset",
                                evidence.statistic(), evidence.threshold(), evidence.sampleSize())));
    }

    private void thePage(List<String> pages) {
        heading("The first page, as delivered by HTTP to the receiver on 127.0.0.1 (" + pages.size() + " in all)");
        pages.stream().findFirst().map(page -> new Page(page).text()).stream()
                .flatMap(String::lines)
                .forEach(each -> wrapped("  ", "      ", each));
    }

    private void approvals(StoryResult result) {
        heading("Approvals of customers aged " + CreditScoringStory.GROUP);
        line(format("  %-42s %12s %9s %15s", "", "applications", "approved", "wrongly denied"));
        stretch("before the change", result.before());
        stretch("after it, until the rollback to v7", result.noticing());
        stretch("rolled back to v7, until the review", result.rolledBack());
        stretch("in manual review (simulated reviewer)", result.reviewed());
        stretch("(everybody else before the change)", result.othersBefore());
        stretch("(everybody else after the containment)", result.othersReviewed());
        wrapped(
                "  ",
                "  ",
                "Wrongly denied: the version that answered would have approved with the right encoding. The simulated"
                        + " reviewer reads the account status on paper and decides as v8 would have; that nobody is"
                        + " wrongly denied in review is by that assumption, that everybody gets there is not.");
    }

    private void stretch(String name, Stretch stretch) {
        line(format(
                "  %-42s %,12d %9s %,15d",
                name, stretch.applications(), percent(stretch.approvalRate()), stretch.wronglyDenied()));
    }

    private void counterfactual(StoryResult result) {
        heading("What the guard was worth: customers aged " + CreditScoringStory.GROUP
                + " wrongly denied, same stream");
        line(format("  %-42s %,12d", "v8 alone, nobody watching", result.wronglyDeniedUnguarded()));
        line(format("  %-42s %,12d", "guarded", result.wronglyDenied()));
    }

    private void traces(StoryResult result, Path directory) {
        heading("Where it lies");
        path("trail", directory.resolve("trail"));
        path("switches", directory.resolve("switches.json"));
        result.course()
                .map(Course::incident)
                .ifPresent(incident -> path("report", directory.resolve(CreditScoringStory.reportOf(incident))));
        field(
                "verified",
                result.verification()
                        .fault()
                        .orElse(format(
                                "the trail is intact: %,d records, %,d of them decisions, signed by its own key",
                                result.verification().records(), result.decisionsInTrail())));
    }

    // ---- layout ---------------------------------------------------------------------------------------------------

    private void event(int application, SimulatedClock clock, String what) {
        String start = format("  %,6d  %s  ", application, CLOCK.format(clock.timeOf(application)));
        wrapped(start, " ".repeat(start.length()), what);
        out.flush();
    }

    private void heading(String text) {
        line("");
        line(text);
    }

    private void field(String name, String text) {
        wrapped(format("  %-11s", name), " ".repeat(13), text);
    }

    /** A path stays in one piece, however long. */
    private void path(String name, Path path) {
        line(format("  %-11s", name) + path);
    }

    private void line(String text) {
        out.println(text);
    }

    @FormatMethod
    private static String format(@FormatString String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** Breaks a text at its blanks; a word that is too long stands on a line of its own. */
    private void wrapped(String start, String indent, String text) {
        StringBuilder line = new StringBuilder(start);
        boolean empty = true;
        for (String word : text.split(" (?!%)", -1)) { // a percent sign stays with its number
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                out.println(line);
                line = new StringBuilder(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        out.println(line);
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "-" : format("%.1f %%", 100 * share);
    }
}
