// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Whatever people, the library and other writers do to the switches, also while the store takes its time over somebody
 * else's change, and whatever fails in between: the trail says what is in force, and a restart finds it.
 */
class SwitchTrailProperties extends SwitchFixture {
    private static final List<Scope> SCOPES = List.of(ROUTE, SEGMENT, Scope.model("model"));

    enum Kind {
        KILL,
        LIMIT,
        CONTAIN,
        RESTORE,
        FREEZE,
        THAW,
        LOOK,
        TIME_PASSES,
        STORE_IS_FULL,
        STORE_IS_AWAY,
        STORE_WORKS,
        OTHERS_SET,
        OTHERS_LIFT,
        OTHERS_FREEZE,
        OTHERS_THAW
    }

    /**
     * Something that happens.
     *
     * @param scope which of the scopes
     * @param state which of the states
     * @param end which of the ends
     * @param meanwhile what happens while the store takes its time over it, if it asks the store
     */
    record Step(
            Kind kind,
            int scope,
            int state,
            int end,
            @Nullable Step meanwhile) {}

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Step> plain = step(Arbitraries.just(Optional.empty()));
        return step(plain.optional(0.4));
    }

    private static Arbitrary<Step> step(Arbitrary<Optional<Step>> meanwhile) {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, SCOPES.size() - 1),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 2),
                        meanwhile)
                .as((kind, scope, state, end, then) -> new Step(kind, scope, state, end, then.orElse(null)));
    }

    private Shared shared = new Shared();
    private SwitchBoard board = board(shared);
    private int changes;

    @Property
    void trail_saysWhatIsInForceAndWhatTheStoreLacks(@ForAll @Size(max = 12) List<@From("steps") Step> steps)
            throws IOException {
        trail.clear();
        alarms.clear();
        now = NOW;
        changes = 0;
        shared = new Shared();
        board = board(shared);
        board.open();
        for (Step step : steps) {
            happens(step);
            shared.meanwhile = null;
            SwitchBoard withoutStore = restarted(new Shared());
            assertThat(withoutStore.active())
                    .as("after %s, from the trail alone", step)
                    .containsExactlyInAnyOrderElementsOf(board.active());
            assertThat(withoutStore.ownFreeze()).isEqualTo(board.ownFreeze());
        }
        shared.thrown = null; // it may be full as before
        board.upkeep().lookAtStore();
        Shared away = copyOf(shared);
        away.thrown = new Shared.Down("no route to host");
        SwitchBoard unread = restarted(away);
        assertThat(unread.active()).as("the store is away").containsExactlyInAnyOrderElementsOf(board.active());
        away.thrown = null;
        List<TrailEntry> ofThisRun = List.copyOf(trail);
        for (SwitchBoard restarted : List.of(unread, restarted(copyOf(shared)))) {
            restarted.upkeep().lookAtStore();
            assertThat(restarted.active())
                    .as("from store and trail")
                    .containsExactlyInAnyOrderElementsOf(board.active());
            assertThat(restarted.ownFreeze()).isEqualTo(board.ownFreeze());
        }
        trail.clear();
        trail.addAll(ofThisRun);
        everythingIsStoredAndLiftedByAnother();
    }

    /** What is on record as stored, at the latest by the record that says so, is not set again by a restart. */
    private void everythingIsStoredAndLiftedByAnother() throws IOException {
        storeWorks();
        board.upkeep().lookAtStore();
        assertThat(shared.store.read().switches()).containsExactlyInAnyOrderElementsOf(board.active());
        shared.write(List.of());
        SwitchBoard restarted = restarted(shared);
        assertThat(restarted.active()).isEmpty();
        assertThat(restarted.ownFreeze()).isEmpty();
    }

    private void storeWorks() {
        shared.readOnly = false;
        shared.thrown = null;
    }

    private void happens(Step step) {
        if (step.meanwhile() != null) {
            Step meanwhile = step.meanwhile();
            shared.meanwhile = () -> happens(meanwhile);
        }
        Scope scope = SCOPES.get(step.scope());
        Cause cause = cause(step);
        switch (step.kind()) {
            case KILL -> board.kill(scope, killed(step), cause);
            case LIMIT -> board.limit(scope, limited(step), cause);
            case CONTAIN -> board.contain(scope, step.state() % 2 == 0 ? killed(step) : limited(step), cause);
            case RESTORE -> board.restore(scope, cause);
            case FREEZE -> board.freeze(cause);
            case THAW -> board.thaw(cause);
            case LOOK -> board.upkeep().lookAtStore();
            case TIME_PASSES -> {
                now = now.plusSeconds(30);
                board.upkeep().lookAtStore();
            }
            case STORE_IS_FULL -> shared.readOnly = true;
            case STORE_IS_AWAY -> shared.thrown = new Shared.Down("no route to host");
            case STORE_WORKS -> storeWorks();
            case OTHERS_SET ->
                others(new Switch(scope, step.state() % 2 == 0 ? killed(step) : limited(step), cause, now));
            case OTHERS_LIFT -> {
                SwitchSnapshot read = shared.store.read();
                others(
                        read.switches().stream()
                                .filter(each -> !each.scope().equals(scope))
                                .toList(),
                        read.freeze());
            }
            case OTHERS_FREEZE -> others(shared.store.read().switches(), Optional.of(cause));
            case OTHERS_THAW -> others(shared.store.read().switches(), Optional.empty());
        }
    }

    private void others(Switch set) {
        SwitchSnapshot read = shared.store.read();
        List<Switch> switches = new ArrayList<>(read.switches());
        switches.removeIf(each -> each.scope().equals(set.scope())
                && each.state().getClass().equals(set.state().getClass()));
        switches.add(set);
        others(switches, read.freeze());
    }

    private void others(List<Switch> switches, Optional<Cause> freeze) {
        long version = shared.store.read().version();
        assertThat(shared.store.replace(version, new SwitchSnapshot(version + 1, switches, freeze)))
                .isTrue();
    }

    private Cause cause(Step step) {
        now = now.plusMillis(1);
        Cause cause = Cause.by("somebody").because("change " + ++changes);
        return step.end() == 0 ? cause : cause.until(now.plusSeconds(step.end() == 1 ? 20 : 50));
    }

    private static SwitchState.Killed killed(Step step) {
        return switch (step.state()) {
            case 0 -> SwitchState.killed();
            case 1 -> SwitchState.killedPreferring("v1");
            case 2 -> SwitchState.killedRefusing();
            default -> SwitchState.killedPreferring("v2");
        };
    }

    private static SwitchState.Limited limited(Step step) {
        return new SwitchState.Limited(Limit.toShare(0.1 * (step.state() + 1)));
    }

    private static Shared copyOf(Shared shared) {
        Shared copy = new Shared();
        SwitchSnapshot held = shared.store.read();
        copy.store.replace(0, held);
        return copy;
    }

    private SwitchBoard restarted(Shared store) throws IOException {
        List<TrailEntry> before = List.copyOf(trail);
        SwitchBoard restarted = board(store);
        replayInto(restarted);
        restarted.open();
        trail.clear(); // what the restarted one records is not of this trail
        trail.addAll(before);
        return restarted;
    }
}
