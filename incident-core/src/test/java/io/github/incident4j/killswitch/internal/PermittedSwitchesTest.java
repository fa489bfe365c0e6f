// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.TwoPersonRule;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PermittedSwitchesTest extends SwitchFixture {
    @Test
    void twoPersonRule_needsAnotherPersonToLoosenAndNobodyToKill() throws IOException {
        SwitchPolicy policy =
                new SwitchPolicy(request -> Optional.empty(), TwoPersonRule.within(Duration.ofMinutes(15)));
        SwitchBoard board = opened();
        PermittedSwitches switches = new PermittedSwitches(board, policy, time);
        assertThat(switches.kill(ROUTE, CAUSE).durable()).isTrue();
        assertThat(switches.restore(ROUTE, Cause.by("alice").because("fixed")).outcome())
                .isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
        assertThat(switches.restore(ROUTE, Cause.by(" Alice ").because("really"))
                        .inForce())
                .as("the same person")
                .isFalse();
        assertThat(switches.limit(ROUTE, Limit.toShare(0.5), Cause.by("alice").because("half"))
                        .inForce())
                .as("a limit in the place of a kill loosens")
                .isFalse();
        assertThat(covering(board, "v2", null)).isNotNull();
        now = NOW.plus(Duration.ofMinutes(16));
        assertThat(switches.restore(ROUTE, Cause.by("bob").because("agreed")).inForce())
                .as("the first request has lapsed")
                .isFalse();
        assertThat(switches.restore(ROUTE, Cause.by("alice").because("agreed")).durable())
                .isTrue();
        assertThat(covering(board, "v2", null)).isNull();
        assertThat(trail).extracting(TrailEntry::type).contains("switch.pending", "switch.restored");
    }

    @Test
    void twoPersonRule_takesOnlyTheSameRequestForASecondOne() throws IOException {
        SwitchPolicy policy =
                new SwitchPolicy(request -> Optional.empty(), TwoPersonRule.within(Duration.ofMinutes(15)));
        SwitchBoard board = opened();
        PermittedSwitches switches = new PermittedSwitches(board, policy, time);
        switches.kill(ROUTE, CAUSE);
        Cause ada = Cause.by("ada").because("fixed");
        Cause bob = Cause.by("bob").because("fixed");
        assertThat(switches.mayLift("a plan of 1 %", ROUTE, ada)).isPresent();
        assertThat(switches.restore(ROUTE, bob).inForce())
                .as("ada has asked for a ramp")
                .isFalse();
        assertThat(switches.limit(ROUTE, Limit.toShare(0.5), ada).inForce()).isFalse();
        assertThat(switches.limit(ROUTE, Limit.toShare(0.6), bob).inForce()).isFalse();
        assertThat(switches.mayLift("a plan of 50 %", ROUTE, bob)).isPresent();
        assertThat(switches.mayLift("a plan of 1 %", ROUTE, bob)).isEmpty();
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(switches.restore(ROUTE, ada).durable())
                .as("bob has asked for that")
                .isTrue();
    }

    @Test
    void authorizer_isAskedAndItsRefusalsAreRecorded() throws IOException {
        SwitchPolicy policy = new SwitchPolicy(
                request -> request.cause().by().equals("intern") ? Optional.of("not on duty") : Optional.empty(), null);
        SwitchBoard board = opened();
        PermittedSwitches switches = new PermittedSwitches(board, policy, time);
        SwitchResult refused = switches.kill(ROUTE, Cause.by("intern").because("curious"));
        assertThat(refused.outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(refused.message()).contains("intern may not kill model/v2: not on duty");
        assertThat(board.table()).isSameAs(SwitchTable.OPEN);
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.refused");
        assertThat(board.kill(ROUTE, CAUSE).durable()).isTrue();
    }

    @Test
    void authorizer_seesWhetherALimitLoosens() throws IOException {
        SwitchPolicy policy = new SwitchPolicy(
                request -> request.loosens() ? Optional.of("only the lead may") : Optional.empty(), null);
        SwitchBoard board = opened();
        PermittedSwitches switches = new PermittedSwitches(board, policy, time);
        assertThat(switches.limit(ROUTE, Limit.toShare(0.5), CAUSE).inForce()).isTrue();
        assertThat(switches.limit(ROUTE, Limit.toShare(1), CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(switches.kill(ROUTE, CAUSE).inForce()).isTrue();
        assertThat(switches.limit(ROUTE, Limit.toShare(1), CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(switches.restore(ROUTE, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(switches.freeze(CAUSE).inForce()).isTrue();
        assertThat(switches.thaw(CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
    }

    @Test
    void brokenAuthorizer_keepsNobodyFromStoppingHarm() throws IOException {
        SwitchPolicy policy = new SwitchPolicy(
                request -> {
                    throw new IllegalStateException("the directory service is down");
                },
                null);
        SwitchBoard board = opened();
        PermittedSwitches switches = new PermittedSwitches(board, policy, time);
        assertThat(switches.kill(ROUTE, CAUSE).durable()).isTrue();
        assertThat(switches.restore(ROUTE, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
    }

    /** It is the host's own code, and must not be the way round its rule. */
    @Test
    void twoPersonRuleThatCannotSayWhatItCovers_holds() throws IOException {
        SwitchPolicy policy =
                new SwitchPolicy(request -> Optional.empty(), new TwoPersonRule(Duration.ofMinutes(15), scope -> {
                    throw new IllegalStateException("injected");
                }));
        PermittedSwitches switches = new PermittedSwitches(opened(), policy, time);
        switches.kill(ROUTE, CAUSE);
        assertThat(switches.restore(ROUTE, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
        assertThat(switches.restore(ROUTE, Cause.by("lead").because("repaired")).outcome())
                .isEqualTo(SwitchResult.Outcome.DONE);
    }

    @Test
    void twoPersonRule_saysSoWhenTooManyRequestsWait() throws IOException {
        SwitchPolicy policy =
                new SwitchPolicy(request -> Optional.empty(), TwoPersonRule.within(Duration.ofMinutes(15)));
        PermittedSwitches switches = new PermittedSwitches(opened(), policy, time);
        Cause ada = Cause.by("ada").because("fixed");
        Cause bob = Cause.by("bob").because("fixed");
        for (int i = 0; i < TwoPersonRule.MAX_WAITING; i++) {
            assertThat(switches.mayLift(i, ROUTE, ada))
                    .get()
                    .satisfies(each -> assertThat(each.outcome()).isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON));
        }
        trail.clear();
        SwitchResult further = switches.mayLift("one more", ROUTE, ada).orElseThrow();
        assertThat(further.outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(further.message()).contains("256 requests wait", "not noted", "ask again");
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.refused");
        assertThat(switches.mayLift(7, ROUTE, bob)).as("agreed").isEmpty();
        assertThat(switches.mayLift("one more", ROUTE, ada).orElseThrow().outcome())
                .isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
        assertThat(switches.mayLift("one more", ROUTE, bob)).isEmpty();
    }

    /** After its end everything would pass, so the one who wants it later must have his way. */
    @Test
    void twoPersonRule_takesTheLaterOfTwoEnds() throws IOException {
        SwitchPolicy policy =
                new SwitchPolicy(request -> Optional.empty(), TwoPersonRule.within(Duration.ofMinutes(15)));
        SwitchBoard board = opened();
        PermittedSwitches switches = new PermittedSwitches(board, policy, time);
        Cause ada = Cause.by("ada").because("fixed");
        Cause bob = Cause.by("bob").because("fixed");
        java.time.Instant end = NOW.plus(Duration.ofHours(1));
        List<List<Cause>> pairs = List.of(
                List.of(ada.until(end), bob.until(end.plusSeconds(5))),
                List.of(ada.until(end.plusSeconds(5)), bob.until(end)),
                List.of(ada, bob.until(end)),
                List.of(ada.until(end), bob));
        for (List<Cause> pair : pairs) {
            switches.kill(ROUTE, CAUSE);
            assertThat(switches.limit(ROUTE, Limit.toShare(0.1), pair.get(0)).outcome())
                    .isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
            SwitchResult agreed = switches.limit(ROUTE, Limit.toShare(0.1), pair.get(1));
            assertThat(agreed.durable()).isTrue();
            Optional<java.time.Instant> later =
                    pair.contains(ada) || pair.contains(bob) ? Optional.empty() : Optional.of(end.plusSeconds(5));
            assertThat(switches.active())
                    .singleElement()
                    .satisfies(set -> assertThat(set.cause().until()).isEqualTo(later));
            assertThat(agreed.message().contains("the later one holds"))
                    .isEqualTo(!pair.get(1).until().equals(later));
        }
    }
}
