// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.RuleSetUsed;
import io.github.incident4j.guardrail.RuleSet;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the rules of an exchangeable guardrail lie. What is in force is one immutable value behind one volatile
 * reference; changes are made one after another, and are in the trail in the order in which they were made.
 */
public final class RailSlot<T> {
    private final String name;
    private final Map<String, RuleSet<T>> known;
    private final ReentrantLock lock = new ReentrantLock(); // of those who change it, never of those who check
    private volatile InForce<T> inForce;
    private volatile Function<RuleSet<T>, List<String>> check = RuleSet::faults;
    private @Nullable GuardServices services; // guarded by the lock, as the model
    private String model = "";

    /**
     * What is in force.
     *
     * @param own the rules that the host has set
     * @param instead other rules that stand in for them, if some do
     * @param cause who has put those in force and why; null as long as they are not
     * @param used how decisions name it
     */
    record InForce<T>(
            RuleSet<T> own,
            @Nullable RuleSet<T> instead,
            @Nullable Cause cause,
            RuleSetUsed used) {
        static <T> InForce<T> of(
                String guardrail, RuleSet<T> own, @Nullable RuleSet<T> instead, @Nullable Cause cause) {
            String version = instead == null ? own.version() : instead.version();
            return new InForce<>(own, instead, cause, new RuleSetUsed(guardrail, version));
        }

        RuleSet<T> rules() {
            return instead == null ? own : instead;
        }
    }

    /**
     * Creates a slot that belongs to no guard yet.
     *
     * @param name the guardrail's name
     * @param own the rules that are in force at first
     * @param known rules that can stand in for them, by version
     */
    public RailSlot(String name, RuleSet<T> own, Map<String, RuleSet<T>> known) {
        this.name = name;
        this.known = known;
        this.inForce = InForce.of(name, own, null, null);
    }

    /** {@return the guardrail's name} */
    public String name() {
        return name;
    }

    /** {@return the rules in force, by one volatile read} */
    public RuleSet<T> rules() {
        return inForce.rules();
    }

    /** The rules of the host, and those that can stand in for them. */
    Stream<RuleSet<T>> all() {
        return Stream.concat(Stream.of(inForce.own()), known.values().stream());
    }

    /** Has rules that replace the present ones checked once more, when nothing is wrong with them by themselves. */
    void alsoCheck(Function<RuleSet<T>, List<String>> further) {
        check = rules -> rules.faults().isEmpty() ? further.apply(rules) : rules.faults();
    }

    InForce<T> inForce() {
        return inForce;
    }

