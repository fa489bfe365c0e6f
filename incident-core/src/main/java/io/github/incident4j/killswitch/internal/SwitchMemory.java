// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.internal.OwnSwitches.Restricted;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The switches that are in force, and the table made of them that calls read. Its lock is held for moments only and
 * never during I/O, so that a kill is in force at once although the disk hangs.
 */
public final class SwitchMemory {
    private final List<SourceFeed> feeds;
    private final TimeSource time;

    // Guarded by this.
    private final OwnSwitches own = new OwnSwitches();
    private Optional<Cause> freeze = Optional.empty();
    private boolean callsEnded;
    private List<HeldBy> compiled = List.of(); // what the table was made of
    private int tables;
    private volatile SwitchTable table = SwitchTable.OPEN;

    SwitchMemory(List<SourceFeed> feeds, TimeSource time) {
        this.feeds = List.copyOf(feeds);
        this.time = time;
    }

    /** {@return the present switches; one volatile read} */
    public SwitchTable table() {
        return table;
    }

    List<SourceFeed> feeds() {
        return feeds;
    }

    /** Lets no call pass from now on. */
    synchronized void endCalls() {
        callsEnded = true;
        table = SwitchTable.CLOSED;
    }

    /** Makes the table anew; for what changes without this class, such as a source. */
    synchronized void compile() {
        if (!callsEnded) {
            compiled = inForce();
            table = SwitchTable.of(compiled, ++tables, table, time.nanoTime());
        }
    }

    /** Makes the table anew if time alone has changed what holds. */
    synchronized void compileWhatAges() {
        if (!inForce().equals(compiled)) {
            compile();
        }
    }

    // ---- what is set ------------------------------------------------------------------------------------------

    synchronized List<Switch> at(Scope scope) {
        return own.at(scope);
    }

    synchronized List<Switch> own() {
        return own.all();
    }

    /** Whether a limit would let pass what is stopped now. */
    synchronized boolean wouldLoosen(Scope scope, SwitchState.Limited state, Cause cause) {
        return own.wouldLoosen(scope, state, cause, time.instant());
    }

    /** What the store should hold. */
    synchronized SwitchSnapshot snapshot(long version) {
        return new SwitchSnapshot(version, own.all(), freeze);
    }

    /** The switches of all sources that are not over. */
    synchronized List<HeldBy> inForce() {
        Instant now = time.instant();
        List<HeldBy> all = new ArrayList<>();
        own.all().forEach(each -> all.add(new HeldBy(SwitchBoard.OWN, each)));
        for (SourceFeed feed : feeds) {
            feed.switches(now).forEach(each -> all.add(new HeldBy(feed.name(), each)));
        }
        all.removeIf(each -> OwnSwitches.isOver(each.set().cause(), now));
        return all;
    }

    /** Why deployments are frozen here, over or not. */
    synchronized Optional<Cause> ownFreeze() {
        return freeze;
    }

    /** The freeze that holds, of whichever source. */
    synchronized Optional<Cause> frozen() {
        return notOver(freeze)
                .or(() -> feeds.stream()
                        .map(SourceFeed::freeze)
                        .map(this::notOver)
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    // ---- changes ----------------------------------------------------------------------------------------------

    /**
     * Sets a kill, which is then no weaker than one that it replaces and ends no earlier; or a limit unless it would
     * loosen: somebody was faster, and what he has set stays.
     */
    synchronized Optional<Restricted> restrict(Switch wanted) {
        if (wanted.state() instanceof SwitchState.Limited limited
                && own.wouldLoosen(wanted.scope(), limited, wanted.cause(), wanted.since())) {
            return Optional.empty();
        }
        return set(wanted, each -> Optional.of(own.restrict(each)));
    }

    /** Sets a limit that is no looser than what is there; nothing if that is as strict already. */
    synchronized Optional<Restricted> tighten(Switch limit) {
        return set(limit, own::tighten);
    }

    /** What is over is taken out first, or what replaces it would keep its end off the record. */
    private Optional<Restricted> set(Switch wanted, Function<Switch, Optional<Restricted>> setting) {
        List<Switch> over = own.expire(wanted.scope(), wanted.since());
        Optional<Restricted> set = setting.apply(wanted);
        if (set.isEmpty()) {
            over.forEach(own::setBeside); // and whoever looks next says it
            return set;
        }
        compile();
        return set.map(each -> new Restricted(each.set(), each.otherThanAsked(), over));
    }

    /**
     * Replaces what is set at a scope, or removes it, unless somebody was faster: a kill that came is not lifted.
     *
     * @return false if somebody was faster
     */
    synchronized boolean replace(Scope scope, List<Switch> seen, @Nullable Switch replacement) {
        if (!own.at(scope).equals(seen)) {
            return false;
        }
        own.remove(scope);
        if (replacement != null) {
            own.put(replacement);
        }
        compile();
        return true;
    }

    /** Freezes; returns the freeze that holds, which ends no earlier than one that was there. */
    synchronized Cause freeze(Cause wanted) {
        Cause holds =
                OwnSwitches.strictest(notOver(freeze), Optional.of(wanted)).orElse(wanted);
        freeze = Optional.of(holds);
        return holds;
    }

    private Optional<Cause> notOver(Optional<Cause> cause) {
        Instant now = time.instant();
        return cause.filter(each -> !OwnSwitches.isOver(each, now));
    }

    /** Ends a freeze, unless somebody has set another one. */
    synchronized boolean thaw(Cause seen) {
        boolean there = freeze.equals(Optional.of(seen));
        if (there) {
            freeze = Optional.empty();
        }
        return there;
    }

    /** Ends the freeze if its time is over; returns it then. */
    synchronized Optional<Cause> expireFreeze() {
        Optional<Cause> over = freeze.filter(cause -> OwnSwitches.isOver(cause, time.instant()));
        if (over.isPresent()) {
            freeze = Optional.empty();
        }
        return over;
    }

    /** Removes the switches whose time is over. */
    synchronized List<Switch> expire() {
        List<Switch> over = own.expire(time.instant());
        if (!over.isEmpty()) {
            compile();
        }
        return over;
    }

    /** Holds what is known from somewhere else; not in force before {@link #compile()}. */
    synchronized void load(SwitchSnapshot known) {
        own.clear();
        known.switches().forEach(own::setBeside);
        freeze = known.freeze();
    }

    /** Takes over what somebody else has changed in the store. */
    synchronized void takeOver(SwitchSnapshot before, SwitchSnapshot after) {
        own.takeOver(before, after, time.instant());
        if (!after.freeze().equals(before.freeze())) {
            boolean unstored = !freeze.equals(before.freeze());
            freeze = OwnSwitches.strictest(unstored ? notOver(freeze) : Optional.empty(), after.freeze());
        }
        compile();
    }
}
