// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.incident.internal.IncidentRules;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.ResponsePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a crash, a restart and people with switches of their own make of a plan. */
class ResponderTest {
    private static final Instant NOW = Instant.parse("2026-11-20T21:41:00Z");
    private static final Scope V2 = Scope.model("model").route("v2");
    private static final Cause LEAD = Cause.by("lead").because("agreed");
    private static final GuardInfo GUARD = guardOf("v2", "v1");

    private final SwitchBoard switches = mock();
    private final List<Switch> active = new ArrayList<>();
    private final List<Switch> ofOthers = new ArrayList<>();
    private final IncidentDesk desk =
            new IncidentDesk(TimeSource.following(() -> this.now), IncidentRules.STANDARD, entry -> {}, event -> {});
    private Instant now = NOW;
    private GuardInfo guard = GUARD;
    private boolean learns;
    private boolean ramped;
    private int rearmed;
    private final List<String> brokenRoutes = new ArrayList<>();
    private Responder responder = responder(ResponsePlan.builder());

    private Responder responder(ResponsePlan.Builder plan) {
        return new Responder(
                plan.grace(Duration.ofMinutes(1)).watch(10).build(),
                desk,
                switches,
                name -> Optional.of(guard),
                name -> Optional.of(brokenRoutes::add),
                TimeSource.following(() -> now),
                new Responder.Detectors() {
                    @Override
                    public void rearm(String model) {
                        rearmed++;
                    }

                    @Override
                    public boolean learns(String model) {
                        return learns;
                    }

                    @Override
                    public double shareOf(String model) {
                        return 0.01; // a small model among large ones
                    }
                },
                (signal, incident) -> ramped);
    }

    private static GuardInfo guardOf(String... versions) {
        return new GuardInfo(
                1,
                "model",
                Stream.of(versions)
                        .map(version -> GuardInfos.route(version, RouteKind.MODEL))
                        .toList(),
                List.of(),
                List.of("rate"),
                GuardInfos.recording(Durability.GROUP));
    }

    @BeforeEach
    void script() {
        when(switches.active()).thenReturn(active);
        when(switches.inForce())
                .thenAnswer(invocation -> Stream.concat(
                                active.stream().map(set -> new SwitchResult.HeldBy("runtime", set)),
                                ofOthers.stream().map(set -> new SwitchResult.HeldBy("platform", set)))
                        .toList());
        when(switches.contain(any(), any(), any())).thenAnswer(invocation -> {
            active.add(
                    new Switch(invocation.getArgument(0), invocation.getArgument(1), invocation.getArgument(2), now));
            return new SwitchResult(SwitchResult.Outcome.DONE, "", List.of());
        });
    }

    private Signal signal(String route) {
        return signal(route, IncidentType.BIAS);
    }

    private Signal signal(String route, IncidentType type) {
        return signal(route, type, Severity.P1);
    }

    private Signal signal(String route, IncidentType type, Severity severity) {
        return new Signal(
                "rate",
                "model",
                route,
                type,
                severity,
                Optional.empty(),
                now,
                1_000,
                now.minusSeconds(10),
                500,
                new Signal.Evidence(11, 10, 0.1, 0.5, 50),
                "something rose");
    }

    private Incident incident() {
        return desk.all().get(0);
    }

    private List<Kind> kinds() {
        return kinds(incident());
    }

    /** What the plan has done and said, and the signals; not what people have approved. */
    private static List<Kind> kinds(Incident incident) {
        return incident.timeline().stream()
                .map(TimelineEntry::kind)
                .filter(kind -> kind != Kind.CONTAINMENT_APPROVED)
                .toList();
    }

    /** The process died after the incident was opened and before the first step was taken. */
    @Test
    void planThatACrashKeptFromItsFirstStep_isCarriedOutAfterTheRestart() {
        desk.file(signal("v2"), (incident, plan) -> true);
        assertThat(active).isEmpty();
        responder.guarded("model");
        verify(switches).contain(any(), any(), any());
        assertThat(kinds()).containsExactly(Kind.OPENED, Kind.CONTAINMENT);
    }