    /** {@return whether it has a guard already} */
    public boolean isTaken() {
        lock.lock();
        try {
            return services != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the slot to a guard, and has what stood in for the host's rules in an earlier run stand in again.
     *
     * @param ofModel the guard's model
     * @param itsServices what the guard has of its runtime
     * @return whether it was nobody's before
     */
    public boolean belongTo(String ofModel, GuardServices itsServices) {
        lock.lock();
        try {
            if (services != null) {
                return false;
            }
            services = itsServices;
            model = ofModel;
        } finally {
            lock.unlock();
        }
        itsServices.ruleSets().restore(ofModel, this);
        return true;
    }

    /**
     * Puts other rules of the host's in the place of its present ones.
     *
     * @param next the rules
     * @param cause who wants it and why
     * @throws ConfigurationException if anything is wrong with them; the present ones stay
     * @throws IllegalStateException if it belongs to no guard yet
     */
    public void replace(RuleSet<T> next, Cause cause) {
        lock.lock();
        try {
            GuardServices mine = mine();
            InForce<T> now = inForce;
            List<String> faults = new ArrayList<>(untimed(cause));
            if (next == null) {
                faults.add("the next rule set is null");
            } else {
                faults.addAll(check.apply(next));
                if (now.own().version().equals(next.version()) || known.containsKey(next.version())) {
                    faults.add("the version '" + next.version()
                            + "' is taken by other rules of this guardrail; give the next ones a version of their own");
                }
            }
            if (!faults.isEmpty()) {
                throw new ConfigurationException("rules of guardrail '" + name + "'", faults);
            }
            mine.ruleSets().record(model, name, RuleSetRecord.What.REPLACED, now.own(), next, cause);
            inForce = InForce.of(name, next, now.instead(), now.cause());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has known rules stand in for the host's own until they are lifted.
     *
     * @param version their version
     * @param cause who wants it and why
     * @return why they are not in force, if they are not
     * @throws IllegalStateException if it belongs to no guard yet
     */
    public Optional<String> use(String version, Cause cause) {
        lock.lock();
        try {
            GuardServices mine = mine();
            InForce<T> now = inForce;
            RuleSet<T> next = known.get(version);
            List<String> faults = new ArrayList<>(untimed(cause));
            whyNot(version).ifPresent(faults::add);
            if (next == null || !faults.isEmpty()) {
                return Optional.of(String.join("; ", faults));
            }
            inForce = InForce.of(name, now.own(), next, cause); // contain first
            mine.ruleSets().record(model, name, RuleSetRecord.What.USED, now.rules(), next, cause);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says why known rules cannot stand in for the host's own now.
     *
     * @param version their version
     * @return why not; empty if they can
     */
    public Optional<String> whyNot(String version) {
        RuleSet<T> next = known.get(version);
        if (next == null) {
            return Optional.of("guardrail '" + name + "' knows no rule set '" + version + "'; it knows "
                    + String.join(", ", known.keySet()));
        }
        return next.equals(inForce.instead())
                ? Optional.of("rule set '" + version + "' of guardrail '" + name + "' is in force already")
                : Optional.empty();
    }

    /**
     * Puts the host's own rules in force again.
     *
     * @param cause who wants it and why
     * @return whether others stood in for them
     * @throws IllegalStateException if it belongs to no guard yet
     */
    public boolean lift(Cause cause) {
        lock.lock();
        try {
            GuardServices mine = mine();
            InForce<T> now = inForce;
            if (now.instead() == null) {
                return false;
            }
            mine.ruleSets().record(model, name, RuleSetRecord.What.LIFTED, now.instead(), now.own(), cause);
            inForce = InForce.of(name, now.own(), null, null);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The rules that stand in for the host's, if there are any. */
    Optional<RouteControl.RulesInstead> instead() {
        InForce<T> now = inForce;
        RuleSet<T> instead = now.instead();
        Cause cause = now.cause();
        return instead == null || cause == null
                ? Optional.empty()
                : Optional.of(new RouteControl.RulesInstead(instead.version(), cause));
    }

    private GuardServices mine() {
        if (services == null) {
            throw new IllegalStateException("guardrail '" + name
                    + "' belongs to no guard yet; add it to a guard, as it is and not renamed or wrapped, before its"
                    + " rules are exchanged");
        }
        return services;
    }

    private List<String> untimed(Cause cause) {
        return cause.until().isPresent()
                ? List.of("an exchange of rules does not end by itself; leave until(…) out and lift it when it is over")
                : List.of();
    }

    /**
     * What is wrong with a guardrail of exchangeable rules.
     *
     * @param name its name
     * @param all its rule sets, the first in force at first
     * @param <T> the type of the values
     * @return one sentence for each fault
     */
    public static <T> List<String> faults(String name, List<RuleSet<T>> all) {
        List<String> faults = new ArrayList<>();
        Names.faultOf("guardrail name", name).ifPresent(faults::add);
        List<String> versions = new ArrayList<>();
        for (RuleSet<T> each : all) {
            if (each == null) {
                faults.add("a rule set is null");
                continue;
            }
            faults.addAll(each.faults());
            if (versions.contains(each.version())) {
                faults.add("two rule sets have the version '" + each.version() + "'; give each its own");
            }
            versions.add(each.version());
        }
        return faults;
    }
}
