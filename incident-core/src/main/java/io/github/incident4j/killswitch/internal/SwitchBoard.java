// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The switches, as the library itself uses them; {@link PermittedSwitches} are those that people use. The hot path
 * reads {@link #table()}.
 *
 * <p>What restricts is in force in {@link SwitchMemory} first and then durable in {@link StoredSwitches}; what loosens
 * is durable first. Every change is a record.
 *
 * <p>Life: created, fed the trail's switch records by {@link #replay}, then {@link #open opened}. The store outranks
 * the trail; a missing or corrupt store is made anew from the trail, so that no kill is lost with it. One that cannot
 * be read now is left as it is, and outranks the trail once it can be read.
 */
public final class SwitchBoard implements KillSwitches {
    /** The name of the runtime's own store. */
    public static final String OWN = "runtime";

    private static final Logger LOG = LoggerFactory.getLogger(SwitchBoard.class);
    private static final int MAX_NAMED = 20;
    private static final SwitchResult CLOSED = new SwitchResult(
            Outcome.REFUSED, "the runtime is closed: nothing passes, and nothing was changed", List.of());

    private final SwitchMemory memory;
    private final StoredSwitches store;
    private final TrailSwitches earlier; // until opened
    private final TimeSource time;
    private final SwitchRecords records;
    private final SwitchUpkeep upkeep;
    private final Function<Switch, Optional<String>> hint;
    private final List<Runnable> onRestriction = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /**
     * Creates a board on which nothing is set.
     *
     * @param store where what is set becomes durable
     * @param feeds the other sources
     * @param time the clocks
     * @param trail takes the records of changes
     * @param alarm is told what is wrong with a store or source; raises an incident
     * @param hint says what is odd about a switch, such as a model that nobody guards
     */
    SwitchBoard(
            SwitchStore store,
            List<SourceFeed> feeds,
            TimeSource time,
            Consumer<TrailEntry> trail,
            Consumer<String> alarm,
            Function<Switch, Optional<String>> hint) {
        this.memory = new SwitchMemory(feeds, time);
        this.store = new StoredSwitches(store, memory, time, alarm, this::storeChanged);
        this.earlier = new TrailSwitches();
        this.time = time;
        this.records = new SwitchRecords(memory, this.store, time, trail);
        this.upkeep =
                new SwitchUpkeep(memory, this.store, records, new SwitchDifferences(time), alarm, this::stopRunning);
        this.hint = hint;
    }

    /**
     * Takes a record of an earlier run into account.
     *
     * @param record any record of the trail
     */
    public void replay(StoredRecord record) {
        earlier.replay(record);
    }

    /**
     * Takes the state of the store, and of the trail what the store could not take then; the trail's state alone where
     * the store cannot be read.
     *
     * @return what was wrong with the store, if anything
     * @throws IOException if the store has nothing, or was corrupt, and cannot be written anew
     */
    public Optional<String> open() throws IOException {
        if (!earlier.owed().isEmpty()) {
            LOG.warn(
                    "switches that could not be stored in an earlier run are set again: those of {}",
                    earlier.owed().stream().limit(MAX_NAMED).toList());
        }
        memory.load(earlier.inForce());
        records.resume(earlier);
        Optional<String> fault = store.open(earlier.inStore());
        records.stored();
        earlier.clear();
        upkeep.loadCaches();
        memory.compile();
        return fault;
    }

    /** Takes a state that was read just now; for a tool, which has neither trail nor sources. */
    void openWith(SwitchSnapshot read) {
        store.openWith(read);
        memory.compile();
    }

    /** {@return what happens to the switches by itself} */
    SwitchUpkeep upkeep() {
        return upkeep;
    }

    SwitchRecords records() {
        return records;
    }

    private void storeChanged(SwitchSnapshot before, SwitchSnapshot after) {
        upkeep.changed(OWN, before, after);
    }

    /** {@return the present switches; one volatile read} */
    public SwitchTable table() {
        return memory.table();
    }

    /** {@return where the hot path reads the present switches} */
    public SwitchMemory memory() {
        return memory;
    }

    /**
     * Has something told after each change that may stop calls that are running.
     *
     * @param task returns at once; may be run by any thread
     */
    public void onRestriction(Runnable task) {
        onRestriction.add(task);
    }

    /** Whatever becomes of running calls must keep no kill from being stored and recorded. */
    private void stopRunning() {
        for (Runnable task : onRestriction) {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error("the running calls of a guard could not be stopped", e);
            }
        }
    }

    /** Lets no call pass from now on; switches can still be changed. */
    public void endCalls() {
        memory.endCalls();
        stopRunning();
    }

    /** Takes no change from now on. */
    public void close() {
        closed = true;
    }

    /** {@return whether it takes no change any more} */
    public boolean isClosed() {
        return closed;
    }

    /** What to answer if the board takes no change any more. */
    Optional<SwitchResult> refusedAsClosed() {
        return closed ? Optional.of(CLOSED) : Optional.empty();
    }

    // ---- changes ----------------------------------------------------------------------------------------------

    @Override
    public SwitchResult kill(Scope scope, SwitchState.Killed state, Cause cause) {
        return restrict(scope, state, cause, this::restricted);
    }

    /**
     * Kills or limits at once and leaves the storing to the store's own thread, for who must not wait for a store that
     * hangs. The record says that it is not durable yet, so that a crash loses nothing; another one says when it is.
     *
     * @param scope what to restrict
     * @param state what holds for it; a limit loosens none that is there
     * @param cause why
     * @return done once it is in force; nothing to do where a limit is wanted and what is there is as strict
     */
    public SwitchResult contain(Scope scope, SwitchState state, Cause cause) {
        if (closed) {
            return CLOSED;
        }
        Switch wanted = new Switch(scope, state, cause, time.instant());
        if (state instanceof SwitchState.Killed) {
            return restrict(scope, state, cause, this::contained);
        }
        return memory.tighten(wanted)
                .map(this::contained)
                .orElseGet(() -> new SwitchResult(
                        Outcome.NOTHING_TO_DO, scope + " is restricted as strictly already", List.of()));
    }

    private SwitchResult contained(OwnSwitches.Restricted restricted) {
        stopRunning();
        sayWhatIsOver(restricted);
        Switch set = restricted.set();
        records.changed(SwitchRecord.typeOf(set), set, restricted.otherThanAsked());
        return new SwitchResult(Outcome.DONE, String.join("; ", restricted.otherThanAsked()), List.of());
    }

    private void sayWhatIsOver(OwnSwitches.Restricted restricted) {
        restricted.over().forEach(each -> records.changed(SwitchRecord.EXPIRED, each, List.of()));
    }

    @Override
    public SwitchResult limit(Scope scope, SwitchState.Limited state, Cause cause) {
        List<Switch> seen = at(scope);
        return wouldLoosen(scope, state, cause) ? lift(scope, seen, state, cause) : restrict(scope, state, cause);
    }

    /**
     * Limits what nothing else stops: where the limit would let pass what is stopped now it is refused.
     *
     * @param scope what to limit
     * @param state how much may pass
     * @param cause who limits it and why
     * @return what became of it
     */
    public SwitchResult restrict(Scope scope, SwitchState.Limited state, Cause cause) {
        return restrict(scope, state, cause, this::restricted);
    }

    private SwitchResult restrict(
            Scope scope, SwitchState state, Cause cause, Function<OwnSwitches.Restricted, SwitchResult> inForce) {
        if (closed) {
            return CLOSED;
        }
        Switch wanted = new Switch(scope, state, cause, time.instant());
        return refusedAsOver(wanted)
                .or(() -> memory.restrict(wanted).map(inForce))
                .orElseGet(() -> refusedAsChanged(wanted));
    }

    /**
     * Lifts what its requester has seen at a scope, and nothing that was set there since.
     *
     * @param scope the scope
     * @param seen what was {@linkplain #at set} when it was decided to lift it
     * @param instead the limit that takes its place, or null for none
     * @param cause who lifts it and why
     * @return what became of it; refused if something else is set there by now
     */
    public SwitchResult lift(Scope scope, List<Switch> seen, SwitchState.@Nullable Limited instead, Cause cause) {
        if (closed) {
            return CLOSED;
        }
        Switch wanted = instead == null
                ? SwitchRecord.about(scope, cause, time.instant())
                : new Switch(scope, instead, cause, time.instant());
        return (instead == null ? Optional.<SwitchResult>empty() : refusedAsOver(wanted))
                .orElseGet(() -> loosen(seen, wanted, instead == null ? null : wanted));
    }

    /**
     * What is set for exactly a scope.
     *
     * @param scope the scope
     * @return the kill and the limit, as far as there are any
     */
    public List<Switch> at(Scope scope) {
        return memory.at(scope);
    }

    SwitchResult refusedAsChanged(Switch wanted) {
        return refused(
                wanted,
                "somebody else has changed the switch of " + wanted.scope() + " meanwhile; look at it and ask again");
    }

    private Optional<SwitchResult> refusedAsOver(Switch wanted) {
        return wanted.cause()
                .until()
                .filter(end -> !end.isAfter(wanted.since()))
                .map(end -> refused(wanted, "the end " + end + " is past, and nothing was changed"));
    }

    private SwitchResult refused(Switch wanted, String why) {
        records.refused(SwitchRecord.REFUSED, wanted, why);
        return new SwitchResult(Outcome.REFUSED, why, List.of());
    }

    @Override
    public SwitchResult restore(Scope scope, Cause cause) {
        return lift(scope, at(scope), null, cause);
    }

    boolean wouldLoosen(Scope scope, SwitchState.Limited state, Cause cause) {
        return memory.wouldLoosen(scope, state, cause);
    }

    /**
     * Says what is odd about a switch, such as a model that nobody guards.
     *
     * @param set the switch
     * @return what, if anything
     */
    public Optional<String> oddityOf(Switch set) {
        return hint.apply(set);
    }

    /** It is in memory; now the store. */
    private SwitchResult restricted(OwnSwitches.Restricted restricted) {
        Switch set = restricted.set();
        stopRunning();
        List<String> notes = new ArrayList<>(restricted.otherThanAsked());
        Optional<String> problem = stored("The switch");
        problem.ifPresent(what -> notes.add(0, what));
        sayWhatIsOver(restricted);
        records.changed(SwitchRecord.typeOf(set), set, notes);
        oddityOf(set)
                .or(() -> heldFallback(set))
                .filter(odd -> problem.isEmpty())
                .ifPresent(notes::add);
        return new SwitchResult(
                problem.isEmpty() ? Outcome.DONE : Outcome.NOT_DURABLE, String.join("; ", notes), List.of());
    }

    /**
     * Finds what kills a route for all calls of a scope, by any source.
     *
     * @param scope a scope that names the route
     * @return the switch, if there is one
     */
    public Optional<HeldBy> killing(Scope scope) {
        return killing(scope, scope.route().orElseThrow());
    }

    private Optional<HeldBy> killing(Scope scope, String route) {
        return inForce().stream()
                .filter(each -> stops(each.set(), scope, route))
                .findFirst();
    }

    /** A kill that prefers a route revives nothing. */
    private Optional<String> heldFallback(Switch set) {
        return set.state()
                .instead()
                .preferred()
                .flatMap(route -> killing(set.scope(), route)
                        .map(each -> "'" + route + "', which it prefers, is itself killed by '" + each.source() + "' ("
                                + each.set().scope() + ")"));
    }

    /** Whether a switch kills a route for all calls of a scope. */
    private static boolean stops(Switch set, Scope scope, String route) {
        Scope killed = set.scope();
        Scope ofAnyRoute =
                new Scope(killed.model(), Optional.empty(), killed.feature(), killed.segment(), killed.share());
        return set.state() instanceof SwitchState.Killed
                && !set.spares(route)
                && killed.route().map(route::equals).orElse(true)
                && ofAnyRoute.covers(scope);
    }

    /** Stores what is in force; returns why it could not be stored. */
    private Optional<String> stored(String what) {
        try {
            store.keep();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(store.problem(e, what + " is in force, and storing it is tried again"));
        }
    }

    /** In the store first, then in memory. */
    private SwitchResult loosen(List<Switch> seen, Switch wanted, @Nullable Switch replacement) {
        Scope scope = wanted.scope();
        StoredSwitches.Loosened loosened;
        try {
            loosened = store.loosen(scope, seen, replacement, wanted.cause());
        } catch (IOException e) {
            String problem = store.problem(e, "The switch of " + scope + " was not loosened");
            records.refused(SwitchRecord.FAILED, SwitchRecord.about(scope, wanted.cause(), time.instant()), problem);
            return new SwitchResult(Outcome.FAILED, problem, List.of());
        }
        return switch (loosened) {
            case NOTHING -> new SwitchResult(Outcome.NOTHING_TO_DO, stillHeld(scope), held(scope));
            case CHANGED -> refusedAsChanged(wanted);
            case DONE -> {
                List<String> notes = new ArrayList<>(whatElseIsLifted(seen, wanted, replacement));
                records.changed(replacement == null ? SwitchRecord.RESTORED : SwitchRecord.LIMITED, wanted, notes);
                Optional.of(stillHeld(scope)).filter(each -> !each.isEmpty()).ifPresent(notes::add);
                yield new SwitchResult(Outcome.DONE, String.join("; ", notes), held(scope));
            }
        };
    }

    private static List<String> whatElseIsLifted(List<Switch> seen, Switch wanted, @Nullable Switch replacement) {
        if (replacement != null) {
            return seen.stream()
                    .filter(each -> !OwnSwitches.isOver(each.cause(), wanted.since()))
                    .flatMap(each -> whatIsLifted(each, replacement).stream()
                            .map(what -> "it takes the place of the " + what + " of "
                                    + each.cause().by() + ", which is lifted"))
                    .toList();
        }
        return wanted.cause().until().isPresent()
                ? List.of("it is lifted for good: a restore has no end, so the one that was named does nothing")
                : List.of();
    }

    /** What of a switch goes with it, and not only changes. */
    private static Optional<String> whatIsLifted(Switch seen, Switch replacement) {
        if (!(seen.state() instanceof SwitchState.Limited was)) {
            return Optional.of("kill");
        }
        boolean keepsARate = replacement.state() instanceof SwitchState.Limited is
                && is.limit().rate().isPresent();
        return was.limit().rate().filter(rate -> !keepsARate).map(rate -> "rate of " + rate);
    }

    private List<HeldBy> held(Scope scope) {
        return inForce().stream()
                .filter(each -> each.set().scope().overlaps(scope))
                .toList();
    }

    private String stillHeld(Scope scope) {
        List<HeldBy> held = held(scope);
        return held.isEmpty()
                ? ""
                : "calls in " + scope + " are still held by "
                        + held.stream()
                                .map(each ->
                                        "'" + each.source() + "' (" + each.set().scope() + ")")
                                .collect(Collectors.joining(", "));
    }

    @Override
    public SwitchResult freeze(Cause cause) {
        if (closed) {
            return CLOSED;
        }
        Optional<SwitchResult> over = refusedAsOver(SwitchRecord.about(Scope.everything(), cause, time.instant()));
        if (over.isPresent()) {
            return over.get();
        }
        List<String> notes = new ArrayList<>();
        Optional<Cause> ended = memory.expireFreeze(); // or what replaces it would keep its end off the record
        Cause holds = memory.freeze(cause);
        if (!holds.equals(cause)) {
            notes.add("the freeze of " + holds.by() + " ends later and stays");
        }
        Optional<String> problem = stored("The freeze");
        problem.ifPresent(what -> notes.add(0, what));
        ended.ifPresent(each -> records.freeze(SwitchRecord.THAWED, each, List.of(SwitchUpkeep.FREEZE_ENDED)));
        records.freeze(SwitchRecord.FROZEN, cause, notes);
        return new SwitchResult(
                problem.isEmpty() ? Outcome.DONE : Outcome.NOT_DURABLE, String.join("; ", notes), List.of());
    }

    @Override
    public SwitchResult thaw(Cause cause) {
        return thaw(ownFreeze(), cause);
    }

    /**
     * Ends the freeze that its requester has seen, and none that was set since.
     *
     * @param seen the {@linkplain #ownFreeze() freeze} when it was decided to end it
     * @param cause who ends it and why
     * @return what became of it; refused if it is another one by now
     */
    SwitchResult thaw(Optional<Cause> seen, Cause cause) {
        if (closed) {
            return CLOSED;
        }
        StoredSwitches.Loosened loosened;
        try {
            loosened = store.thaw(seen, cause);
        } catch (IOException e) {
            String problem = store.problem(e, "The freeze stays");
            records.refused(SwitchRecord.FAILED, cause, problem);
            return new SwitchResult(Outcome.FAILED, problem, List.of());
        }
        return switch (loosened) {
            case NOTHING -> new SwitchResult(Outcome.NOTHING_TO_DO, "nothing is frozen here", List.of());
            case CHANGED -> {
                String why = "somebody else has changed the freeze meanwhile; look at it and ask again";
                records.refused(SwitchRecord.REFUSED, cause, why);
                yield new SwitchResult(Outcome.REFUSED, why, List.of());
            }
            case DONE -> {
                records.freeze(SwitchRecord.THAWED, cause, List.of());
                yield new SwitchResult(Outcome.DONE, "", List.of());
            }
        };
    }

    /** {@return why deployments are frozen here; whatever other sources say} */
    Optional<Cause> ownFreeze() {
        return memory.ownFreeze();
    }

    @Override
    public Optional<Cause> frozen() {
        return memory.frozen();
    }

    @Override
    public List<Switch> active() {
        return memory.own();
    }

    @Override
    public List<HeldBy> inForce() {
        return memory.inForce();
    }
}
