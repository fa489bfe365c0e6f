// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import static io.github.incident4j.detect.Detectors.groupDisparity;
import static io.github.incident4j.detect.Detectors.outputDrift;
import static io.github.incident4j.guardrails.numeric.NumericRails.within;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.examples.Options;
import io.github.incident4j.examples.RunDirectory;
import io.github.incident4j.examples.Story;
import io.github.incident4j.examples.UsageException;
import io.github.incident4j.examples.credit.CreditData.Halves;
import io.github.incident4j.incident.Deadlines;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.notify.Channels;
import io.github.incident4j.review.Review;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A bank scores applications for credit. In the middle of the day a new release of the feature pipeline re-encodes the
 * account status of the youngest customers; from then on nearly all of them are denied, while no call fails and no
 * answer looks odd. The library notices, rolls the model back, notices that this does not help, since the pipeline
 * feeds both versions, sends the group to manual review, and pages somebody at each step.
 *
 * <p>{@link #tell} holds what a service would write.
 */
public final class CreditScoringStory implements Story {
    static final int APPLICATIONS = 20_000;
    static final int CHANGE_AT = 10_000;
    static final String GROUP = "18-25";
    static final Duration INTERVAL = Duration.ofSeconds(3);

    private static final Instant MORNING = Instant.parse("2026-03-02T06:00:00Z");

    // The stream has 10,000 sound applications to learn from; half would do, but the more, the tighter the bounds.
    private static final int WARM_UP = 8_000;
    // v7 is another model than v8, whose answers are the baseline: it may rank and approve somewhat differently without
    // having gone wrong. In points of the mean rank, and of the approval rate.
    private static final double RANKS_MAY_DIFFER = 0.10;
    private static final double APPROVALS_MAY_DIFFER = 0.06;

    @Override
    public String name() {
        return "credit-scoring";
    }

    @Override
    public String summary() {
        return "a pipeline change denies one group credit; noticed, contained, paged";
    }

    @Override
    public boolean run(Options options, PrintStream out) throws UsageException {
        CreditData data = options.data().isPresent()
                ? CreditData.read(options.data().get())
                : SyntheticCredit.sample(options.seed());
        Path directory = RunDirectory.choose(options.out(), name() + "-" + options.seed());
        StoryReport report = new StoryReport(out);
        report.opening(data, options.seed(), directory);
        try {
            StoryResult result = tell(data, options.seed(), directory, report);
            report.result(result, directory);
            return result.departures().isEmpty();
        } catch (IOException | UncheckedIOException e) {
            throw new UsageException("the story cannot be run in " + directory + ": " + e.getMessage());
        }
    }

    /** Runs the story in a directory that holds no earlier run. */
    static StoryResult tell(CreditData data, long seed, Path directory, StoryReport report) throws IOException {
        Halves halves = data.halves(seed);
        DeployedPipeline pipeline = new DeployedPipeline();
        Version v7 = new Version(CreditModel.trainV7(halves.first(), seed), pipeline);
        Version v8 = new Version(CreditModel.trainV8(halves.first(), seed), pipeline);
        report.trained(List.of(v7.model(), v8.model()), halves);
        SimulatedClock clock = new SimulatedClock(MORNING, INTERVAL);
        Replay replay = new Replay(halves.second(), seed, v7, v8, clock, report);
        List<Incident> before;
        List<Incident> after;
        List<String> pages;

        try (LoopbackReceiver receiver = LoopbackReceiver.start()) {
            try (IncidentRuntime runtime = IncidentRuntime.builder()
                    .directory(directory)
                    .channel("pager", Channels.webhook(receiver.address()))
                    .time(TimeSource.following(clock))
                    .deadlines(Deadlines.none()) // an hour of its clock is a moment, in which nobody answers a page
                    .build()) {

                GuardedModel<Application, Score> scorer = runtime.<Application, Score>guard("credit-risk")
                        .route("v8", v8::score)
                        .fallback("v7", v7::score)
                        .reviewFallback("manual-review", application -> Score.referToPerson())
                        .segment("ageBand", Application::ageBand)
                        .output(Score.whereEstimated(within(0.0, 1.0, Score::probabilityOfDefault)))
                        .detect(outputDrift(Score::probabilityOfDefault).tolerance(RANKS_MAY_DIFFER))
                        .detect(groupDisparity("ageBand", Score::approved)
                                .tolerance(APPROVALS_MAY_DIFFER)
                                .warmUp(WARM_UP))
                        .build();

                replay.upTo(CHANGE_AT, scorer, runtime, receiver);
                before = runtime.incidents().all();
                pipeline.deploy(FeaturePipeline.RELEASE_4_2);
                runtime.change(
                        "feature pipeline " + pipeline.release().release() + " deployed",
                        clock.instant(),
                        Cause.by("deployment pipeline").because("new release"));
                report.deployed(pipeline.release(), CHANGE_AT, clock);
                replay.upTo(APPLICATIONS, scorer, runtime, receiver);
                after = runtime.incidents().all();
            }
            pages = receiver.pages();
        }
        for (Incident incident : after) {
            Review review = Review.of(AuditTrail.in(directory), incident.id());
            Files.writeString(directory.resolve(reportOf(incident)), review.markdown());
            Files.writeString(directory.resolve(incident.id() + ".html"), review.html());
        }
        return replay.result(before, after, pages, AuditTrail.in(directory));
    }

    static String reportOf(Incident incident) {
        return incident.id() + ".md";
    }
}
