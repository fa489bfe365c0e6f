// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import static io.github.incident4j.incident.TimelineEntry.Kind.CONTAINED;
import static io.github.incident4j.incident.TimelineEntry.Kind.CONTAINMENT;
import static io.github.incident4j.incident.TimelineEntry.Kind.CONTAINMENT_APPROVED;
import static io.github.incident4j.incident.TimelineEntry.Kind.CONTAINMENT_INEFFECTIVE;
import static io.github.incident4j.incident.TimelineEntry.Kind.CONTAINMENT_LIFTED;
import static io.github.incident4j.incident.TimelineEntry.Kind.CONTAINMENT_PROPOSED;
import static io.github.incident4j.incident.TimelineEntry.Kind.CONTAINMENT_SKIPPED;
import static io.github.incident4j.incident.TimelineEntry.Kind.OPENED;
import static io.github.incident4j.incident.TimelineEntry.Kind.PLAN_EXHAUSTED;
import static io.github.incident4j.incident.TimelineEntry.Kind.SEVERITY_RAISED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.Containment.AskFirst;
import io.github.incident4j.response.Containment.KillModel;
import io.github.incident4j.response.Containment.Monitor;
import io.github.incident4j.response.Containment.OpenBreaker;
import io.github.incident4j.response.Containment.ReduceLoad;
import io.github.incident4j.response.Containment.ReviewSegment;
import io.github.incident4j.response.Containment.RollBack;
import io.github.incident4j.response.Containment.SwapGuardrail;
import io.github.incident4j.response.ResponsePlan;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Harm that moves from version to version, that is over, and that comes back. */
class PlanRoundsTest {
    private static final Scope V1 = PlanFixture.of("v1");
    private static final Scope V2 = PlanFixture.of("v2");
    private static final Scope V3 = PlanFixture.of("v3");
    private static final Containment HALF = new ReduceLoad(Limit.toShare(0.5));

    private PlanFixture house = new PlanFixture("v2", "v1");

    private void plan(Containment... steps) {
        house.plan(ResponsePlan.builder().onAny(Severity.P1, steps).on(Severity.P1, IncidentType.BIAS, steps));
    }

    private void harm(String... versions) {
        for (String version : versions) {
            house.harm(version);
        }
    }

    // ---- harm that is over: nothing follows, and nothing is counted

    /** Of a call that was on its way when the version was killed. */
    @Test
    void harmOnAKilledVersion_takesNoStepThatAsksNobody() {
        plan(new AskFirst(new RollBack()), new KillModel());
        house.kill("v2");
        harm("v2");
        assertThat(house.contained()).isEmpty();
        assertThat(house.told()).containsExactly(OPENED);
        house.restore(V2);
        harm("v2");
        assertThat(house.told())
                .as("the plan begins once it harms again")
                .containsExactly(OPENED, CONTAINMENT_PROPOSED);
    }

    @Test
    void harmOnAKilledVersion_sendsNoOtherOneToReview() {
        house.plan(ResponsePlan.builder()); // the rule would answer every call
        house.kill("v2");
        harm("v2");
        assertThat(house.contained()).isEmpty();
    }

    /** The new deployment has mended it. */
    @Test
    void approvalOfAVersionThatIsGone_killsNoOther() {
        plan(new AskFirst(new RollBack()), new KillModel());
        harm("v2");
        house.guard = PlanFixture.guardOf(Set.of(), "v1");
        house.restart();
        house.approve();
        assertThat(house.contained()).isEmpty();
        assertThat(house.told()).containsExactly(OPENED, CONTAINMENT_PROPOSED);
    }

    /** The kill by hand comes in between the plan's look and its switch. */
    @Test
    void versionThatIsKilledInTheMidstOfItsStep_isFollowedByNone() {
        plan(new OpenBreaker(), new KillModel());
        house.control.beforeOpening(() -> {
            house.kill("v2");
            house.withoutBreaker.add("v2");
        });
        harm("v2");
        assertThat(house.contained()).isEmpty();
        assertThat(house.told()).containsExactly(OPENED);
    }

    // ---- each version has its own way through the plan

    @Test
    void stepThatCannotBeDone_isProposedToNobodyAndKeepsNoOtherVersionWaiting() {
        plan(new AskFirst(new RollBack()));
        harm("v1");
        assertThat(house.told()).containsExactly(OPENED, CONTAINMENT_SKIPPED, PLAN_EXHAUSTED);
        harm("v2");
        house.approve();
        assertThat(house.contained()).containsExactly(V2);
    }

