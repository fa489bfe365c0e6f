// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.tour;

import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardBuilder;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.examples.Options;
import io.github.incident4j.examples.RunDirectory;
import io.github.incident4j.examples.Story;
import io.github.incident4j.examples.UsageException;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Shares;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.RampPlan;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;

/**
 * Brings a killed version of a model back by a recovery ramp: repaired (with a restart on the way), still harmful, and
 * with nobody watching; and a new version in as a canary. Model, users and clock are simulated.
 */
public final class RampTour implements Story {
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(500);
    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final int MAX_CALLS = 100_000;
    private static final int LOOK_EVERY = 20; // calls, as time alone moves it, too
    private static final int NO_RESTART = -1;
    private static final String INDENT = System.lineSeparator() + " ".repeat(37);
    private static final Instant START = Instant.parse("2026-01-01T08:00:00Z");
    private static final Scope V8 = Scope.model("credit-risk").route("v8");
    private static final RampPlan PLAN =
            RampPlan.standard().minDecisions(50).minTime(Duration.ofMinutes(1)).patience(Duration.ofHours(6));

    @Override
    public String name() {
        return "ramp-tour";
    }

    @Override
    public String summary() {
        return "a killed model comes back by steps: repaired, still harmful, unwatched; a new one comes in as a canary";
    }

    @Override
    public boolean run(Options options, PrintStream out) throws UsageException {
        Path directory = RunDirectory.choose(options.out(), "ramp-tour");
        out.println(
                "Model, users and clock are simulated. Each time v8 comes by a ramp, from a hundredth of the traffic");
        out.println("to all of it; v7 answers for the rest. A step passes on evidence only.");
        Ramp repaired = new Tour(directory.resolve("repaired"), options.seed(), 0.1, true, out)
                .comeBack("1. v8 was killed and is repaired: it denies 10 %, as it should", 2);
        Ramp harmful = new Tour(directory.resolve("harmful"), options.seed(), 0.5, true, out)
                .comeBack("2. v8 was killed and still denies 50 %", NO_RESTART);
        Ramp unwatched = new Tour(directory.resolve("unwatched"), options.seed(), 0.1, false, out)
                .comeBack("3. v8 was killed and is repaired, but no detector watches it", NO_RESTART);
        Ramp canary = new Tour(directory.resolve("canary"), options.seed(), 0.1, true, out)
                .comeIn("4. v8 is new, and comes in as a canary: nothing was killed");
        return repaired.state() == Ramp.State.COMPLETED
                && harmful.state() == Ramp.State.UNDONE
                && harmful.step() <= 1
                && unwatched.state() == Ramp.State.INCONCLUSIVE
                && unwatched.step() == 0
                && canary.state() == Ramp.State.COMPLETED;
    }

    /** One of the four. */
    private static final class Tour {
        private final Path directory;
        private final Random random;
        private final double denials;
        private final boolean watched;
        private final PrintStream out;
        private volatile Instant now = START;
        private int calls;
        private int harmed;

        Tour(Path directory, long seed, double denials, boolean watched, PrintStream out) {
            this.directory = directory;
            this.random = new Random(seed);
            this.denials = denials;
            this.watched = watched;
            this.out = out;
        }

        Ramp comeBack(String title, int restartAtStep) {
            head(title);
            try (IncidentRuntime runtime = open()) {
                GuardedModel<Double, Boolean> model = guard(runtime);
                runtime.switches().kill(V8, Cause.by("on-call").because("denied too many"));
                Ramp ramp = watch(runtime, model, start(runtime, "believed to be repaired"), restartAtStep);
                if (ramp.state() != Ramp.State.RUNNING) {
                    return told(runtime, ramp);
                }
            }
            out.println("  the service restarts");
            return goOn();
        }

        private Ramp goOn() {
            try (IncidentRuntime runtime = open()) {
                GuardedModel<Double, Boolean> model = guard(runtime);
                Ramp found = runtime.ramps().open().get(0);
                tell(found, "goes on at the step that it had");
                return told(runtime, watch(runtime, model, found, NO_RESTART));
            }
        }

        Ramp comeIn(String title) {
            head(title);
            try (IncidentRuntime runtime = open()) {
                GuardedModel<Double, Boolean> model = guard(runtime);
                return told(runtime, watch(runtime, model, start(runtime, "a new version"), NO_RESTART));
            }
        }

        private void head(String title) {
            out.println();
            out.println(title);
        }

        private IncidentRuntime open() {
            return IncidentRuntime.builder()
                    .directory(directory)
                    .time(TimeSource.following(() -> now))
                    .build();
        }

        private Ramp start(IncidentRuntime runtime, String why) {
            runtime.ramps().start(V8, PLAN, Cause.by("on-call").because(why));
            Ramp ramp = runtime.ramps().open().get(0);
            tell(ramp, "started");
            return ramp;
        }

        /** Has users call the model until the ramp runs no longer, or has come to a step. */
        private Ramp watch(IncidentRuntime runtime, GuardedModel<Double, Boolean> model, Ramp begun, int untilStep) {
            Ramp ramp = begun;
            while (calls < MAX_CALLS && ramp.state() == Ramp.State.RUNNING && ramp.step() != untilStep) {
                now = now.plus(BETWEEN_CALLS);
                Decision<Boolean> decision =
                        model.decide(random.nextDouble(), CallContext.empty().key("user-" + calls++));
                boolean byV8 = decision instanceof Decision.Answered<Boolean> answered
                        && answered.route().equals("v8");
                if (byV8 && decision instanceof Decision.Answered<Boolean> answered && !answered.output()) {
                    harmed++;
                }
                if (!byV8 && calls % LOOK_EVERY != 0) {
                    continue; // the answers of v7 move no ramp
                }
                if (!runtime.awaitQuiet(QUIET)) {
                    throw new IllegalStateException("the runtime did not come to rest within " + QUIET);
                }
                Ramp next = runtime.ramps().find(ramp.id()).orElseThrow();
                if (next.step() != ramp.step() || next.state() != ramp.state()) {
                    tell(next, next.note());
                }
                ramp = next;
            }
            return ramp;
        }

        private Ramp told(IncidentRuntime runtime, Ramp ramp) {
            boolean killed =
                    runtime.switches().active().stream().anyMatch(set -> set.state() instanceof SwitchState.Killed);
            out.println("  v8 denied " + harmed + " on the way; it is " + (killed ? "killed again" : "not killed"));
            return ramp;
        }

        private GuardedModel<Double, Boolean> guard(IncidentRuntime runtime) {
            GuardBuilder<Double, Boolean> guard = runtime.<Double, Boolean>guard("credit-risk")
                    .route("v8", score -> score >= denials)
                    .fallback("v7", score -> score >= 0.1);
            if (watched) {
                guard.detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                        .baseline(0.1, 40_000)
                        .tolerance(0.05));
            }
            return guard.build();
        }

        private void tell(Ramp ramp, String what) {
            Duration since = Duration.between(START, now);
            out.printf(
                    Locale.ROOT,
                    "  %3d h %02d min  %6s  %-12s %s%n",
                    since.toHours(),
                    since.toMinutesPart(),
                    Shares.percent(ramp.share()),
                    ramp.state().name().toLowerCase(Locale.ROOT),
                    what.replaceAll("(?<line>.{1,70})(?: +|$)", "${line}" + INDENT)
                            .stripTrailing());
        }
    }
}
