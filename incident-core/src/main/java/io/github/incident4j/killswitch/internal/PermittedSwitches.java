// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchAuthorizer.Action;
import io.github.incident4j.killswitch.SwitchAuthorizer.Request;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The switches as people use them: the policy is asked first, and what it refuses is a record. */
public final class PermittedSwitches implements KillSwitches {
    private final SwitchBoard board;
    private final SwitchPolicy policy;
    private final TimeSource time;

    /**
     * Puts a policy before a board.
     *
     * @param board the switches
     * @param policy who may change what
     * @param time the clocks
     */
    public PermittedSwitches(SwitchBoard board, SwitchPolicy policy, TimeSource time) {
        this.board = board;
        this.policy = policy;
        this.time = time;
    }

    @Override
    public SwitchResult kill(Scope scope, SwitchState.Killed state, Cause cause) {
        return asked(Action.KILL, scope, cause, false).orElseGet(() -> board.kill(scope, state, cause));
    }

    @Override
    public SwitchResult limit(Scope scope, SwitchState.Limited state, Cause cause) {
        List<Switch> seen = board.at(scope); // first: what comes after it is not lifted, whatever the policy says
        boolean loosens = board.wouldLoosen(scope, state, cause);
        return asked(Action.LIMIT, scope, cause, loosens)
                .orElseGet(
                        () -> loosens ? agreedLimit(scope, seen, state, cause) : board.restrict(scope, state, cause));
    }

    /** Two persons hardly name the same end; what was killed is free after it, which both have to want. */
    private SwitchResult agreedLimit(Scope scope, List<Switch> seen, SwitchState.Limited state, Cause cause) {
        SwitchPolicy.Answer answer = policy.secondPerson(List.of(scope, Action.LIMIT, state, seen), scope, cause, time);
        Optional<SwitchResult> notYet = notYet(answer, scope, cause);
        if (notYet.isPresent()) {
            return notYet.get();
        }
        Optional<Instant> end = answer.first()
                .map(Cause::until)
                .map(first -> laterOf(first, cause.until()))
                .orElse(cause.until());
        SwitchResult result = board.lift(scope, seen, state, new Cause(cause.by(), cause.because(), end));
        if (end.equals(cause.until()) || !result.inForce()) {
            return result;
        }
        String note = "of the two ends that were asked for the later one holds: "
                + end.map(Instant::toString).orElse("none, until it is restored");
        return new SwitchResult(
                result.outcome(),
                result.message().isEmpty() ? note : result.message() + "; " + note,
                result.stillHeld());
    }

    private static Optional<Instant> laterOf(Optional<Instant> one, Optional<Instant> other) {
        return one.flatMap(end -> other.map(end2 -> end2.isAfter(end) ? end2 : end));
    }

    @Override
    public SwitchResult restore(Scope scope, Cause cause) {
        List<Switch> seen = board.at(scope); // first: what comes after it is not lifted, whatever the policy says
        return asked(Action.RESTORE, scope, cause, true)
                .or(() -> seen.isEmpty() ? Optional.empty() : secondPerson(List.of(Action.RESTORE, seen), scope, cause))
                .orElseGet(() -> board.lift(scope, seen, null, cause));
    }

    /**
     * Asks whether a person may lift a switch step by step, as a recovery ramp does: the authorizer, and the second
     * person.
     *
     * @param what identifies what is asked for, such as the plan of a ramp; another person must ask for an equal one
     * @param scope the scope
     * @param cause who asks and why
     * @return the answer if it is not a yes
     */
    public Optional<SwitchResult> mayLift(Object what, Scope scope, Cause cause) {
        return asked(Action.RESTORE, scope, cause, true).or(() -> secondPerson(what, scope, cause));
    }

    /**
     * Asks whether a person may kill, as one does who undoes a recovery ramp.
     *
     * @param scope the scope
     * @param cause who asks and why
     * @return the answer if it is not a yes
     */
    public Optional<SwitchResult> mayKill(Scope scope, Cause cause) {
        return asked(Action.KILL, scope, cause, false);
    }

    /**
     * Refuses what was allowed and is no longer what was asked for.
     *
     * @param scope the scope
     * @param cause who has asked and why
     * @return the refusal, which is on record
     */
    public SwitchResult overtaken(Scope scope, Cause cause) {
        return board.refusedAsChanged(SwitchRecord.about(scope, cause, time.instant()));
    }

    @Override
    public SwitchResult freeze(Cause cause) {
        return asked(Action.FREEZE, Scope.everything(), cause, false).orElseGet(() -> board.freeze(cause));
    }

    @Override
    public SwitchResult thaw(Cause cause) {
        Optional<Cause> seen = board.ownFreeze(); // first: one that comes after it is not ended
        return asked(Action.THAW, Scope.everything(), cause, true).orElseGet(() -> board.thaw(seen, cause));
    }

    @Override
    public Optional<Cause> frozen() {
        return board.frozen();
    }

    @Override
    public List<Switch> active() {
        return board.active();
    }

    @Override
    public List<HeldBy> inForce() {
        return board.inForce();
    }

    private Optional<SwitchResult> asked(Action action, Scope scope, Cause cause, boolean loosens) {
        return board.refusedAsClosed()
                .or(() -> policy.refusal(new Request(action, scope, cause, loosens))
                        .map(why -> refused(SwitchRecord.REFUSED, Outcome.REFUSED, scope, cause, why)));
    }

    private Optional<SwitchResult> secondPerson(Object change, Scope scope, Cause cause) {
        return notYet(policy.secondPerson(List.of(scope, change), scope, cause, time), scope, cause);
    }

    private Optional<SwitchResult> notYet(SwitchPolicy.Answer answer, Scope scope, Cause cause) {
        return answer.no()
                .map(why -> answer.noted()
                        ? refused(SwitchRecord.PENDING, Outcome.NEEDS_SECOND_PERSON, scope, cause, why)
                        : refused(SwitchRecord.REFUSED, Outcome.REFUSED, scope, cause, why));
    }

    private SwitchResult refused(String type, Outcome outcome, Scope scope, Cause cause, String why) {
        board.records().refused(type, SwitchRecord.about(scope, cause, time.instant()), why);
        return new SwitchResult(outcome, why, List.of());
    }
}