    @Test
    void stepThatAsksNobody_isTakenWhileAnotherVersionWaitsForAPerson() {
        plan(new RollBack(), new AskFirst(new KillModel()));
        harm("v1", "v2");
        assertThat(house.contained()).containsExactly(V2);
        assertThat(house.told()).containsExactly(OPENED, CONTAINMENT_SKIPPED, CONTAINMENT_PROPOSED, CONTAINMENT);
    }

    /** It was known to the incident since a lesser signal, to which the plan did nothing. */
    @Test
    void versionOfWhichOnlyALesserSignalWasSeen_isNotTakenForTried() {
        house.plan(ResponsePlan.builder());
        house.guard = PlanFixture.guardOf(Set.of(), "v2", "v1");
        house.harm("v2", IncidentType.BIAS, Severity.P2);
        harm("v1", "v2");
        assertThat(house.contained()).containsExactly(V2);
        assertThat(house.told())
                .containsExactly(
                        OPENED, SEVERITY_RAISED, CONTAINMENT_SKIPPED, CONTAINMENT_SKIPPED, PLAN_EXHAUSTED, CONTAINMENT);
    }

    @Test
    void versionThatWasKilledWhenItWasFirstSeen_isNotTakenForTried() {
        plan(new RollBack());
        harm("v1");
        house.kill("v2");
        harm("v2");
        house.restore(V2);
        house.restart();
        assertThat(house.contained()).as("no fresh harm was seen").isEmpty();
        harm("v2");
        assertThat(house.contained()).containsExactly(V2);
    }

    @Test
    void planThatOnlyWatchesOneVersion_actsOnAnother() {
        plan(new RollBack(), new Monitor());
        harm("v1", "v2");
        assertThat(house.contained()).containsExactly(V2);
    }

    @Test
    void containmentOfALesserSeverity_isNoneOfThisPlan() {
        house.plan(ResponsePlan.builder().onAny(Severity.P2, HALF).on(Severity.P1, IncidentType.BIAS, new RollBack()));
        house.harm("v1", IncidentType.BIAS, Severity.P2);
        harm("v1", "v2");
        assertThat(house.contained()).contains(V2);
    }

    @Test
    void rampThatWasUndone_isNoStepOfThePlan() {
        house = new PlanFixture("v3", "v2", "v1");
        plan(new RollBack());
        house.ramped = true;
        harm("v3");
        house.ramped = false;
        harm("v1", "v2");
        assertThat(house.contained()).containsExactly(V2);
    }

    /** The next one harms as well, and there is one behind it. */
    @Test
    void versionBehindOneThatWasRolledBack_isRolledBackToo() {
        house = new PlanFixture("v3", "v2", "v1");
        plan(new RollBack(), new KillModel());
        harm("v3", "v2");
        assertThat(house.contained()).containsExactlyInAnyOrder(V3, V2);
        assertThat(house.told()).containsExactly(OPENED, CONTAINMENT, CONTAINMENT_INEFFECTIVE, CONTAINMENT);
    }

    @Test
    void evidenceFromTheGrace_beginsNothingAboutAnotherVersion() {
        plan(new RollBack());
        harm("v2");
        house.signal("v1");
        assertThat(house.told()).containsExactly(OPENED, CONTAINMENT);
    }

    // ---- nothing is told at each signal

    @Test
    void breakerOfAnotherVersion_isNotSaidToHaveComeBack() {
        plan(new OpenBreaker());
        house.withoutBreaker.add("v1");
        harm("v2", "v1", "v1", "v1", "v1", "v1");
        assertThat(house.told())
                .containsExactly(OPENED, CONTAINMENT, CONTAINMENT_INEFFECTIVE, CONTAINMENT_SKIPPED, PLAN_EXHAUSTED);
    }

    @Test
    void rollbackThatSomebodyLifts_isToldOnceThoughAnotherVersionHarmsToo() {
        plan(new RollBack());
        harm("v2", "v1");
        house.restore(V2);
        harm("v1", "v1", "v1", "v1", "v1");
        assertThat(house.told())
                .containsExactly(OPENED, CONTAINMENT, CONTAINMENT_INEFFECTIVE, CONTAINMENT_SKIPPED, PLAN_EXHAUSTED);
        harm("v2");
        assertThat(house.told()).endsWith(PLAN_EXHAUSTED, CONTAINMENT_LIFTED, CONTAINMENT);
        assertThat(house.contained()).containsExactly(V2);
    }

