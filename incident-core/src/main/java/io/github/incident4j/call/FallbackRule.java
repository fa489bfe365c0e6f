// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.Rule;
import io.github.incident4j.model.Failure;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a failure of a route. Of a guard's rules the first that matches decides; where none does, the next
 * route in the guard's order that was not tried yet answers, but after a time-out of a route that is not declared
 * idempotent, nobody does. Each route is tried once in a call, but for retries; a rule that names a route that was
 * tried already refuses.
 *
 * <pre>{@code
 * .rule(when(OutputBlocked.class, blocked -> blocked.judgement().finding().category().equals("pii")).refuse())
 * .rule(when(TimedOut.class).to("v7"))
 * .rule(whenThrown(RateLimitException.class).retry(2, Backoff.fixed(Duration.ofMillis(50))).thenTo("small-model"))
 * }</pre>
 *
 * <p>Retries are counted over the whole call: what a rule allows is not allowed anew to the next route.
 *
 * <p>No rule is asked about a blocked input, a closed runtime, a refusal of the trail, a cancellation, an interruption
 * or an error of the virtual machine, since no other route may follow them; nor about kills that leave no route at all
 * to a guard with input guardrails or with a trail that it requires, as nothing is judged and no room is kept for a
 * call that cannot be answered. A rule that names one of these alone is a fault of the configuration, as is one that
 * another rule leaves nothing to decide, and one about what none of its routes can come to: an open breaker without a
 * breaker, a time-out without a limit, a scope that is not declared, a blocked answer without an output guardrail.
 */
public final class FallbackRule {
    private static final Map<Class<? extends Failure>, String> NEVER_ASKED = Map.of(
            Failure.InputBlocked.class, "a blocked input refuses the call before any route is tried",
            Failure.Closed.class, "a closed runtime refuses the call",
            Failure.TrailRefused.class, "a decision that may not go unrecorded is refused",
            Failure.Cancelled.class, "nobody waits for an answer any more");
    private static final List<Class<? extends Throwable>> REACHES_THE_CALLER = List.of(
            VirtualMachineError.class,
            InterruptedException.class,
            CancellationException.class,
            ClosedByInterruptException.class);

    private final When when;
    private final int retries;
    private final Backoff backoff;
    private final Then then;
    private final @Nullable String target;

    /** What follows. */
    private enum Then {
        NEXT,
        TO,
        REFUSE
    }

    private FallbackRule(When when, int retries, Backoff backoff, Then then, @Nullable String target) {
        this.when = when;
        this.retries = retries;
        this.backoff = backoff;
        this.then = then;
        this.target = target;
    }

    private static List<String> noting(List<String> nulls, @Nullable Object given, String what) {
        return given != null
                ? nulls
                : Stream.concat(nulls.stream(), Stream.of(what)).toList();
    }

    /**
     * Begins a rule for a sort of failure.
     *
     * @param failure the sort, such as {@code Failure.TimedOut.class}; {@code Failure.class} is any
     * @param <F> the sort
     * @return the condition, to be completed
     */
    public static <F extends Failure> When when(Class<F> failure) {
        return new When(failure, null, null, null, noting(List.of(), failure, "when(…)"));
    }

    /**
     * Begins a rule for some failures of a sort.
     *
     * @param failure the sort
     * @param test which of them; one that throws has said no
     * @param <F> the sort
     * @return the condition, to be completed
     */
    public static <F extends Failure> When when(Class<F> failure, Predicate<? super F> test) {
        List<String> nulls = noting(noting(List.of(), failure, "when(…)"), test, "the test of when(…)");
        return new When(failure, null, each -> test.test(failure.cast(each)), null, nulls);
    }

    /**
     * Begins a rule for an exception of the model call.
     *
     * @param exception the exception's class or a superclass
     * @return the condition, to be completed
     */
    public static When whenThrown(Class<? extends Throwable> exception) {
        return new When(Failure.ModelError.class, exception, null, null, noting(List.of(), exception, "whenThrown(…)"));
    }

    /** The condition of a rule. */
    public static final class When {
        private final Class<? extends Failure> failure;
        private final @Nullable Class<? extends Throwable> exception;
        private final @Nullable Predicate<Failure> test;
        private final @Nullable String route;
        private final List<String> nulls; // what was said with null, here or of what follows

        private When(
                Class<? extends Failure> failure,
                @Nullable Class<? extends Throwable> exception,
                @Nullable Predicate<Failure> test,
                @Nullable String route,
                List<String> nulls) {
            this.failure = failure;
            this.exception = exception;
            this.test = test;
            this.route = route;
            this.nulls = nulls;
        }

        private When noting(@Nullable Object given, String what) {
            return new When(failure, exception, test, route, FallbackRule.noting(nulls, given, what));
        }

