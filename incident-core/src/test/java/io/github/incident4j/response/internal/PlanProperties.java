// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.PlanState;
import io.github.incident4j.incident.internal.PlanState.Standing;
import io.github.incident4j.incident.internal.PlanState.Step;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.ResponsePlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** The laws of response plans, whatever the plan, wherever there is harm, and whatever people do meanwhile. */
class PlanProperties {
    private static final String[] VERSIONS = {"v4", "v3", "v2", "v1"};

    /** What happens. */
    enum Event {
        HARM,
        SIGNAL_AT_ONCE,
        WORSE_HARM,
        RAMP_UNDONE,
        KILL,
        RESTORE,
        RESTORE_MODEL,
        LIFT_RULES,
        APPROVE,
        QUIET
    }

    record Happening(Event event, int which) {}

    /**
     * A model and the plan for it.
     *
     * @param breakers which versions have a circuit breaker, by bits
     */
    record House(List<Containment> steps, List<Containment> worse, int versions, boolean rule, int breakers) {}

    @Provide
    Arbitrary<House> houses() {
        Arbitrary<Containment> acts = Arbitraries.of(
                new Containment.RollBack(),
                new Containment.RollBack(),
                new Containment.OpenBreaker(),
                new Containment.ReduceLoad(Limit.toShare(0.5)),
                new Containment.SwapGuardrail("filter", "on"),
                new Containment.ReviewSegment(),
                new Containment.KillModel());
        Arbitrary<Containment> step = Arbitraries.frequencyOf(
                Tuple.of(4, acts),
                Tuple.of(3, acts.map(Containment.AskFirst::new)),
                Tuple.of(1, Arbitraries.just(new Containment.Monitor())));
        return Combinators.combine(
                        step.list().ofMaxSize(4),
                        step.list().ofMaxSize(3),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 15))
                .as(House::new);
    }

    @Provide
    Arbitrary<Happening> happenings() {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(6, Arbitraries.just(Event.HARM)),
                                Tuple.of(2, Arbitraries.just(Event.APPROVE)),
                                Tuple.of(4, Arbitraries.of(Event.class))),
                        Arbitraries.integers().between(0, 11))
                .as(Happening::new);
    }

    private static PlanFixture fixture(House house) {
        List<String> versions = versionsOf(house);
        PlanFixture fixture = new PlanFixture();
        fixture.guard =
                PlanFixture.guardOf(house.rule() ? Set.of(RouteKind.RULE) : Set.of(), versions.toArray(new String[0]));
        for (int i = 0; i < versions.size(); i++) {
            if ((house.breakers() & (1 << i)) == 0) {
                fixture.withoutBreaker.add(versions.get(i));
            }
        }
        return fixture.plan(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, house.steps().toArray(new Containment[0]))
                .on(Severity.P0, IncidentType.BIAS, house.worse().toArray(new Containment[0])));
    }

    private static List<String> versionsOf(House house) {
        return List.of(VERSIONS).subList(4 - house.versions(), 4);
    }

    private static String versionOf(House house, Happening happening) {
        return versionsOf(house).get(happening.which() % house.versions());
    }

    private static void happen(PlanFixture fixture, House house, Happening happening) {
        String version = versionOf(house, happening);
        switch (happening.event()) {
            case HARM -> fixture.harm(version);
            case SIGNAL_AT_ONCE -> fixture.signal(version);
            case WORSE_HARM -> fixture.harm(version, IncidentType.BIAS, Severity.P0);
            case RAMP_UNDONE -> {
                fixture.ramped = true;
                fixture.harm(version);
                fixture.ramped = false;
            }
            case KILL -> fixture.kill(version);
            case RESTORE -> fixture.restore(PlanFixture.of(version));
            case RESTORE_MODEL -> fixture.restore(Scope.model("model"));
            case LIFT_RULES -> fixture.control.lift();
            case APPROVE ->
                fixture.approve(1 + happening.which() % (fixture.state().proposals() + 1));
            case QUIET -> fixture.quiet();
        }
    }

    // ---- what is true of the model, found out by other means than the plan's

    private static boolean answers(PlanFixture fixture, String version) {
        return fixture.board.active().stream()
                .filter(set -> set.state() instanceof SwitchState.Killed)
                .map(Switch::scope)
                .noneMatch(scope -> scope.equals(Scope.model("model")) || scope.equals(PlanFixture.of(version)));
    }

    private static boolean answersBehind(PlanFixture fixture, House house, String version) {
        List<String> versions = versionsOf(house);
        return versions.subList(versions.indexOf(version) + 1, versions.size()).stream()
                .anyMatch(behind -> answers(fixture, behind));
    }

    private static List<Containment> stepsNow(PlanFixture fixture, House house) {
        return fixture.incident().severity() == Severity.P0 ? house.worse() : house.steps();
    }

    // ---- the laws

    /** Also where another version that has harmed is gone. */
    @Property(tries = 1_000)
    void version_isKilledForItsOwnHarmOnly(
            @ForAll @From("houses") House house,
            @ForAll @Size(max = 40) List<@From("happenings") Happening> happenings) {
        PlanFixture fixture = fixture(house);
        for (Happening happening : happenings) {
            String version = versionOf(house, happening);
            boolean answered = answers(fixture, version);
            List<Switch> before = fixture.board.active();
            happen(fixture, house, happening);
            List<Switch> set = new ArrayList<>(fixture.board.active());
            set.removeAll(before);
            set.removeIf(each -> !each.cause().by().equals("incident4j"));
            boolean harm =
                    Set.of(Event.HARM, Event.SIGNAL_AT_ONCE, Event.WORSE_HARM).contains(happening.event());
            if (happening.event() == Event.APPROVE) {
                continue;
            }
            if (!harm || !answered) {
                assertThat(set).as("nothing is done about it: %s", happening).isEmpty();
            }
            assertThat(set).allSatisfy(each -> {
                if (each.cause().because().contains(": rollback from ")) {
                    assertThat(each.scope()).isEqualTo(PlanFixture.of(version));
                }
            });
        }
    }

    @Property(tries = 1_000)
    void approval_doesTheProposedStepAndNothingElse(
            @ForAll @From("houses") House house,
            @ForAll @Size(max = 40) List<@From("happenings") Happening> happenings) {
        PlanFixture fixture = fixture(house);
        for (Happening happening : happenings) {
            if (happening.event() != Event.APPROVE || !fixture.hasIncident()) {
                happen(fixture, house, happening);
                continue;
            }
            PlanState before = fixture.state();
            List<Switch> active = fixture.board.active();
            int told = fixture.told().size();
            int number = 1 + happening.which() % (before.proposals() + 1);
            Optional<Step> proposed = before.all(Standing.PROPOSED).stream()
                    .filter(step -> step.proposal() == number)
                    .findFirst();
            happen(fixture, house, happening);
            List<Step> changed = new ArrayList<>(fixture.state().steps());
            changed.removeAll(before.steps());
            List<Switch> set = new ArrayList<>(fixture.board.active());
            set.removeAll(active);
            if (proposed.isEmpty()) {
                assertThat(fixture.state()).isEqualTo(before);
                assertThat(set).isEmpty();
            }
            assertThat(fixture.told().size() - told).isLessThanOrEqualTo(1);
            assertThat(changed).hasSizeLessThanOrEqualTo(1).allSatisfy(step -> {
                Step approved = proposed.orElseThrow();
                assertThat(step.standing()).isIn(Standing.TAKEN, Standing.SKIPPED);
                assertThat(step.as(Standing.PROPOSED)).isEqualTo(approved);
            });
            if (proposed.isPresent() && !proposed.get().route().equals(PlanState.WHOLE_MODEL)) {
                Scope scope = PlanFixture.of(proposed.get().route());
                assertThat(set).allSatisfy(each -> assertThat(each.scope()).isEqualTo(scope));
            }
        }
    }

    @Property(tries = 1_000)
    void nobody_isAskedForWhatCannotBeDone(
            @ForAll @From("houses") House house,
            @ForAll @Size(max = 40) List<@From("happenings") Happening> happenings) {
        PlanFixture fixture = fixture(house);
        for (Happening happening : happenings) {
            int proposals = fixture.state().proposals();
            happen(fixture, house, happening);
            fixture.state().all(Standing.PROPOSED).stream()
                    .filter(step -> step.proposal() > proposals)
                    .forEach(step -> assertPossible(fixture, house, step));
        }
    }

    private static void assertPossible(PlanFixture fixture, House house, Step step) {
        Containment action = ((Containment.AskFirst) stepsNow(fixture, house).get(step.index())).step();
        if (action instanceof Containment.RollBack) {
            assertThat(answers(fixture, step.route())).isTrue();
            assertThat(answersBehind(fixture, house, step.route())).isTrue();
        } else if (action instanceof Containment.OpenBreaker) {
            assertThat(fixture.withoutBreaker).doesNotContain(step.route());
        } else if (action instanceof Containment.ReviewSegment) {
            assertThat(house.rule()).isTrue();
        } else if (action instanceof Containment.SwapGuardrail swap) {
            assertThat(fixture.control.rulesInstead(swap.guardrail())).isEmpty();
        }
    }

    /** Up to where it only watches, or waits for a person. */
    @Property(tries = 1_000)
    void eachStep_isTriedForEachVersionOfWhichTheHarmGoesOn(
            @ForAll @From("houses") House house,
            @ForAll @Size(max = 20) List<@From("happenings") Happening> happenings) {
        PlanFixture fixture = fixture(house);
        happenings.forEach(happening -> happen(fixture, house, happening));
        List<Step> tried = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            for (String version : versionsOf(house)) {
                fixture.harm(version);
                tried.addAll(fixture.state().steps());
            }
        }
        PlanState state = new PlanState(Optional.empty(), tried, Optional.empty(), 0);
        List<Containment> steps = stepsNow(fixture, house);
        for (String version : versionsOf(house)) {
            boolean rests = !answers(fixture, version);
            for (int i = 0; i < steps.size() && !rests; i++) {
                if (steps.get(i) instanceof Containment.Monitor) {
                    rests = true;
                } else {
                    Optional<Step> step = state.find(i, steps.get(i).toString(), version);
                    assertThat(step)
                            .as("step %s of %s for %s", i, steps, version)
                            .isPresent();
                    rests = fixture.state()
                            .find(i, steps.get(i).toString(), version)
                            .filter(each -> each.standing() == Standing.PROPOSED)
                            .isPresent();
                }
            }
            if (!rests) {
                boolean told = fixture.told().contains(Kind.PLAN_EXHAUSTED);
                boolean breakerIsAll = isBreaker(steps.isEmpty() ? null : steps.get(steps.size() - 1));
                assertThat(told || breakerIsAll).as("a person was told").isTrue();
            }
        }
    }

    private static boolean isBreaker(@Nullable Containment step) {
        return step instanceof Containment.OpenBreaker
                || (step instanceof Containment.AskFirst ask && ask.step() instanceof Containment.OpenBreaker);
    }

    /**
     * A round begins with the incident, where it turns out to be worse, after silence, and where something is lifted.
     */
    @Property(tries = 1_000)
    void whatIsTold_isBoundedByStepsAndVersionsAndRounds(
            @ForAll @From("houses") House house,
            @ForAll @Size(max = 20) List<@From("happenings") Happening> happenings,
            @ForAll @IntRange(min = 1, max = 30) int storm) {
        PlanFixture fixture = fixture(house);
        for (Happening happening : happenings) {
            for (int i = 0; i < (happening.event() == Event.HARM ? storm : 1); i++) {
                happen(fixture, house, happening);
            }
        }
        if (!fixture.hasIncident()) {
            return;
        }
        List<Kind> told = fixture.told();
        long ramps = happenings.stream()
                .filter(happening -> happening.event() == Event.RAMP_UNDONE)
                .count();
        int rounds = 1
                + Collections.frequency(told, Kind.SEVERITY_RAISED)
                + Collections.frequency(told, Kind.CONTAINED)
                + Collections.frequency(told, Kind.CONTAINMENT_LIFTED);
        int steps = Math.max(house.steps().size(), house.worse().size());
        assertThat(told)
                .hasSizeLessThanOrEqualTo(1 + (int) ramps * 2 + rounds * (house.versions() * (3 * steps + 1) + 2));
        for (Kind kind : List.of(Kind.CONTAINMENT_SKIPPED, Kind.CONTAINMENT_PROPOSED)) {
            assertThat(Collections.frequency(told, kind)).isLessThanOrEqualTo(rounds * house.versions() * steps);
        }
        assertThat(Collections.frequency(told, Kind.PLAN_EXHAUSTED)).isLessThanOrEqualTo(rounds * house.versions());
    }

    /** Nobody lifts anything, and no breaker comes back. */
    @Property(tries = 500)
    void stormOfSignals_isOneRound(
            @ForAll @From("houses") House house, @ForAll @IntRange(min = 1, max = 60) int storm) {
        if (house.steps().stream().anyMatch(PlanProperties::isBreaker)) {
            return;
        }
        PlanFixture fixture = fixture(house);
        for (int i = 0; i < storm; i++) {
            versionsOf(house).forEach(fixture::harm);
        }
        Set<String> things = new HashSet<>();
        fixture.incident().timeline().stream()
                .filter(entry -> entry.kind() == Kind.CONTAINMENT || entry.kind() == Kind.CONTAINMENT_SKIPPED)
                .map(TimelineEntry::what)
                .forEach(things::add);
        assertThat(fixture.told()).doesNotContain(Kind.CONTAINMENT_LIFTED);
        assertThat(fixture.told().size())
                .isLessThanOrEqualTo(1 + house.versions() * (2 * house.steps().size() + 1));
    }

    /** The one is restarted after each event, the other one never; and each prefix of the trail tells its state. */
    @Property(tries = 500)
    void restart_changesNothing(
            @ForAll @From("houses") House house,
            @ForAll @Size(max = 30) List<@From("happenings") Happening> happenings) {
        PlanFixture steady = fixture(house);
        PlanFixture restarted = fixture(house);
        for (Happening happening : happenings) {
            happen(steady, house, happening);
            happen(restarted, house, happening);
            restarted.restart();
            assertThat(restarted.state()).isEqualTo(steady.state());
            assertThat(restarted.state().due()).as("nothing is left to do").isEmpty();
            assertThat(restarted.told()).isEqualTo(steady.told());
            assertThat(restarted.contained()).isEqualTo(steady.contained());
            if (steady.hasIncident()) {
                assertThat(restarted.incident().state())
                        .isEqualTo(steady.incident().state());
            }
        }
    }

    /** The crash comes right after any one record of what the plan does about a signal. */
    @Property(tries = 1_000)
    void crashInTheMidstOfAPlan_isCaughtUp(
            @ForAll @From("houses") House house,
            @ForAll @Size(max = 15) List<@From("happenings") Happening> happenings,
            @ForAll @IntRange(min = 2, max = 8) int survives) { // the signal does, and what it makes of the incident
        PlanFixture steady = fixture(house);
        PlanFixture crashed = fixture(house);
        for (Happening happening : happenings) {
            happen(steady, house, happening);
            happen(crashed, house, happening);
        }
        String version = versionsOf(house).get(0);
        steady.harm(version);
        crashed.crashAfter(survives);
        try {
            crashed.harm(version);
        } catch (PlanFixture.Crash e) {
            crashed.crashAfter(Integer.MAX_VALUE);
        }
        crashed.crashAfter(Integer.MAX_VALUE);
        crashed.restart();
        assertThat(crashed.state()).isEqualTo(steady.state());
        assertThat(crashed.told()).isEqualTo(steady.told());
        assertThat(crashed.contained()).isEqualTo(steady.contained());
    }
}