    /** Its page was the last word. */
    @Test
    void exhaustedPlan_opensNoBreakerAgain() {
        house = new PlanFixture("v1");
        plan(new OpenBreaker(), new RollBack());
        harm("v1", "v1", "v1", "v1", "v1");
        assertThat(house.broken).containsExactly("v1");
        assertThat(house.told())
                .containsExactly(OPENED, CONTAINMENT, CONTAINMENT_INEFFECTIVE, CONTAINMENT_SKIPPED, PLAN_EXHAUSTED);
    }

    /** What else stands has not closed it. */
    @Test
    void breakerBehindAStepThatStands_isOpenedAgain() {
        plan(HALF, new OpenBreaker());
        harm("v2", "v2", "v2");
        assertThat(house.broken).containsExactly("v2", "v2");
        assertThat(house.contained()).containsExactlyInAnyOrder(V1, V2);
    }

    // ---- harm that comes back

    @Test
    void harmThatComesBackAfterSilence_isToldAndTriedAnew() {
        plan(new RollBack(), new Monitor());
        harm("v2");
        house.quiet();
        assertThat(house.told()).endsWith(CONTAINED);
        for (int i = 0; i < 3; i++) {
            harm("v1");
        }
        assertThat(house.told())
                .containsExactly(OPENED, CONTAINMENT, CONTAINED, CONTAINMENT_INEFFECTIVE, CONTAINMENT_SKIPPED);
        assertThat(house.incident().state()).isEqualTo(IncidentState.DETECTED);
    }

    /** Else a person had to look, before it has helped. */
    @Test
    void containmentThatWasInVain_isNotDeclaredToHoldByARestart() {
        plan(new RollBack(), new Monitor());
        harm("v2", "v1");
        house.restart();
        house.quiet();
        assertThat(house.incident().state()).isEqualTo(IncidentState.DETECTED);
    }

    @Test
    void worseHarmInAContainedIncident_isContainedBySilenceAgain() {
        house.plan(ResponsePlan.builder().onAny(Severity.P2, HALF).onAny(Severity.P1, new RollBack()));
        house.harm("v2", IncidentType.PERFORMANCE, Severity.P2);
        house.quiet();
        house.harm("v2", IncidentType.PERFORMANCE, Severity.P1);
        assertThat(house.incident().state()).isEqualTo(IncidentState.DETECTED);
        house.quiet();
        assertThat(house.told())
                .containsExactly(OPENED, CONTAINMENT, CONTAINED, SEVERITY_RAISED, CONTAINMENT, CONTAINED);
    }

    // ---- approvals

    @Test
    void secondApprovalOfTheSame_isNoneOfWhatWaitsByThen() {
        house = new PlanFixture("v3", "v2", "v1");
        plan(new AskFirst(new RollBack()));
        harm("v3");
        house.approve(1);
        harm("v2");
        house.approve(1);
        assertThat(house.contained()).containsExactly(V3);
    }

    /** Whoever has read the page of the lesser severity has not read that of the other. */
    @Test
    void approvalOfALesserSeverity_isNoneOfWhatIsProposedSince() {
        house.plan(ResponsePlan.builder()
                .onAny(Severity.P1, new AskFirst(new RollBack()))
                .onAny(Severity.P0, new AskFirst(new KillModel())));
        house.harm("v2", IncidentType.PERFORMANCE, Severity.P1);
        house.harm("v2", IncidentType.PERFORMANCE, Severity.P0);
        house.approve(1);
        assertThat(house.contained()).isEmpty();
        assertThat(house.lastOf(CONTAINMENT_PROPOSED))
                .isEqualTo("killing the model waits for approval: responses().approve(\"inc-1\", 2, …)");
        house.approve(2);
        assertThat(house.contained()).containsExactly(Scope.model("model"));
    }