        /**
         * Narrows the rule to one route's failures.
         *
         * @param name the route
         * @return the narrower condition
         */
        public When on(String name) {
            return new When(failure, exception, test, name, FallbackRule.noting(nulls, name, "on(…)"));
        }

        /**
         * Tries another route.
         *
         * @param name the route
         * @return the rule
         */
        public FallbackRule to(String name) {
            return new FallbackRule(noting(name, "to(…)"), 0, Backoff.none(), Then.TO, name);
        }

        /**
         * Tries the next route in the guard's order; what happens without a rule, and a way to fall back after a
         * time-out.
         *
         * @return the rule
         */
        public FallbackRule toNext() {
            return new FallbackRule(this, 0, Backoff.none(), Then.NEXT, null);
        }

        /**
         * Tries no other route: the call is refused.
         *
         * @return the rule
         */
        public FallbackRule refuse() {
            return new FallbackRule(this, 0, Backoff.none(), Then.REFUSE, null);
        }

        /**
         * Tries the same route again before anything else.
         *
         * @param times how often in a call at most, 1 to 100
         * @param backoff how long to wait before
         * @return the rule, to be completed
         */
        public Retry retry(int times, Backoff backoff) {
            return new Retry(noting(backoff, "the backoff of retry(…)"), times, backoff);
        }

        boolean matches(String of, Failure what) {
            if (!failure.isInstance(what) || (route != null && !route.equals(of))) {
                return false;
            }
            if (exception != null
                    && !(what instanceof Failure.ModelError error && exception.isInstance(error.exception()))) {
                return false;
            }
            return test == null || test.test(what);
        }

        /** Why no failure can ever match, as none of this sort is asked about; empty if one can. */
        Optional<String> whyNever() {
            if (exception != null) {
                return REACHES_THE_CALLER.stream().anyMatch(each -> each.isAssignableFrom(exception))
                        ? Optional.of("it reaches the caller at once, and no other route is tried")
                        : Optional.empty();
            }
            return Optional.ofNullable(NEVER_ASKED.get(failure));
        }

        /** Whether it is about this failure and no other one. */
        boolean isAbout(Class<? extends Failure> only) {
            return failure == only;
        }

        Optional<String> route() {
            return Optional.ofNullable(route);
        }

        /** What was said with null, so that nobody knows what the rule means. */
        List<String> nulls() {
            return nulls;
        }

        /** Whether everything that the other condition matches is matched by this one. */
        boolean covers(When other) {
            boolean sameRoute = route == null || route.equals(other.route);
            boolean widerException = exception == null
                    || exception == Throwable.class
                    || (other.exception != null && exception.isAssignableFrom(other.exception));
            return test == null && sameRoute && failure.isAssignableFrom(other.failure) && widerException;
        }

        @Override
        public String toString() {
            String text = "when " + (exception != null ? exception.getSimpleName() : failure.getSimpleName());
            return text + (test != null ? " with a test" : "") + (route != null ? " on '" + route + "'" : "");
        }
    }

    /** A rule that retries, to be completed by what follows when the retries are used up. */
    public static final class Retry {
        private final When when;
        private final int times;
        private final Backoff backoff;

        private Retry(When when, int times, Backoff backoff) {
            this.when = when;
            this.times = times;
            this.backoff = backoff;
        }

        /**
         * Then tries another route.
         *
         * @param name the route
         * @return the rule
         */
        public FallbackRule thenTo(String name) {
            return new FallbackRule(when.noting(name, "thenTo(…)"), times, backoff, Then.TO, name);
        }

        /**
         * Then tries the next route in the guard's order.
         *
         * @return the rule
         */
        public FallbackRule thenToNext() {
            return new FallbackRule(when, times, backoff, Then.NEXT, null);
        }

        /**
         * Then refuses.
         *
         * @return the rule
         */
        public FallbackRule thenRefuse() {
            return new FallbackRule(when, times, backoff, Then.REFUSE, null);
        }
    }

    /** The rule with its route's number. */
    Rule compile(List<String> routes) {
        int number = switch (then) {
            case NEXT -> Rule.NEXT;
            case REFUSE -> Rule.REFUSE;
            case TO -> routes.indexOf(target);
        };
        return new Rule(
                when::matches,
                retries,
                retry -> backoff.nanosBefore(retry, ThreadLocalRandom.current().nextDouble()),
                number);
    }

    When condition() {
        return when;
    }

    int retries() {
        return retries;
    }

    Optional<String> target() {
        return Optional.ofNullable(target);
    }

    @Override
    public String toString() {
        String text = when + (retries > 0 ? ", retry " + retries + " times" : "");
        return switch (then) {
            case NEXT -> text + ", next route";
            case TO -> text + ", to '" + target + "'";
            case REFUSE -> text + ", refuse";
        };
    }
}
