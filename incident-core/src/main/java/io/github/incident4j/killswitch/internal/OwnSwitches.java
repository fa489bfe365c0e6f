// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The switches that the runtime's own store holds, the latest last: for each scope at most one kill and one limit. Both
 * are set where a kill came over a limit of which something is left: it outlasts the kill, it covers a route that the
 * kill spares, or it refuses and the kill does not. Guarded by who has it.
 */
final class OwnSwitches {
    private final Map<Place, Switch> switches = new LinkedHashMap<>();

    private record Place(Scope scope, boolean kill) {
        static Place of(Switch set) {
            return new Place(set.scope(), isKill(set));
        }
    }

    /**
     * A switch as it was set.
     *
     * @param set the switch
     * @param otherThanAsked for a person, what is not as it was asked for
     * @param over what was found to be over on the way, and was taken out
     */
    record Restricted(Switch set, List<String> otherThanAsked, List<Switch> over) {
        /** Nothing was found to be over. */
        Restricted(Switch set, List<String> otherThanAsked) {
            this(set, otherThanAsked, List.of());
        }
    }

    private static boolean isKill(Switch set) {
        return set.state() instanceof SwitchState.Killed;
    }

    List<Switch> all() {
        return List.copyOf(switches.values());
    }

    /** The kill and the limit of exactly this scope, as far as they are set. */
    List<Switch> at(Scope scope) {
        return Stream.of(killOf(scope), limitOf(scope))
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    private @Nullable Switch killOf(Scope scope) {
        return switches.get(new Place(scope, true));
    }

    private @Nullable Switch limitOf(Scope scope) {
        return switches.get(new Place(scope, false));
    }

    /** Whether a limit would let pass what is stopped now. */
    boolean wouldLoosen(Scope scope, SwitchState.Limited wanted, Cause cause, Instant now) {
        Switch limit = present(limitOf(scope), now); // one that is tightened leaves a kill beside it alone
        return limit == null
                ? present(killOf(scope), now) != null
                : !(isAsStrict(wanted, limit) && endsNoEarlier(cause, limit.cause()));
    }

    /** What is over stops nothing, though it may not have been taken out yet. */
    private static @Nullable Switch present(@Nullable Switch set, Instant now) {
        return set == null || isOver(set.cause(), now) ? null : set;
    }

    private static boolean isAsStrict(SwitchState.Limited wanted, Switch than) {
        return than.state() instanceof SwitchState.Limited limited
                && wanted.limit().isAsStrictAs(limited.limit())
                && Strictness.isAsStrict(than.scope(), wanted.instead(), limited.instead());
    }

    private static boolean endsNoEarlier(Cause cause, Cause than) {
        return cause.until().isEmpty()
                || (than.until().isPresent()
                        && !cause.until().get().isBefore(than.until().get()));
    }

    // ---- changes ----------------------------------------------------------------------------------------------

    /** Sets what does not loosen; a kill is then no weaker than one that it replaces and ends no earlier. */
    Restricted restrict(Switch wanted) {
        List<String> other = new ArrayList<>();
        Switch kill = present(killOf(wanted.scope()), wanted.since());
        Switch limit = present(limitOf(wanted.scope()), wanted.since());
        if (!isKill(wanted)) {
            setBeside(wanted);
            if (kill != null) {
                other.add("the kill of " + kill.cause().by() + " stays beside it; a restore lifts both");
            }
            return new Restricted(wanted, other);
        }
        Switch set = kill == null ? wanted : over(kill, wanted, other);
        put(set);
        if (limit != null) {
            other.add("the limit of " + limit.cause().by()
                    + (limitOf(wanted.scope()) == null
                            ? " does not hold again after it"
                            : whatItStillDoes(limit, set)));
        }
        return new Restricted(set, other);
    }

    private static String whatItStillDoes(Switch limit, Switch kill) {
        if (refusesMore(limit, kill)) {
            return " goes on refusing what it does not let pass; a restore lifts both";
        }
        return endsNoEarlier(kill.cause(), limit.cause())
                ? " stays for what answers instead; a restore lifts both"
                : " holds again after it";
    }

    private static Switch over(Switch present, Switch wanted, List<String> other) {
        Switch set = strictest(present, wanted);
        if (!set.state().equals(wanted.state())) {
            other.add("the kill of " + present.cause().by()
                    + (set.state().equals(present.state())
                            ? " is stricter and stays as strict: " + words(set.state())
                            : " prefers another fallback, so none of the two answers"));
        }
        if (!endsNoEarlier(wanted.cause(), present.cause())) {
            other.add("it does not end before the kill of " + present.cause().by() + ", which ends "
                    + present.cause().until().map(end -> "at " + end).orElse("only when it is restored")
                    + present.state()
                            .instead()
                            .preferred()
                            .filter(route -> present.spares(route) && !set.spares(route))
                            .map(route -> "; until then '" + route + "' is stopped, too")
                            .orElse(""));
        }
        return set;
    }

    /** A kill or a limit over another one: no weaker than that, and ends no earlier. */
    private static Switch strictest(Switch present, Switch wanted) {
        Cause cause = wanted.cause();
        return new Switch(
                wanted.scope(),
                strictest(wanted.scope(), present.state(), wanted.state()),
                endsNoEarlier(cause, present.cause())
                        ? cause
                        : new Cause(cause.by(), cause.because(), present.cause().until()),
                wanted.since());
    }

    private static SwitchState strictest(Scope scope, SwitchState present, SwitchState wanted) {
        SwitchState.Instead instead = Strictness.strictest(scope, present.instead(), wanted.instead());
        return present instanceof SwitchState.Limited was && wanted instanceof SwitchState.Limited is
                ? new SwitchState.Limited(strictest(was.limit(), is.limit()), instead)
                : new SwitchState.Killed(instead);
    }

    /** Sets a limit of which nothing loosens what is there; empty if that is as strict already. */
    Optional<Restricted> tighten(Switch wanted) {
        Switch kill = present(killOf(wanted.scope()), wanted.since());
        Switch limit = present(limitOf(wanted.scope()), wanted.since());
        if (limit == null) {
            return kill == null ? Optional.of(restrict(wanted)) : Optional.empty();
        }
        Switch both = strictest(limit, wanted);
        boolean endsLater = !both.cause().until().equals(limit.cause().until());
        if (both.state().equals(limit.state()) && !endsLater) {
            return Optional.empty();
        }
        Restricted restricted = restrict(both);
        List<String> other = new ArrayList<>(restricted.otherThanAsked());
        if (!both.state().equals(wanted.state()) && both.state() instanceof SwitchState.Limited set) {
            other.add("the limit of " + limit.cause().by() + " is stricter in part and stays so: " + set.limit()
                    + (set.instead() instanceof SwitchState.Instead.Refuse ? ", and a refusal of the rest" : ""));
        }
        if (endsLater) {
            other.add("it does not end any more with the limit of "
                    + limit.cause().by() + ", at " + limit.cause().until().orElseThrow());
        }
        return Optional.of(new Restricted(both, other));
    }

    /** What lets nothing pass that either of two limits would not. */
    private static Limit strictest(Limit present, Limit wanted) {
        Optional<Limit.Rate> rate = present.rate()
                .map(one -> wanted.rate().map(other -> strictest(one, other)).orElse(one))
                .or(wanted::rate);
        return new Limit(Math.min(present.share(), wanted.share()), rate);
    }

    /** As many at once as the one, as many in the long run as the other. */
    private static Limit.Rate strictest(Limit.Rate one, Limit.Rate other) {
        Limit.Rate fewer = one.calls() <= other.calls() ? one : other;
        Limit.Rate more = one.calls() <= other.calls() ? other : one;
        if (fewer.nanosPerCall() >= more.nanosPerCall()) {
            return fewer;
        }
        return fewer.calls() == more.calls()
                ? more
                : new Limit.Rate(
                        fewer.calls(), Duration.ofNanos((long) Math.ceil(fewer.calls() * more.nanosPerCall())));
    }

    private static String words(SwitchState state) {
        Optional<String> preferred =
                state instanceof SwitchState.Killed killed ? killed.instead().preferred() : Optional.empty();
        return preferred.map(route -> "'" + route + "' answers instead").orElse("nothing answers instead");
    }

    /** Sets a switch as it is: a limit takes everybody's place, a kill leaves what outlasts it or covers more. */
    void put(Switch set) {
        Switch limit = limitOf(set.scope());
        if (!isKill(set)) {
            remove(set.scope());
        } else if (limit != null
                && endsNoEarlier(set.cause(), limit.cause())
                && coversAll(set, limit)
                && !refusesMore(limit, set)) {
            remove(limit);
        }
        setBeside(set);
    }

    /** Whether who is refused by a limit to a share would be sent to a fallback by a kill alone. */
    private static boolean refusesMore(Switch limit, Switch kill) {
        boolean leavesAFallback = kill.scope().route().isPresent()
                ? !(kill.state().instead() instanceof SwitchState.Instead.Refuse)
                : kill.state().instead() instanceof SwitchState.Instead.Prefer;
        return leavesAFallback
                && limit.state() instanceof SwitchState.Limited limited
                && limited.limit().share() < 1
                && limited.instead() instanceof SwitchState.Instead.Refuse;
    }

    private static boolean coversAll(Switch kill, Switch limit) {
        return kill.state()
                .instead()
                .preferred()
                .filter(route -> kill.spares(route) && !limit.spares(route))
                .isEmpty();
    }

    /** Sets a switch and touches no other one; for a state that is known as a whole. */
    void setBeside(Switch set) {
        remove(set);
        switches.put(Place.of(set), set);
    }

    void clear() {
        switches.clear();
    }

    /** Removes what is set at a scope. */
    void remove(Scope scope) {
        switches.remove(new Place(scope, true));
        switches.remove(new Place(scope, false));
    }

    /** Removes the kill of a scope, or its limit, by what the switch is. */
    void remove(Switch like) {
        switches.remove(Place.of(like));
    }

    /** Removes what is over. */
    List<Switch> expire(Instant now) {
        return expire(all(), now);
    }

    /** Removes what of a scope is over. */
    List<Switch> expire(Scope scope, Instant now) {
        return expire(at(scope), now);
    }

    private List<Switch> expire(List<Switch> of, Instant now) {
        List<Switch> over =
                of.stream().filter(each -> isOver(each.cause(), now)).toList();
        over.forEach(this::remove);
        return over;
    }

    static boolean isOver(Cause cause, Instant now) {
        return cause.until().isPresent() && !now.isBefore(cause.until().get());
    }

    /**
     * Takes over what somebody else has changed in the store. What is set here and not stored yet was asked for all the
     * same: nobody's change weakens it.
     */
    void takeOver(SwitchSnapshot before, SwitchSnapshot after, Instant now) {
        Map<Place, Switch> was = byPlace(before.switches());
        Map<Place, Switch> is = byPlace(after.switches());
        was.forEach((place, gone) -> {
            if (!is.containsKey(place)) {
                switches.remove(place, gone);
            }
        });
        is.forEach((place, there) -> {
            if (!there.equals(was.get(place))) {
                Switch present = switches.get(place);
                boolean unstored = present != null && !present.equals(was.get(place)) && !isOver(present.cause(), now);
                setBeside(unstored ? both(Objects.requireNonNull(present), there) : there);
            }
        });
    }

    /** The one that was set later over the other. */
    private static Switch both(Switch one, Switch other) {
        return one.since().isAfter(other.since()) ? strictest(other, one) : strictest(one, other);
    }

    /** A freeze over another one: the one that ends no earlier. */
    static Optional<Cause> strictest(Optional<Cause> present, Optional<Cause> wanted) {
        return wanted.isPresent() && (present.isEmpty() || endsNoEarlier(wanted.get(), present.get()))
                ? wanted
                : present;
    }

    private static Map<Place, Switch> byPlace(Collection<Switch> switches) {
        Map<Place, Switch> places = new LinkedHashMap<>();
        switches.forEach(each -> places.put(Place.of(each), each));
        return places;
    }
}