    @Test
    void proposals_nameTheirLimitAndTheirSegment() {
        plan(new AskFirst(HALF));
        harm("v2");
        assertThat(house.lastOf(CONTAINMENT_PROPOSED)).startsWith("reducing the load to 50 % of the traffic waits");
        house.restart();
        plan(new AskFirst(new ReduceLoad(Limit.toShare(0.05))));
        house.approve(1);
        assertThat(house.contained()).as("the plan has another limit by now").isEmpty();
        harm("v2");
        assertThat(house.lastOf(CONTAINMENT_PROPOSED)).startsWith("reducing the load to 5 % of the traffic waits");
        plan(new AskFirst(new ReviewSegment()));
        harm("v2");
        assertThat(house.lastOf(CONTAINMENT_PROPOSED)).startsWith("review for all calls waits");
    }

    // ---- a crash

    @Test
    void stepThatACrashKeptAPlanFrom_isTakenAtTheRestart() {
        plan(new RollBack(), new KillModel());
        harm("v2", "v1");
        int ineffective = house.trail.indexOf(house.trail.stream()
                .filter(entry -> entry.type().equals("incident.containment-ineffective"))
                .findFirst()
                .orElseThrow());
        house.restore(Scope.model("model"));
        house.trail.subList(ineffective + 1, house.trail.size()).clear();
        house.restart();
        assertThat(house.told())
                .containsExactly(OPENED, CONTAINMENT, CONTAINMENT_INEFFECTIVE, CONTAINMENT_SKIPPED, CONTAINMENT);
        assertThat(house.contained()).containsExactlyInAnyOrder(V2, Scope.model("model"));
    }

    @Test
    void harmThatACrashKeptFromBeingToldInAContainedIncident_isTakenUpAtTheRestart() {
        plan(new RollBack(), new KillModel());
        harm("v2");
        house.quiet();
        house.crashAfter(2);
        assertThatThrownBy(() -> harm("v1")).isInstanceOf(PlanFixture.Crash.class);
        house.crashAfter(Integer.MAX_VALUE);
        house.restart();
        assertThat(house.told()).endsWith(CONTAINED, CONTAINMENT_INEFFECTIVE, CONTAINMENT_SKIPPED, CONTAINMENT);
        assertThat(house.contained()).contains(Scope.model("model"));
    }

    /** The switch was set, and its record did not reach the disk. */
    @Test
    void stepThatIsInForceThoughACrashKeptItFromTheTrail_isNotFollowedByTheNext() {
        plan(HALF, new KillModel());
        house.crashAfter(2);
        assertThatThrownBy(() -> harm("v2")).isInstanceOf(PlanFixture.Crash.class);
        house.crashAfter(Integer.MAX_VALUE);
        house.now = house.now.plusSeconds(600);
        house.restart();
        assertThat(house.told()).containsExactly(OPENED, CONTAINMENT);
        assertThat(house.contained()).containsExactlyInAnyOrder(V1, V2);
        house.quiet();
        assertThat(house.told()).endsWith(CONTAINED);
    }

    /** Two steps may set the same switch. */
    @Test
    void stepThatWasInVain_isNotTakenForTheNextOneByARestart() {
        plan(HALF, HALF);
        harm("v2");
        for (int survive : new int[] {2, 3}) {
            house.crashAfter(survive);
            assertThatThrownBy(() -> harm("v2")).isInstanceOf(PlanFixture.Crash.class);
            house.crashAfter(Integer.MAX_VALUE);
            house.restart();
            assertThat(house.told())
                    .containsExactly(OPENED, CONTAINMENT, CONTAINMENT_INEFFECTIVE, CONTAINMENT_SKIPPED, PLAN_EXHAUSTED);
            house = new PlanFixture("v2", "v1");
            plan(HALF, HALF);
            harm("v2");
        }
    }

    /** What was due on it is due on no other version, and not when it is mended. */
    @Test
    void stepThatACrashKeptFromAVersionThatIsKilledByThen_isVoid() {
        plan(new RollBack(), new KillModel());
        house.crashAfter(2);
        assertThatThrownBy(() -> harm("v2")).isInstanceOf(PlanFixture.Crash.class);
        house.crashAfter(Integer.MAX_VALUE);
        house.kill("v2");
        house.restart();
        assertThat(house.told()).containsExactly(OPENED, CONTAINMENT_SKIPPED);
        house.harm("v1", IncidentType.PERFORMANCE, Severity.P3);
        house.restore(V2);
        house.restart();
        assertThat(house.contained()).as("no fresh harm of this type was seen").isEmpty();
        harm("v2");
        assertThat(house.contained()).contains(V2);
    }

