// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.Rail;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.internal.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a guard runs one of its guardrails. Immutable: each setting returns another value. Settings do not throw; the
 * guard's builder reports all faults together.
 *
 * <pre>{@code
 * .output(guardrail, RailOptions.options().monitorOnly())
 * .output(guardrail, RailOptions.options().failOpen().within(Duration.ofMillis(5)))
 * }</pre>
 */
public final class RailOptions {
    private static final Duration SHORTEST = Duration.ofNanos(1_000);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final RailOptions NONE = new RailOptions(new Settings(false, false, false, false));

    private final Settings settings;
    private final @Nullable Duration limit;
    private final Guardrail.@Nullable Cost cost;
    private final @Nullable Severity severity;
    private final List<String> faults;

    private record Settings(boolean monitored, boolean failsOpen, boolean cutsOff, boolean fixed) {}

    private RailOptions(Settings settings) {
        this(settings, null, null, null, List.of());
    }

    private RailOptions(
            Settings settings,
            @Nullable Duration limit,
            Guardrail.@Nullable Cost cost,
            @Nullable Severity severity,
            List<String> faults) {
        this.settings = settings;
        this.limit = limit;
        this.cost = cost;
        this.severity = severity;
        this.faults = faults;
    }

    private RailOptions with(Settings changed) {
        return new RailOptions(changed, limit, cost, severity, faults);
    }

    /** {@return a guardrail without options: it acts, fails closed, and takes the time that it takes} */
    public static RailOptions options() {
        return NONE;
    }

    /**
     * Has the guardrail judge without acting. Its findings are on record, marked as monitored, and detectors count
     * them; the value goes on as it is, also where the verdict is a rewrite or the guardrail fails.
     *
     * @return the options with that
     */
    public RailOptions monitorOnly() {
        return with(new Settings(true, settings.failsOpen, settings.cutsOff, settings.fixed));
    }

    /**
     * Lets a value pass that the guardrail failed to judge: it threw, had no verdict, or was too slow. That is on
     * record as a flag of the category {@code guardrail-failure}. Without this the value is blocked. An interruption
     * and an error of the virtual machine end the call either way.
     *
     * @return the options with that
     */
    public RailOptions failOpen() {
        return with(new Settings(settings.monitored, true, settings.cutsOff, settings.fixed));
    }

    /**
     * Limits how long a check may take, measured when it has ended: a guardrail is a pure function on the caller's
     * thread, and nobody can stop it there. One that took longer has failed, whatever it says, and the value is
     * blocked; under {@link #failOpen()} its lateness is flagged and its verdict holds. A pause of the JVM counts as
     * well, so leave room for it. It costs two readings of the clock.
     *
     * @param newLimit 1 µs to 1 minute
     * @return the options with that limit
     */
    public RailOptions within(Duration newLimit) {
        return limited(newLimit, false);
    }

    /**
     * Limits how long a caller waits for a check: it runs on a thread of the guard's, without the caller's context, and
     * is given up when the time is up. It has then failed. It is interrupted; one that minds no interrupt works on for
     * nobody and holds one of the guard's eight threads for such checks until it ends. When all are held, checks wait
     * for one within their limit, and fail. Handing a check over costs some ten microseconds, so use it for guardrails
     * that may hang.
     *
     * @param newLimit 1 µs to 1 minute, by the system's clock
     * @return the options with that limit
     */
    public RailOptions cutOffAfter(Duration newLimit) {
        return limited(newLimit, true);
    }

    private RailOptions limited(@Nullable Duration newLimit, boolean cutsOff) {
        boolean possible = newLimit != null && newLimit.compareTo(SHORTEST) >= 0 && newLimit.compareTo(LONGEST) <= 0;
        return new RailOptions(
                new Settings(settings.monitored, settings.failsOpen, cutsOff, settings.fixed),
                newLimit,
                cost,
                severity,
                possible
                        ? faults
                        : noted("a time limit of " + Durations.text(newLimit) + " is out of range; use 1 µs to "
                                + Durations.text(LONGEST)));
    }

    /**
     * Says what a check costs, in the place of what the guardrail says itself; it counts only where the guard runs the
     * {@linkplain GuardBuilder#cheapestFirst() cheapest first}.
     *
     * @param newCost the cost
     * @return the options with that cost
     */
    public RailOptions cost(Guardrail.Cost newCost) {
        return new RailOptions(settings, limit, newCost, severity, given(newCost, "cost"));
    }

    /**
     * Keeps the guardrail in its place where the guard runs the {@linkplain GuardBuilder#cheapestFirst() cheapest
     * first}: those that were added before it run before it, those that were added after it run after it. For one that
     * rewrites.
     *
     * @return the options with that
     */
    public RailOptions inPlace() {
        return with(new Settings(settings.monitored, settings.failsOpen, settings.cutsOff, true));
    }

    /**
     * Sets the severity of all findings of the guardrail.
     *
     * @param newSeverity the severity
     * @return the options with that severity
     */
    public RailOptions severity(Severity newSeverity) {
        return new RailOptions(settings, limit, cost, newSeverity, given(newSeverity, "severity"));
    }

    private List<String> given(@Nullable Object value, String what) {
        return value != null ? faults : noted("the " + what + " is null; leave " + what + "(…) out");
    }

    private List<String> noted(String fault) {
        List<String> more = new ArrayList<>(faults);
        more.add(fault);
        return List.copyOf(more);
    }

    List<String> faults() {
        return faults;
    }

    boolean isLimited() {
        return limit != null;
    }

    boolean isFixed() {
        return settings.fixed;
    }

    Optional<Guardrail.Cost> cost() {
        return Optional.ofNullable(cost);
    }

    /** How the guard runs it; null where that is as ever. */
    Rail.@Nullable Terms terms() {
        boolean none = !settings.monitored && !settings.failsOpen && limit == null && severity == null;
        return none
                ? null
                : new Rail.Terms(
                        settings.monitored,
                        settings.failsOpen,
                        limit == null ? Long.MAX_VALUE : limit.toNanos(),
                        settings.cutsOff,
                        severity);
    }
}