    @Test
    void switchThatCouldNotBeSet_isNoContainment() {
        when(switches.contain(any(), any(), any()))
                .thenReturn(new SwitchResult(SwitchResult.Outcome.REFUSED, "the runtime is closed", List.of()));
        responder.respond(signal("v2"));
        assertThat(kinds()).doesNotContain(Kind.CONTAINMENT).contains(Kind.CONTAINMENT_SKIPPED);
        assertThat(incident().timeline().get(1).what()).contains("the runtime is closed");
    }

    /** Whoever has killed a route, there is nothing to roll back to it, or from it. */
    @Test
    void routeThatIsKilledAlready_isNoVersionToRollBackTo() {
        Cause cause = Cause.by("on-call").because("wrong since May");
        Scope model = Scope.model("model");
        Switch ofV1 = new Switch(model.route("v1"), SwitchState.killed(), cause, NOW);
        Switch butV2 = new Switch(model, SwitchState.killedPreferring("v2"), cause, NOW);
        for (Switch kill : List.of(ofV1, butV2)) {
            ofOthers.clear();
            ofOthers.add(kill);
            responder.respond(signal("v2"));
            assertThat(active).isEmpty();
            assertThat(incident().timeline().get(1).what()).contains("there is no other version");
        }
    }

    /** What the switch does otherwise than it looks like stands where people read what was done. */
    @Test
    void whatASwitchDoesOtherwise_standsInTheTimeline() {
        when(switches.contain(any(), any(), any()))
                .thenReturn(new SwitchResult(SwitchResult.Outcome.DONE, "the limit of on-call goes on", List.of()));
        responder.respond(signal("v2"));
        assertThat(incident().timeline().get(1).what())
                .isEqualTo("rollback from v2 to v1 (the limit of on-call goes on)");
    }

    @Test
    void switchThatWouldChangeNothing_isNoContainment() {
        when(switches.contain(any(), any(), any()))
                .thenReturn(new SwitchResult(SwitchResult.Outcome.NOTHING_TO_DO, "restricted already", List.of()));
        responder.respond(signal("v2"));
        assertThat(kinds()).doesNotContain(Kind.CONTAINMENT).contains(Kind.CONTAINMENT_SKIPPED);
        assertThat(incident().timeline().get(1).what()).contains("it would change nothing: restricted already");
    }

    @Test
    void containmentThatSomebodyLifted_isNotBlamedButTakenAgain() {
        responder.respond(signal("v2"));
        active.clear();
        now = NOW.plus(Duration.ofMinutes(5));
        responder.respond(signal("v2"));
        assertThat(kinds())
                .containsSubsequence(Kind.CONTAINMENT, Kind.CONTAINMENT_LIFTED, Kind.CONTAINMENT)
                .doesNotContain(Kind.CONTAINMENT_INEFFECTIVE);
        assertThat(active)
                .singleElement()
                .satisfies(set -> assertThat(set.scope()).isEqualTo(V2));
    }

    @Test
    void evidenceFromTheGrace_countsForNothing() {
        responder.respond(signal("v2"));
        int before = rearmed;
        now = NOW.plus(Duration.ofMinutes(2));
        responder.decided("model", now);
        assertThat(rearmed)
                .as("the detectors start anew when the grace is over")
                .isEqualTo(before + 1);
    }

    @Test
    void silenceOfASmallModel_isCountedInItsOwnDecisions() {
        responder.respond(signal("v2"));
        now = NOW.plus(Duration.ofMinutes(2));
        responder.decided("model", now);
        for (int i = 0; i < 9; i++) {
            responder.decided("model", now);
        }
        assertThat(incident().state()).isEqualTo(IncidentState.DETECTED);
        responder.decided("other", now);
        assertThat(incident().state()).isEqualTo(IncidentState.DETECTED);
        responder.decided("model", now);
        assertThat(incident().state()).isEqualTo(IncidentState.CONTAINED);
    }

