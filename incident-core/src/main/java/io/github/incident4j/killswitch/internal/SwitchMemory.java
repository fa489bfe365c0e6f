// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The switches that are in force, and the table made of them that calls read. Its lock is held for moments only and
 * never during I/O, so that a kill is in force at once although the disk hangs.
 */
public final class SwitchMemory {
    private final List<SourceFeed> feeds;
    private final TimeSource time;

    // Guarded by this.
    private final Map<Scope, Switch> own = new LinkedHashMap<>();
    private Optional<Cause> freeze = Optional.empty();
    private boolean callsEnded;
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
            table = SwitchTable.of(inForce(), ++tables, table, time.nanoTime());
        }
    }

    /** Makes the table anew if time alone changes what the other sources hold. */
    synchronized void compileWhatAges() {
        Instant now = time.instant();
        boolean ages = feeds.stream()
                .anyMatch(feed -> feed.isStale()
                        || feed.switches(now).stream()
                                .anyMatch(each -> each.cause().until().isPresent()));
        if (ages) {
            compile();
        }
    }

    // ---- what is set ------------------------------------------------------------------------------------------

    synchronized Optional<Switch> at(Scope scope) {
        return Optional.ofNullable(own.get(scope));
    }

    synchronized List<Switch> own() {
        return List.copyOf(own.values());
    }

    /** Whether a limit would let pass what is stopped now. */
    synchronized boolean wouldLoosen(Scope scope, Limit limit, Cause cause) {
        Switch present = own.get(scope);
        if (present == null) {
            return false;
        }
        return !(present.state() instanceof SwitchState.Limited limited
                && limit.isAsStrictAs(limited.limit())
                && endsNoEarlier(cause, present.cause()));
    }

    /** What the store should hold. */
    synchronized SwitchSnapshot snapshot(long version) {
        return new SwitchSnapshot(version, own(), freeze);
    }

    /** The switches of all sources that are not over. */
    synchronized List<HeldBy> inForce() {
        Instant now = time.instant();
        List<HeldBy> all = new ArrayList<>();
        own.values().forEach(each -> all.add(new HeldBy(SwitchBoard.OWN, each)));
        for (SourceFeed feed : feeds) {
            feed.switches(now).forEach(each -> all.add(new HeldBy(feed.source().name(), each)));
        }
        all.removeIf(each -> isOver(each.set().cause(), now));
        return all;
    }

    /** The freeze that holds, of whichever source. */
    synchronized Optional<Cause> frozen() {
        Instant now = time.instant();
        return freeze.filter(cause -> !isOver(cause, now))
                .or(() -> feeds.stream()
                        .map(SourceFeed::freeze)
                        .flatMap(Optional::stream)
                        .filter(cause -> !isOver(cause, now))
                        .findFirst());
    }

    private static boolean isOver(Cause cause, Instant now) {
        return cause.until().isPresent() && !now.isBefore(cause.until().get());
    }

    // ---- changes ----------------------------------------------------------------------------------------------

    /** A switch as it was set, and for a person what is not as it was asked for. */
    record Restricted(Switch set, List<String> otherThanAsked) {}

    /** Sets a switch, which is no weaker than one that it replaces and ends no earlier. */
    synchronized Restricted restrict(Switch wanted) {
        Switch present = own.get(wanted.scope());
        Restricted result = present == null ? new Restricted(wanted, List.of()) : over(present, wanted);
        put(result.set());
        compile();
        return result;
    }

    /** What holds where a kill meets one that is in force: it neither weakens it nor ends it earlier. */
    private static Restricted over(Switch present, Switch wanted) {
        Cause cause = wanted.cause();
        List<String> other = new ArrayList<>();
        boolean weakens = Strictness.of(wanted.state()) < Strictness.of(present.state());
        if (weakens) {
            other.add("the kill of " + present.cause().by() + " is stricter and stays as strict: "
                    + words(present.state()));
        }
        boolean shortens = !endsNoEarlier(cause, present.cause());
        if (shortens) {
            other.add("it does not end before the kill of " + present.cause().by() + ", which ends "
                    + present.cause().until().map(end -> "at " + end).orElse("only when it is restored"));
        }
        return new Restricted(
                new Switch(
                        wanted.scope(),
                        weakens ? present.state() : wanted.state(),
                        shortens
                                ? new Cause(
                                        cause.by(),
                                        cause.because(),
                                        present.cause().until())
                                : cause,
                        wanted.since()),
                other);
    }

    private static String words(SwitchState state) {
        return state instanceof SwitchState.Killed killed
                ? killed.instead()
                        .preferred()
                        .map(route -> "'" + route + "' answers instead")
                        .orElse("nothing answers instead")
                : "";
    }

    private static boolean endsNoEarlier(Cause cause, Cause than) {
        return cause.until().isEmpty()
                || (than.until().isPresent()
                        && !cause.until().get().isBefore(than.until().get()));
    }

    /** Replaces a switch, or removes it, unless somebody was faster: a kill that came meanwhile is not lifted. */
    synchronized void replace(Scope scope, @Nullable Switch present, @Nullable Switch replacement) {
        if (!Objects.equals(own.get(scope), present)) {
            return;
        }
        own.remove(scope);
        if (replacement != null) {
            own.put(scope, replacement);
        }
        compile();
    }

    synchronized void freeze(Optional<Cause> cause) {
        freeze = cause;
    }

    /** Removes the switches whose time is over. */
    synchronized List<Switch> expire() {
        Instant now = time.instant();
        List<Switch> over =
                own.values().stream().filter(each -> isOver(each.cause(), now)).toList();
        over.forEach(each -> own.remove(each.scope()));
        if (!over.isEmpty()) {
            compile();
        }
        return over;
    }

    /** Holds what the store holds, and a few more; not in force before {@link #compile()}. */
    synchronized void load(SwitchSnapshot stored, Collection<Switch> more) {
        own.clear();
        stored.switches().forEach(this::put);
        more.forEach(this::put);
        freeze = stored.freeze();
    }

    /** What the trail says, before the store was read; not in force before {@link #compile()}. */
    synchronized void replaySet(Switch set) {
        put(set);
    }

    synchronized void replayRestored(Scope scope) {
        own.remove(scope);
    }

    /** Takes over what somebody else has changed in the store. */
    synchronized void takeOver(SwitchSnapshot before, SwitchSnapshot after) {
        Map<Scope, Switch> was = byScope(before);
        Map<Scope, Switch> is = byScope(after);
        was.forEach((scope, gone) -> {
            if (!is.containsKey(scope)) {
                own.remove(scope, gone);
            }
        });
        is.forEach((scope, there) -> {
            if (!there.equals(was.get(scope))) {
                Switch present = own.get(scope);
                // What is not stored yet was asked for all the same: it is not weakened by what somebody else has
                // stored.
                put(
                        present == null || present.equals(was.get(scope))
                                ? there
                                : over(present, there).set());
            }
        });
        if (!after.freeze().equals(before.freeze())) {
            freeze = after.freeze();
        }
        compile();
    }

    private static Map<Scope, Switch> byScope(SwitchSnapshot snapshot) {
        Map<Scope, Switch> switches = new LinkedHashMap<>();
        snapshot.switches().forEach(each -> switches.put(each.scope(), each));
        return switches;
    }

    /** The latest stands last. */
    private void put(Switch set) {
        own.remove(set.scope());
        own.put(set.scope(), set);
    }
}
