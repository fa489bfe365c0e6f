// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Shares;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.Ramp.State;
import io.github.incident4j.response.RampPlan;
import io.github.incident4j.response.internal.RampRecord.What;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The steps of ramps: each is a switch first, and then a record. Guarded by who has it. */
final class RampSteps {
    private static final String LIBRARY = "incident4j";
    private static final Pattern OF_A_RAMP = Pattern.compile("(inc-\\d+: )?recovery ramp (?<ramp>ramp-\\d{1,18}): ");

    private final SwitchBoard switches;
    private final IncidentDesk desk;
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final RampBook book;
    private final RampEvidence evidence;

    RampSteps(
            SwitchBoard switches,
            IncidentDesk desk,
            TimeSource time,
            Consumer<TrailEntry> trail,
            RampBook book,
            RampEvidence evidence) {
        this.switches = switches;
        this.desk = desk;
        this.time = time;
        this.trail = trail;
        this.book = book;
        this.evidence = evidence;
    }

    /** Begins a ramp in the place of what was seen at its scope, if that is still there. */
    SwitchResult start(Scope scope, RampPlan plan, List<Switch> seen, Cause cause) {
        Ramp ramp = new Ramp(
                book.nextId(),
                scope,
                plan,
                cause,
                incidentBehind(seen),
                killOf(seen),
                State.RUNNING,
                0,
                time.instant(),
                0,
                "started by " + cause.by() + " because: " + cause.because());
        SwitchResult result = letThrough(ramp, seen);
        if (result.inForce()) {
            become(ramp, What.STARTED, Kind.RAMP_STARTED);
        }
        return result;
    }

    /** The incident whose containment has set the switch. */
    private Optional<String> incidentBehind(List<Switch> seen) {
        return seen.stream()
                .map(each -> each.cause().because())
                .filter(why -> why.contains(": "))
                .map(why -> why.substring(0, why.indexOf(": ")))
                .filter(id -> desk.find(id).isPresent())
                .findFirst();
    }

    /** The kill that the ramp lifts. */
    private static SwitchState.Killed killOf(List<Switch> seen) {
        return seen.stream()
                .map(Switch::state)
                .filter(SwitchState.Killed.class::isInstance)
                .map(SwitchState.Killed.class::cast)
                .findFirst()
                .orElseGet(() -> new SwitchState.Killed(new SwitchState.Instead.ByRule()));
    }

    /** Goes on to the next step, or ends the ramp after the last one. */
    SwitchResult next(Ramp ramp, String why) {
        List<Switch> seen = switches.at(ramp.scope());
        if (!isOurs(ramp, seen)) {
            return overtaken(ramp);
        }
        boolean last = ramp.step() == ramp.plan().shares().size() - 1;
        if (last) {
            become(RampChange.in(ramp, State.COMPLETED, why), What.COMPLETED, Kind.RAMP_COMPLETED);
            return new SwitchResult(Outcome.DONE, "", List.of());
        }
        Ramp next = RampChange.atStep(ramp, ramp.step() + 1, time.instant(), why);
        SwitchResult result = letThrough(next, seen);
        if (result.inForce()) {
            become(next, What.STEP, Kind.RAMP_STEP);
        } else if (!isOurs(ramp, switches.at(ramp.scope()))) {
            return overtaken(ramp);
        } else {
            inconclusive(ramp, result.message());
        }
        return result;
    }

    private SwitchResult overtaken(Ramp ramp) {
        String note = "somebody else has set the switch of " + ramp.scope();
        become(RampChange.in(ramp, State.UNDONE, note), What.UNDONE, Kind.RAMP_UNDONE);
        return new SwitchResult(Outcome.NOTHING_TO_DO, note, List.of());
    }