    /** After a restart such a detector may take the harm for the norm. */
    @Test
    void detectorThatLearnsAnewAfterARestart_declaresNothingContained() {
        responder.respond(signal("v2"));
        learns = true;
        responder.guarded("model");
        now = NOW.plus(Duration.ofMinutes(2));
        for (int i = 0; i < 1_000; i++) {
            responder.decided("model", now);
        }
        assertThat(incident().state()).isEqualTo(IncidentState.DETECTED);
    }

    private List<Scope> contained() {
        return active.stream().map(Switch::scope).toList();
    }

    /** The breaker of v2 may be open, or a ramp may hold it at 5 %: killing it would leave all calls to what harms. */
    @Test
    void harmOnTheLastVersion_killsNoneThatStandsBeforeIt() {
        responder.respond(signal("v1"));
        assertThat(active).isEmpty();
        assertThat(incident().timeline().get(1).what()).contains("there is no other version");
        assertThat(kinds())
                .containsExactly(Kind.OPENED, Kind.CONTAINMENT_SKIPPED, Kind.CONTAINMENT_SKIPPED, Kind.PLAN_EXHAUSTED);
    }

    /** Nothing could be done about the last version, but there is one behind the other. */
    @Test
    void planThatWasInVainForOneRoute_beginsAnewForAnother() {
        responder.respond(signal("v1"));
        responder.respond(signal("v1"));
        assertThat(kinds().get(kinds().size() - 1)).as("nothing new").isEqualTo(Kind.SIGNAL);
        responder.respond(signal("v2"));
        assertThat(contained()).containsExactly(V2);
        assertThat(kinds())
                .containsExactly(
                        Kind.OPENED,
                        Kind.CONTAINMENT_SKIPPED,
                        Kind.CONTAINMENT_SKIPPED,
                        Kind.PLAN_EXHAUSTED,
                        Kind.SIGNAL,
                        Kind.SIGNAL,
                        Kind.CONTAINMENT);
        assertThat(incident().last(Kind.CONTAINMENT).orElseThrow().what()).isEqualTo("rollback from v2 to v1");
        respondAfterTheGrace("v1");
        assertThat(kinds().subList(7, 9))
                .as("what could not be done about it is not tried again")
                .containsExactly(Kind.SIGNAL, Kind.CONTAINMENT_INEFFECTIVE);
        assertThat(kinds()).hasSize(9);
    }

    /** It was on its way; the same for a lesser signal of another type, which only joins. */
    @Test
    void planThatWasInVain_doesNotBeginAnewForWhatIsKilledNorForAnotherHarm() {
        responder.respond(signal("v1"));
        int before = kinds().size();
        responder.respond(signal("v2", IncidentType.PERFORMANCE, Severity.P2));
        ofOthers.add(new Switch(V2, SwitchState.killed(), Cause.by("on-call").because("at once"), NOW));
        responder.respond(signal("v2"));
        assertThat(kinds().subList(before, kinds().size())).containsExactly(Kind.SIGNAL, Kind.SIGNAL);
    }

    /** Such as under a canary. */
    @Test
    void harmOnAVersionInTheMiddle_isRolledBackFromThatOne() {
        guard = guardOf("v3", "v2", "v1");
        responder.respond(signal("v2"));
        assertThat(contained()).containsExactly(V2);
        assertThat(incident().last(Kind.CONTAINMENT).orElseThrow().what()).isEqualTo("rollback from v2 to v1");
    }

    /** A call that was on its way then; what answers now has shown nothing. */
    @Test
    void harmOnAVersionThatIsKilledByNow_killsNoOther() {
        guard = guardOf("v3", "v2", "v1");
        ofOthers.add(new Switch(
                Scope.model("model").route("v3"),
                SwitchState.killed(),
                Cause.by("on-call").because("wrong since May"),
                NOW));
        responder.respond(signal("v3"));
        assertThat(active).isEmpty();
        assertThat(kinds()).as("nothing is counted either").containsExactly(Kind.OPENED);
    }

    @Test
    void breaker_isOpenedOfTheVersionThatHarms() {
        responder = responder(ResponsePlan.builder().on(Severity.P1, IncidentType.BIAS, new Containment.OpenBreaker()));
        responder.respond(signal("v1"));
        assertThat(brokenRoutes).containsExactly("v1");
    }