    @Test
    void incidentThatSomebodyResolvesInTheMidstOfItsPlan_isContainedNoFurther() {
        plan(new RollBack(), new KillModel());
        house.afterRecord = entry -> {
            if (entry.type().equals("incident.containment-skipped")) {
                house.resolve();
            }
        };
        harm("v1");
        assertThat(house.incident().state()).isEqualTo(IncidentState.RESOLVED);
        assertThat(house.contained()).isEmpty();
    }

    // ---- rules of guardrails

    /** The crash came before the second exchange. */
    @Test
    void rulesOfOneGuardrail_areNotTakenForThoseOfAnother() {
        plan(new SwapGuardrail("f", "on"), new SwapGuardrail("g", "on"), new KillModel());
        harm("v2");
        house.crashAfter(3); // the signal, that it joined, and that the first exchange was in vain
        assertThatThrownBy(() -> harm("v2")).isInstanceOf(PlanFixture.Crash.class);
        house.control.lift("g");
        house.crashAfter(Integer.MAX_VALUE);
        house.restart();
        assertThat(house.lastOf(CONTAINMENT)).contains("'g'").doesNotContain("found in force");
        assertThat(house.control.rulesInstead("g")).isPresent();
    }

    @Test
    void rulesThatAPersonHasExchanged_areNotExchangedAgain() {
        plan(new SwapGuardrail("f", "on"), new KillModel());
        harm("v2");
        house.control.useAnyway("f", "strict", Cause.by("on-call").because("better"));
        harm("v2");
        assertThat(house.control.rulesInstead("f").orElseThrow().ruleSet()).isEqualTo("strict");
        assertThat(house.told())
                .containsExactly(OPENED, CONTAINMENT, CONTAINMENT_LIFTED, CONTAINMENT_SKIPPED, CONTAINMENT);
        assertThat(house.contained()).containsExactly(Scope.model("model"));
    }

    /** Of two incidents with one cause the second waits for what the first has done. */
    @Test
    void rulesThatAnotherIncidentHasExchanged_haveTheirGrace() {
        SwapGuardrail swap = new SwapGuardrail("f", "on");
        house.plan(ResponsePlan.builder()
                .on(Severity.P1, IncidentType.PRIVACY, swap, new KillModel())
                .on(Severity.P1, IncidentType.SECURITY, swap, new KillModel()));
        house.harm("v2", IncidentType.PRIVACY, Severity.P1);
        house.signal("v2", IncidentType.SECURITY, Severity.P1);
        house.signal("v2", IncidentType.SECURITY, Severity.P1);
        assertThat(house.contained()).isEmpty();
        house.harm("v2", IncidentType.SECURITY, Severity.P1);
        assertThat(house.contained()).as("it was in vain").containsExactly(Scope.model("model"));
    }

    // ---- approvals

    /** The lead reads the page when all is well again. */
    @Test
    void proposal_doesNotOutliveTheHarm() {
        plan(new RollBack(), new AskFirst(new KillModel()));
        harm("v1");
        assertThat(house.told()).endsWith(CONTAINMENT_SKIPPED, CONTAINMENT_PROPOSED);
        harm("v2");
        house.quiet();
        house.approve(1);
        assertThat(house.contained()).containsExactly(V2);
        assertThat(house.lastOf(CONTAINMENT_APPROVED)).contains("of which none waits any more");
        harm("v1");
        assertThat(house.lastOf(CONTAINMENT_PROPOSED)).as("asked anew").contains("approve(\"inc-1\", 2");
    }

    @Test
    void approvalThatACrashKeptFromBeingCarriedOut_isCarriedOutAtTheRestart() {
        plan(new AskFirst(new RollBack()));
        harm("v2");
        house.approveAndCrash(1);
        assertThat(house.contained()).isEmpty();
        house.restart();
        assertThat(house.contained()).containsExactly(V2);
        assertThat(house.lastOf(CONTAINMENT_APPROVED)).contains("containment 1, which was taken up");
        house.restore(V2);
        house.restart();
        assertThat(house.contained()).as("once").isEmpty();
    }

    /** The next start takes it. */
    @Test
    void stepThatAClosedRuntimeCannotTake_isNotSkipped() {
        plan(new RollBack());
        house.board.close();
        harm("v2");
        assertThat(house.told()).containsExactly(OPENED);
    }
}
