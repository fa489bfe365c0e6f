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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The steps of ramps: each is a switch first, and then a record. {@link #start} and {@link #next} wait for the store,
 * and are called one at a time; an undo waits for neither them nor, where the library undoes a ramp, for the store.
 */
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
        Instant now = time.instant();
        List<Switch> present = seen.stream()
                .filter(each ->
                        each.cause().until().filter(end -> !now.isBefore(end)).isEmpty())
                .toList(); // what is over may still be there
        Ramp ramp = new Ramp(
                book.nextId(),
                scope,
                plan,
                cause,
                incidentBehind(present),
                killOf(present),
                State.RUNNING,
                0,
                now,
                0,
                "started by " + cause.by() + " because: " + cause.because());
        SwitchResult result = letThrough(ramp, seen);
        if (!result.inForce()) {
            return result;
        }
        begin(RampChange.since(ramp, time.instant()));
        SwitchResult told =
                refusal(ramp, present).map(note -> withNote(result, note)).orElse(result);
        return switches.oddityOf(new Switch(scope, stateOf(ramp), cause, ramp.since()))
                .or(() -> evidence.unwatchedAtStart(ramp))
                .map(odd -> withNote(told, odd))
                .orElse(told);
    }

    /** A limit that has refused some has the ramp refuse all that it does not let pass yet. */
    private static Optional<String> refusal(Ramp ramp, List<Switch> present) {
        if (present.stream().map(Switch::state).anyMatch(ramp.kill()::equals)) {
            return Optional.empty(); // the kill has refused them all
        }
        return present.stream()
                .filter(each -> each.state().instead() instanceof SwitchState.Instead.Refuse)
                .findFirst()
                .map(limit -> "what it does not let pass is refused, as the limit of "
                        + limit.cause().by() + " has it: no fallback answers");
    }

    private static SwitchResult withNote(SwitchResult result, String note) {
        return new SwitchResult(
                result.outcome(),
                result.message().isEmpty() ? note : result.message() + "; " + note,
                result.stillHeld());
    }

    private synchronized void begin(Ramp ramp) {
        evidence.await(ramp);
        book.keep(ramp);
        tell(ramp, What.STARTED, Kind.RAMP_STARTED);
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

    /** The kill that the ramp lifts; whoever is refused now, by a limit or by a kill, stays so until it is his turn. */
    private static SwitchState.Killed killOf(List<Switch> seen) {
        boolean killed = seen.stream().anyMatch(each -> each.state() instanceof SwitchState.Killed);
        if (seen.stream().anyMatch(each -> refuses(each, killed))) {
            return new SwitchState.Killed(new SwitchState.Instead.Refuse());
        }
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
            become(ramp, present -> RampChange.in(present, State.COMPLETED, why), What.COMPLETED, Kind.RAMP_COMPLETED);
            return new SwitchResult(Outcome.DONE, "", List.of());
        }
        SwitchResult result = letThrough(RampChange.atStep(ramp, ramp.step() + 1, time.instant(), why), seen);
        if (result.inForce()) {
            goOn(ramp, ramp.step() + 1, why);
        } else if (!isOurs(ramp, switches.at(ramp.scope()))) {
            return overtaken(ramp);
        } else if (result.outcome() == Outcome.FAILED) {
            inconclusive(ramp, result.message());
        }
        return result;
    }

    private void goOn(Ramp ramp, int step, String why) {
        become(
                ramp,
                present -> {
                    Ramp next = RampChange.atStep(present, step, time.instant(), why);
                    evidence.await(next);
                    return next;
                },
                What.STEP,
                Kind.RAMP_STEP);
    }

    private SwitchResult overtaken(Ramp ramp) {
        List<Switch> seen = switches.at(ramp.scope());
        if (seen.size() == 1 && isContainmentWithin(ramp, seen.get(0))) {
            String note = "a containment limits it, too: " + seen.get(0).cause().because()
                    + (ramp.share() < 1
                            ? "; undo the ramp, which kills it, and start another one once that incident is over"
                            : "; restore its scope once that incident is over, and advance the ramp");
            inconclusive(ramp, note);
            return new SwitchResult(Outcome.REFUSED, note, List.of());
        }
        String note = "somebody else has set the switch of " + ramp.scope();
        endIfKilled(ramp);
        become(ramp, present -> RampChange.in(present, State.UNDONE, note), What.UNDONE, Kind.RAMP_UNDONE);
        killWhatItLetsThrough(ramp);
        return new SwitchResult(Outcome.REFUSED, note, List.of());
    }

    /** Nothing passes then that would not by the ramp alone, so it is not over; but its next step would lift it. */
    private static boolean isContainmentWithin(Ramp ramp, Switch set) {
        return set.state() instanceof SwitchState.Limited limited
                && limited.limit().share() <= ramp.share()
                && set.cause().by().equals(LIBRARY)
                && !isNamedBy(ramp, set);
    }

    /** Ends a ramp whose scope somebody has killed, or which a crash has caught in its undo. */
    void endIfKilled(Ramp ramp) {
        switches.at(ramp.scope()).stream()
                .filter(each -> each.state() instanceof SwitchState.Killed)
                .findFirst()
                .ifPresent(kill -> undone(ramp, kill.cause()));
    }

    /**
     * Finds what a crash has kept from the trail, as each step is a switch first. A ramp goes on at the step of which
     * the switch is in force, and ends where that is a kill. One of which not even the start is on record has left
     * nothing but its switch: nobody knows its plan, so what it lets through is killed again, as is what one lets
     * through that has ended.
     */
    void resume() {
        for (Ramp ramp : book.open()) {
            List<Switch> seen = switches.at(ramp.scope());
            endIfKilled(ramp);
            if (!isOurs(ramp, seen)) {
                IntStream.range(ramp.step() + 1, ramp.plan().shares().size())
                        .mapToObj(step -> RampChange.atStep(
                                ramp, step, time.instant(), "found in force; a crash has kept it from the trail"))
                        .filter(later -> isOurs(later, seen) && seen.stream().allMatch(set -> isNamedBy(later, set)))
                        .filter(later ->
                                !seen.isEmpty() || later.step() == ramp.step() + 1) // or a person has restored it
                        .findFirst()
                        .ifPresent(later -> goOn(ramp, later.step(), later.note()));
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
        if (!(set.state() instanceof SwitchState.Limited limited) || isKilledForGood(set.scope())) {
            return;
        }
        rampOf(set).filter(id -> book.findOpen(id).isEmpty()).ifPresent(id -> {
            book.isTaken(id);
            Cause cause = Cause.by(LIBRARY)
                    .because("nobody watches what " + id
                            + " lets through: it has ended, or a crash has kept its start from the trail");
            switches.contain(set.scope(), new SwitchState.Killed(limited.instead()), cause);
        });
    }

    /** A rate refuses nobody as long as there is a kill. */
    private static boolean refuses(Switch set, boolean killed) {
        boolean isRate = set.state() instanceof SwitchState.Limited limited
                && limited.limit().share() >= 1;
        return set.state().instead() instanceof SwitchState.Instead.Refuse && !(isRate && killed);
    }

    private boolean isKilledForGood(Scope scope) {
        return switches.at(scope).stream()
                .anyMatch(each -> each.state() instanceof SwitchState.Killed
                        && each.cause().until().isEmpty());
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
        become(
                ramp,
                present -> RampChange.in(present, State.INCONCLUSIVE, why),
                What.INCONCLUSIVE,
                Kind.RAMP_INCONCLUSIVE);
    }

    /** Kills what the ramp has let through, and waits until that is stored. */
    SwitchResult undo(Ramp ramp, Cause cause) {
        return undone(ramp, cause, switches.kill(ramp.scope(), ramp.kill(), cause));
    }

    /** Undoes the ramp by itself, and waits for nothing. */
    void undoBecause(Ramp ramp, String why) {
        Cause cause = Cause.by(LIBRARY).because(prefix(ramp) + why);
        undone(ramp, cause, switches.contain(ramp.scope(), ramp.kill(), cause));
    }

    private SwitchResult undone(Ramp ramp, Cause cause, SwitchResult result) {
        if (result.inForce()) { // else, such as for an end that is past, the route has its share still
            undone(ramp, cause);
        }
        return result;
    }

    /** Whatever its step is by now. A kill with an end has left the ramp's share below it. */
    private synchronized void undone(Ramp ramp, Cause cause) {
        String note = "undone by " + cause.by() + " because: " + cause.because();
        book.findOpen(ramp.id())
                .ifPresent(open -> become(
                        open,
                        present -> RampChange.in(RampChange.about(present, ramp.incident()), State.UNDONE, note),
                        What.UNDONE,
                        Kind.RAMP_UNDONE));
        killWhatItLetsThrough(ramp);
    }

    private void killWhatItLetsThrough(Ramp ramp) {
        switches.at(ramp.scope()).stream().filter(set -> isNamedBy(ramp, set)).forEach(this::killIfNobodyWatches);
    }

    /** Undoes the ramp by itself, because of what its share of the traffic has shown. */
    void undoFor(Ramp ramp, String evidence) {
        undoBecause(ramp, "at " + Shares.percent(ramp.share()) + " of the traffic " + evidence);
    }

    /** Changes the ramp, unless it has ended or gone on since; one at a time, as the newest record is its state. */
    private synchronized void become(Ramp seen, UnaryOperator<Ramp> change, What what, Kind kind) {
        book.change(seen, change).ifPresent(ramp -> tell(ramp, what, kind));
    }

    private void tell(Ramp ramp, What what, Kind kind) {
        trail.accept(new RampRecord(ramp, what, time.nanoTime()));
        ramp.incident()
                .ifPresent(id -> desk.note(
                        id,
                        kind,
                        ramp.id() + " of " + ramp.scope() + " at " + Shares.percent(ramp.share()) + ": "
                                + ramp.note()));
    }
}