    /** A canary that is undone on the way is no step of the plan. */
    @Test
    void proposal_waitsStillAfterARampOfAnotherVersionWasUndone() {
        responder = responder(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, new Containment.AskFirst(new Containment.RollBack())));
        guard = guardOf("v3", "v2", "v1");
        Scope v3 = Scope.model("model").route("v3");
        responder.respond(signal("v2"));
        ramped = true;
        responder.respond(signal("v3"));
        Cause undone = Cause.by("incident4j").because("inc-1: at 5 % of the traffic something rose");
        active.add(new Switch(v3, SwitchState.killed(), undone, now));
        ramped = false;
        approve();
        assertThat(contained()).containsExactly(v3, V2);
        assertThat(kinds())
                .containsExactly(
                        Kind.OPENED, Kind.CONTAINMENT_PROPOSED, Kind.SIGNAL, Kind.CONTAINMENT, Kind.CONTAINMENT);
    }

    private Approvals approvals() {
        return new Approvals(desk, entry -> responder.approved((ApprovalRecord) entry), TimeSource.system());
    }

    private void approve(int proposal) {
        approvals().approve("inc-1", proposal, LEAD);
    }

    private void killByHand(String route) {
        ofOthers.add(new Switch(
                Scope.model("model").route(route),
                SwitchState.killed(),
                Cause.by("on-call").because("at once"),
                NOW));
    }

    private void approve() {
        approvals().approve("inc-1", LEAD);
    }

    /** Harm on another route while the plan waits makes the approval none of that route. */
    @Test
    void approval_isOfTheRouteThatWasProposed() {
        responder = responder(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, new Containment.AskFirst(new Containment.RollBack())));
        responder.respond(signal("v2"));
        responder.respond(signal("v1"));
        assertThat(incident().last(Kind.CONTAINMENT_PROPOSED).orElseThrow().what())
                .isEqualTo("rollback on v2 waits for approval: responses().approve(\"inc-1\", 1, …)");
        approve();
        assertThat(contained()).containsExactly(V2);
    }

    /** Two wait then, and a person who does not say which one has approved neither. */
    @Test
    void approval_namesItsProposalWhereSeveralWait() {
        responder = responder(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, new Containment.AskFirst(new Containment.OpenBreaker())));
        responder.respond(signal("v2"));
        responder.respond(signal("v1"));
        assertThatThrownBy(this::approve)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[1, 2]");
        assertThat(brokenRoutes).isEmpty();
        approve(2);
        assertThat(brokenRoutes).containsExactly("v1");
        approve();
        assertThat(brokenRoutes).containsExactly("v1", "v2");
    }

    /** What follows it waits for the next signal, and then for a person of its own. */
    @Test
    void approval_isOfNoStepThatFollows() {
        responder = responder(ResponsePlan.builder()
                .on(
                        Severity.P1,
                        IncidentType.BIAS,
                        new Containment.AskFirst(new Containment.RollBack()),
                        new Containment.KillModel()));
        responder.respond(signal("v2"));
        killByHand("v1");
        approve();
        assertThat(active).isEmpty();
        assertThat(kinds()).containsExactly(Kind.OPENED, Kind.CONTAINMENT_PROPOSED, Kind.CONTAINMENT_SKIPPED);
        responder.respond(signal("v2"));
        assertThat(contained()).containsExactly(Scope.model("model"));
    }

    /** Who has approved the one has not looked at the other. */
    @Test
    void approvalOfARouteThatIsKilledByNow_isNoneOfAnother() {
        responder = responder(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, new Containment.AskFirst(new Containment.RollBack())));
        guard = guardOf("v2", "v1", "v0");
        responder.respond(signal("v2"));
        responder.respond(signal("v1"));
        killByHand("v2");
        approve(1);
        approve(1);
        assertThat(active).isEmpty();
        assertThat(incident().last(Kind.CONTAINMENT_PROPOSED).orElseThrow().what())
                .startsWith("rollback on v1 waits for approval: responses().approve(\"inc-1\", 2, …)");
        approve(2);
        assertThat(contained()).containsExactly(Scope.model("model").route("v1"));
    }

    /** Harm is over: what answers now has shown nothing, and the next step would hit it unasked. */
    @Test
    void approvalOfARouteThatIsKilledByNow_takesNoStepThatFollows() {
        responder = responder(ResponsePlan.builder()
                .on(
                        Severity.P1,
                        IncidentType.BIAS,
                        new Containment.AskFirst(new Containment.RollBack()),
                        new Containment.KillModel()));
        responder.respond(signal("v2"));
        killByHand("v2");
        approve();
        responder.respond(signal("v2")); // of a call that was on its way
        assertThat(active).isEmpty();
        assertThat(kinds()).containsExactly(Kind.OPENED, Kind.CONTAINMENT_PROPOSED, Kind.SIGNAL);
        ofOthers.clear();
        approve();
        assertThat(contained()).as("it has waited still").containsExactly(V2);
    }

    @Test
    void approvalBeforeTheModelIsGuarded_waitsStill() {
        responder = responder(ResponsePlan.builder()
                .on(
                        Severity.P1,
                        IncidentType.BIAS,
                        new Containment.AskFirst(new Containment.RollBack()),
                        new Containment.KillModel()));
        responder.respond(signal("v2"));
        guard = guardOf();
        approve();
        guard = GUARD;
        assertThat(kinds()).containsExactly(Kind.OPENED, Kind.CONTAINMENT_PROPOSED);
        approve();
        assertThat(contained()).containsExactly(V2);
    }

    private void respondAfterTheGrace(String route) {
        now = now.plus(Duration.ofMinutes(5));
        responder.respond(signal(route));
    }

    /** Its probes see errors, and not what a detector has seen. */
    @Test
    void breakerThatHasComeBackInVain_isFollowedByThePlansNextStep() {
        responder = responder(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, new Containment.OpenBreaker(), new Containment.RollBack()));
        responder.respond(signal("v2"));
        assertThat(active).isEmpty();
        respondAfterTheGrace("v2");
        assertThat(kinds())
                .containsExactly(
                        Kind.OPENED, Kind.CONTAINMENT, Kind.SIGNAL, Kind.CONTAINMENT_INEFFECTIVE, Kind.CONTAINMENT);
        assertThat(contained()).containsExactly(V2);
        assertThat(brokenRoutes).containsExactly("v2");
    }

    @Test
    void breakerThatIsAllThatAPlanHas_isOpenedAgain() {
        responder = responder(ResponsePlan.builder().on(Severity.P1, IncidentType.BIAS, new Containment.OpenBreaker()));
        responder.respond(signal("v2"));
        respondAfterTheGrace("v2");
        assertThat(incident().last(Kind.CONTAINMENT_LIFTED).orElseThrow().what())
                .startsWith("the circuit breaker has come back, and there is harm again on v2");
        assertThat(brokenRoutes).containsExactly("v2", "v2");
    }

    private static long count(List<Kind> kinds, Kind kind) {
        return kinds.stream().filter(kind::equals).count();
    }

    /** Nothing follows from it, so one page is enough. */
    @Test
    void containmentThatAPlanOnlyWatches_isSaidToBeIneffectiveOnce() {
        responder = responder(ResponsePlan.builder().on(Severity.P1, IncidentType.BIAS, new Containment.Monitor()));
        ramped = true;
        responder.respond(signal("v2"));
        ramped = false;
        Cause undone = Cause.by("incident4j").because("inc-1: at 5 % of the traffic something rose");
        active.add(new Switch(V2, SwitchState.killed(), undone, now));
        for (int i = 0; i < 3; i++) {
            respondAfterTheGrace("v1");
        }
        assertThat(count(kinds(), Kind.CONTAINMENT_INEFFECTIVE)).isEqualTo(1);
        active.clear();
        for (int i = 0; i < 3; i++) {
            respondAfterTheGrace("v2");
        }
        assertThat(count(kinds(), Kind.CONTAINMENT_LIFTED)).isEqualTo(1);
    }

    @Test
    void containmentThatAPlanOnlyWatches_isTakenAgainWhereSomebodyLiftsIt() {
        responder = responder(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, new Containment.RollBack(), new Containment.Monitor()));
        responder.respond(signal("v2"));
        respondAfterTheGrace("v1");
        for (int i = 0; i < 2; i++) {
            active.clear();
            respondAfterTheGrace("v2");
            assertThat(contained()).containsExactly(V2);
        }
        assertThat(count(kinds(), Kind.CONTAINMENT_INEFFECTIVE)).isEqualTo(1);
        assertThat(count(kinds(), Kind.CONTAINMENT_LIFTED)).isEqualTo(2);
    }

    /** The process died between the two. */
    @Test
    void stepThatACrashKeptFromFollowingAnIneffectiveOne_isTakenByTheNextSignal() {
        responder = responder(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, new Containment.RollBack(), new Containment.KillModel()));
        responder.respond(signal("v2"));
        desk.note(
                "inc-1",
                Kind.CONTAINMENT_INEFFECTIVE,
                "rollback from v2 to v1 did not stop the harm",
                desk.plan("inc-1").inVain(none -> false));
        respondAfterTheGrace("v1");
        assertThat(contained()).containsExactly(V2, Scope.model("model"));
        assertThat(count(kinds(), Kind.CONTAINMENT_INEFFECTIVE)).isEqualTo(1);
    }

    /** To watch is no step that could follow. */
    @Test
    void breakerThatIsAllThatAPlanDoes_isOpenedAgain() {
        responder = responder(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, new Containment.OpenBreaker(), new Containment.Monitor()));
        responder.respond(signal("v2"));
        respondAfterTheGrace("v2");
        assertThat(brokenRoutes).containsExactly("v2", "v2");
    }

    /** Nobody has lifted anything: another switch has taken its place. */
    @Test
    void containmentThatIsNotSetAnyMore_isNotSaidToBeLifted() {
        responder.respond(signal("v2"));
        active.clear();
        active.add(new Switch(V2, SwitchState.killed(), Cause.by("on-call").because("for good"), now));
        respondAfterTheGrace("v1");
        assertThat(incident().last(Kind.CONTAINMENT_LIFTED).orElseThrow().what())
                .startsWith("the containment is not set any more (it was lifted, or another switch has taken its"
                        + " place), and there is harm again on v1");
    }

    /** What the first step does is not known before its grace is over, and the last one is out of proportion. */
    @Test
    void loadThatAnotherIncidentHasJustReduced_isReducedForThisOneToo() {
        responder = responder(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS, new Containment.ReduceLoad(Limit.toShare(0.5)))
                .onAny(Severity.P1, new Containment.ReduceLoad(Limit.toShare(0.5)), new Containment.KillModel()));
        guard = guardOf("v2");
        responder.respond(signal("v2"));
        when(switches.at(V2)).thenReturn(List.copyOf(active));
        doReturn(new SwitchResult(SwitchResult.Outcome.NOTHING_TO_DO, "restricted already", List.of()))
                .when(switches)
                .contain(eq(V2), any(), any());
        now = NOW.plusSeconds(2);
        responder.respond(signal("v2", IncidentType.PERFORMANCE));
        assertThat(kinds(desk.all().get(1))).containsExactly(Kind.OPENED, Kind.CONTAINMENT);
        assertThat(desk.all().get(1).timeline().get(1).what())
                .isEqualTo("the load of the model was reduced to 50 % of the traffic (a containment has done so just"
                        + " now)");
        assertThat(contained()).containsExactly(V2);

        now = NOW.plus(Duration.ofMinutes(5));
        responder.respond(signal("v2", IncidentType.SECURITY));
        assertThat(kinds(desk.all().get(2)))
                .as("it was not enough")
                .containsExactly(Kind.OPENED, Kind.CONTAINMENT_SKIPPED, Kind.CONTAINMENT);
        assertThat(contained()).containsExactly(V2, Scope.model("model"));
    }
}