    /**
     * Finds what a crash has kept from the trail, as each step is a switch first. A ramp goes on at the step of which
     * the switch is in force. One of which not even the start is on record has left nothing but its switch: nobody
     * knows its plan, so what it lets through is killed again.
     */
    void resume() {
        for (Ramp ramp : book.open()) {
            List<Switch> seen = switches.at(ramp.scope());
            if (!isOurs(ramp, seen)) {
                IntStream.range(ramp.step() + 1, ramp.plan().shares().size())
                        .mapToObj(step -> RampChange.atStep(
                                ramp, step, time.instant(), "found in force; a crash has kept it from the trail"))
                        .filter(later -> isOurs(later, seen) && seen.stream().allMatch(set -> isNamedBy(later, set)))
                        .filter(later ->
                                !seen.isEmpty() || later.step() == ramp.step() + 1) // or a person has restored it
                        .findFirst()
                        .ifPresent(later -> become(later, What.STEP, Kind.RAMP_STEP));
            }
        }
        switches.active().forEach(this::killIfNobodyWatches);
    }

    private static boolean isNamedBy(Ramp ramp, Switch set) {
        return rampOf(set).equals(Optional.of(ramp.id()));
    }

    private static Optional<String> rampOf(Switch set) {
        Matcher named = OF_A_RAMP.matcher(set.cause().because());
        return named.lookingAt() ? Optional.of(named.group("ramp")) : Optional.empty();
    }

    private void killIfNobodyWatches(Switch set) {
        if (!(set.state() instanceof SwitchState.Limited limited)) {
            return;
        }
        rampOf(set).filter(id -> book.find(id).isEmpty()).ifPresent(id -> {
            book.isTaken(id);
            Cause cause = Cause.by(LIBRARY)
                    .because("a crash has kept the start of " + id
                            + " from the trail, so nobody watches what it lets through");
            switches.kill(set.scope(), new SwitchState.Killed(limited.instead()), cause);
        });
    }

    /** Whether the switch is the one that the present step has set. */
    private static boolean isOurs(Ramp ramp, List<Switch> seen) {
        List<SwitchState> present = seen.stream().map(Switch::state).toList();
        return ramp.share() >= 1 ? present.isEmpty() : present.equals(List.of(stateOf(ramp)));
    }

    /** Lets the ramp's share pass in the place of what was seen; a kill that came since stays. */
    private SwitchResult letThrough(Ramp ramp, List<Switch> seen) {
        Cause cause = Cause.by(ramp.cause().by())
                .because(prefix(ramp) + "recovery ramp " + ramp.id() + ": "
                        + ramp.cause().because());
        return switches.lift(ramp.scope(), seen, ramp.share() >= 1 ? null : stateOf(ramp), cause);
    }

    /** What does not pass yet goes where the kill has sent it. */
    private static SwitchState.Limited stateOf(Ramp ramp) {
        return new SwitchState.Limited(Limit.toShare(ramp.share()), ramp.kill().instead());
    }

    private static String prefix(Ramp ramp) {
        return ramp.incident().map(id -> id + ": ").orElse("");
    }

    /** Has the ramp wait for a person. */
    void inconclusive(Ramp ramp, String why) {
        become(RampChange.in(ramp, State.INCONCLUSIVE, why), What.INCONCLUSIVE, Kind.RAMP_INCONCLUSIVE);
    }

    /** Kills what the ramp has let through. */
    SwitchResult undo(Ramp ramp, Cause cause) {
        SwitchResult result = switches.kill(ramp.scope(), ramp.kill(), cause);
        if (!result.inForce()) {
            return result; // such as for an end that is past: the route has its share still
        }
        become(
                RampChange.in(ramp, State.UNDONE, "undone by " + cause.by() + " because: " + cause.because()),
                What.UNDONE,
                Kind.RAMP_UNDONE);
        return result;
    }

    /** Undoes the ramp by itself. */
    void undoBecause(Ramp ramp, String why) {
        undo(ramp, Cause.by(LIBRARY).because(prefix(ramp) + why));
    }

    /** Undoes the ramp by itself, because of what its share of the traffic has shown. */
    void undoFor(Ramp ramp, String evidence) {
        undoBecause(ramp, "at " + Shares.percent(ramp.share()) + " of the traffic " + evidence);
    }

    private void become(Ramp ramp, What what, Kind kind) {
        book.keep(ramp);
        evidence.forget(ramp);
        trail.accept(new RampRecord(ramp, what, time.nanoTime()));
        ramp.incident()
                .ifPresent(id -> desk.note(
                        id,
                        kind,
                        ramp.id() + " of " + ramp.scope() + " at " + Shares.percent(ramp.share()) + ": "
                                + ramp.note()));
    }
}
