// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.call.internal.CachedAnswers;
import io.github.incident4j.call.internal.Guard;
import io.github.incident4j.call.internal.GuardServices;
import io.github.incident4j.call.internal.RailSlot;
import io.github.incident4j.call.internal.SegmentSource;
import io.github.incident4j.call.internal.Shadow;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.internal.Durations;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds a guarded model. Settings do not throw: {@link #build()} reports all faults in one exception. Used by one
 * thread.
 *
 * @param <I> the model's input
 * @param <O> the model's output
 */
public final class GuardBuilder<I, O> {
    private static final Duration LONGEST_CALL = Duration.ofDays(1);
    private static final long DEFAULT_FALSE_ALARM_BUDGET = 1_000_000;

    // Read by GuardCheck and GuardAssembly.
    final String name;
    final GuardServices services;
    final List<RouteDraft<I, O>> routes = new ArrayList<>();
    final List<SegmentSource<I>> segments = new ArrayList<>();
    final List<RailDraft<I>> inputRails = new ArrayList<>();
    final List<RailDraft<O>> outputRails = new ArrayList<>();
    final List<RailDraft<?>> elementRails = new ArrayList<>(); // of the stream whose guard this is
    final List<StreamRailDraft<?>> streamRails = new ArrayList<>(); // the same
    boolean cheapestFirst;
    final List<Detection<? super I, ? super O>> detections = new ArrayList<>();
    long falseAlarmBudget = DEFAULT_FALSE_ALARM_BUDGET;
    final List<String> faults = new ArrayList<>();

    @Nullable
    CircuitBreakerConfig breaker = CircuitBreakerConfig.ofDefaults();

    boolean recorded = true;
    boolean trailRequired;
    AuditOptions<I, O> audit = AuditOptions.options();
    Durability durability = Durability.GROUP;

    @Nullable
    Duration deadline;

    boolean limitsFirst; // the time to a stream's first element
    InFlight inFlight = InFlight.FINISH;

    @Nullable
    String feature;

    @Nullable
    Function<? super I, @Nullable String> trafficKey;

    @Nullable
    UnaryOperator<Runnable> contextHook;

    final LimitsDraft limits = new LimitsDraft();
    final List<FallbackRule> rules = new ArrayList<>();

    @Nullable
    CachedAnswers<I, O> cache;

    @Nullable
    Shadow<I, O> shadow;

    @Nullable
    String shadowName;

    @Nullable
    ReviewQueue<I, O> queue;

    /**
     * Called by {@code IncidentRuntime.guard(…)}; the services are the runtime's own.
     *
     * @param name the model's name
     * @param services what a guard needs of its runtime
     */
    public GuardBuilder(String name, GuardServices services) {
        this.name = name;
        this.services = services;
    }

    /**
     * Sets the primary route: the version of the model that answers as long as nothing is wrong. Obligatory, once.
     *
     * @param route its name, such as {@code v8}
     * @param function the model call
     * @return this builder
     */
    public GuardBuilder<I, O> route(String route, ModelCall<? super I, ? extends O> function) {
        return route(route, function, RouteOptions.options());
    }

    /**
     * Sets the primary route with options.
     *
     * @param route its name, such as {@code v8}
     * @param function the model call
     * @param options time limit, executor, limits and more
     * @return this builder
     */
    public GuardBuilder<I, O> route(
            String route, ModelCall<? super I, ? extends O> function, RouteOptions<? super I> options) {
        return add(RouteDraft.of(route, RouteKind.MODEL, true, function, options));
    }

    /**
     * Sets the primary route to a model of which the answer comes later.
     *
     * @param route its name, such as {@code v8}
     * @param function begins the model call
     * @param options time limit, limits and more
     * @return this builder
     */
    public GuardBuilder<I, O> asyncRoute(
            String route, AsyncModelCall<? super I, ? extends O> function, RouteOptions<? super I> options) {
        return add(new RouteDraft<>(route, RouteKind.MODEL, true, null, function, options));
    }

    /**
     * Adds a fallback that is a version of the model too, such as the previous one. A rollback goes to the first of
     * these. Fallbacks are tried in the order in which they were added.
     *
     * @param route its name, such as {@code v7}
     * @param function the model call
     * @return this builder
     */
    public GuardBuilder<I, O> fallback(String route, ModelCall<? super I, ? extends O> function) {
        return fallback(route, function, RouteOptions.options());
    }

    /**
     * Adds a fallback that is a version of the model, with options. See {@link #fallback(String, ModelCall)}.
     *
     * @param route its name, such as {@code v7}
     * @param function the model call
     * @param options time limit, executor, limits and more
     * @return this builder
     */
    public GuardBuilder<I, O> fallback(
            String route, ModelCall<? super I, ? extends O> function, RouteOptions<? super I> options) {
        return add(RouteDraft.of(route, RouteKind.MODEL, false, function, options));
    }

    /**
     * Adds a fallback that is a version of the model of which the answer comes later.
     *
     * @param route its name, such as {@code v7}
     * @param function begins the model call
     * @param options time limit, limits and more
     * @return this builder
     */
    public GuardBuilder<I, O> asyncFallback(
            String route, AsyncModelCall<? super I, ? extends O> function, RouteOptions<? super I> options) {
        return add(new RouteDraft<>(route, RouteKind.MODEL, false, null, function, options));
    }

    /**
     * Adds a fallback that is no model: a rule, a constant, a simpler program. Detectors leave it out.
     *
     * @param route its name
     * @param function the rule
     * @return this builder
     */
    public GuardBuilder<I, O> ruleFallback(String route, ModelCall<? super I, ? extends O> function) {
        return ruleFallback(route, function, RouteOptions.options());
    }

    /**
     * Adds a fallback that is no model, with options. See {@link #ruleFallback(String, ModelCall)}.
     *
     * @param route its name
     * @param function the rule
     * @param options time limit, executor, limits and more, but no circuit breaker
     * @return this builder
     */
    public GuardBuilder<I, O> ruleFallback(
            String route, ModelCall<? super I, ? extends O> function, RouteOptions<? super I> options) {
        return add(RouteDraft.of(route, RouteKind.RULE, false, function, options));
    }

    /**
     * Adds a fallback that always answers the same. Detectors leave it out.
     *
     * @param route its name
     * @param answer the answer
     * @return this builder
     */
    public GuardBuilder<I, O> constantFallback(String route, O answer) {
        return add(RouteDraft.of(
                route, RouteKind.RULE, false, answer == null ? null : input -> answer, RouteOptions.options()));
    }

    /**
     * Adds a fallback that answers with the last good answer to the same question: one that a version of the model gave
     * and that passed the output guardrails. The decision says how old it is. An answer of a version that is killed for
     * this call by now is not given again; the cache is then skipped as killed, with the switch. Detectors leave it
     * out. Several callers get the very same object, so nobody may change an answer once it was given. At most one.
     *
     * @param route its name
     * @param question what makes two inputs the same question, by its {@code equals} and {@code hashCode}; null for
     *     inputs that are never the same. Where any of these throws, the answer is not kept. It reads the input as the
     *     caller gave it, before any guardrail has rewritten it: whom a redaction makes alike still get no answer of
     *     each other. What it returns stays in memory as long as the answer, so a digest is better than a name
     * @param maxAge how old an answer may be, 1 ms to 365 days
     * @param maxEntries how many answers are kept, 1 to 10,000,000
     * @return this builder
     */
    public GuardBuilder<I, O> cachedFallback(
            String route, Function<? super I, ? extends @Nullable Object> question, Duration maxAge, long maxEntries) {
        List<String> found = CachedAnswers.faults(question, maxAge, maxEntries);
        if (cache != null) {
            found.add("there is another cached fallback; keep one");
        }
        found.forEach(fault -> faults.add("route '" + route + "': " + fault));
        if (!found.isEmpty()) {
            return this;
        }
        CachedAnswers<I, O> answers = new CachedAnswers<>(question, maxAge, maxEntries, services.time());
        cache = answers;
        return add(new RouteDraft<>(route, RouteKind.CACHE, false, answers, null, RouteOptions.options()));
    }

    /**
     * Adds a fallback by which a person decides: the function hands the case over and returns the answer for the
     * meantime. Detectors leave it out.
     *
     * @param route its name, such as {@code manual-review}
     * @param function hands the case over
     * @return this builder
     */
    public GuardBuilder<I, O> reviewFallback(String route, ModelCall<? super I, ? extends O> function) {
        return reviewFallback(route, function, RouteOptions.options());
    }

    /**
     * Adds a fallback by which a person decides, with options. See {@link #reviewFallback(String, ModelCall)}.
     *
     * @param route its name, such as {@code manual-review}
     * @param function hands the case over
     * @param options time limit, executor, limits and more, but no circuit breaker
     * @return this builder
     */
    public GuardBuilder<I, O> reviewFallback(
            String route, ModelCall<? super I, ? extends O> function, RouteOptions<? super I> options) {
        return add(RouteDraft.of(route, RouteKind.REVIEW, false, function, options));
    }

    /**
     * Adds a fallback by which a person decides, with a queue of the cases that wait. Detectors leave it out. At most
     * one.
     *
     * @param route its name, such as {@code manual-review}
     * @param cases the queue, which belongs to this guard from now on
     * @return this builder
     */
    public GuardBuilder<I, O> reviewQueue(String route, ReviewQueue<I, O> cases) {
        if (queue != null || (cases != null && cases.desk().isTaken())) {
            faults.add("route '" + route + "': the review queue belongs to another route; give each route its own");
        }
        queue = cases;
        return add(new RouteDraft<>(
                route, RouteKind.REVIEW, false, cases == null ? null : cases.desk(), null, RouteOptions.options()));
    }

    /**
     * Adds a version of the model that answers beside the others without being heard: its answer is compared with the
     * one that a version of the model gave, and recorded. It never slows or fails a call; at most 64 comparisons run at
     * once. A comparison that the executor would run on the caller's own thread, as a caller-runs policy does, would
     * slow the call and is left out; what is left out is counted. A switch on its name stops it, and it does not run
     * where a switch limits it to a rate: it takes nothing from what calls may use. Input and answer are the very
     * objects of the call, so nobody may change them afterwards. At most one.
     *
     * @param shadowRoute its name, unique among the routes
     * @param function the model call
     * @param executor where it runs, with the caller's MDC and what {@link #context} carries; not the caller's thread,
     *     and one that does not make its callers wait, as one with a blocking queue may
     * @param agree whether two answers, the given one and the shadow's, agree
     * @return this builder
     */
    public GuardBuilder<I, O> shadow(
            String shadowRoute,
            ModelCall<? super I, ? extends O> function,
            Executor executor,
            BiPredicate<? super O, ? super O> agree) {
        if (shadowName != null) {
            faults.add("there are two shadows; keep one");
        }
        if (function == null || executor == null || agree == null) {
            faults.add("shadow '" + shadowRoute + "': the model call, the executor or the comparison is null");
        } else {
            shadow = new Shadow<>(shadowRoute, function, executor, agree);
        }
        shadowName = shadowRoute;
        return this;
    }

    /**
     * Adds a fallback rule; the first that matches decides. See {@link FallbackRule} for what happens without one.
     *
     * @param rule the rule
     * @return this builder
     */
    public GuardBuilder<I, O> rule(FallbackRule rule) {
        rules.add(rule);
        return this;
    }

    /**
     * Limits how long a call may take with all its fallbacks and retries. What can be stopped is stopped, as it is by a
     * {@linkplain RouteOptions#timeLimit time limit}; what cannot, such as a function on the caller's thread that is
     * not declared interruptible, holds the call up, and an answer that it gives after the deadline is a time-out. No
     * further attempt begins then. The guardrails' time after an answer in time is not counted.
     *
     * @param limit 1 ms to 1 day
     * @return this builder
     */
    public GuardBuilder<I, O> deadline(Duration limit) {
        if (limit == null || limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(LONGEST_CALL) > 0) {
            faults.add("a deadline of " + Durations.text(limit) + " is out of range; use 1 ms to "
                    + Durations.text(LONGEST_CALL));
        }
        this.deadline = limit;
        return this;
    }

    /**
     * Says what becomes of running calls when their route is killed; by default they finish.
     *
     * @param choice what becomes of them
     * @return this builder
     */
    public GuardBuilder<I, O> inFlight(InFlight choice) {
        if (choice == null) {
            faults.add("what becomes of calls in flight is null; use one of " + Arrays.toString(InFlight.values()));
        } else {
            this.inFlight = choice;
        }
        return this;
    }

    /**
     * Names the host's feature that this model serves, so that a switch can cover the feature. A call's
     * {@link CallContext} may name another.
     *
     * @param ofHost the feature's name
     * @return this builder
     */
    public GuardBuilder<I, O> feature(String ofHost) {
        Names.faultOf("feature name", ofHost).ifPresent(faults::add);
        this.feature = ofHost;
        return this;
    }

    /**
     * Says which calls belong together when a switch covers a share of the traffic, such as those of one user. It is
     * never recorded. It is read, as segments are, from the input as the caller gave it, before any guardrail has
     * rewritten it. A call's {@link CallContext} may say it, too, and outranks this.
     *
     * @param key reads the key; null or an exception for calls that belong to nobody
     * @return this builder
     */
    public GuardBuilder<I, O> trafficKey(Function<? super I, @Nullable String> key) {
        if (key == null) {
            faults.add("the function that reads the traffic key is null");
        }
        this.trafficKey = key;
        return this;
    }

    /**
     * Carries the host's own context, such as a trace, to the executors on which model calls and the shadow run.
     * SLF4J's MDC is carried without this. What it cannot carry costs the context and nothing else: when the function
     * or its task throws, whatever it is, or the task does not run what it was given, the model call runs all the same,
     * once, without that context.
     *
     * @param wrap called on the caller's thread; returns a task that runs the given one in the context of this thread,
     *     by any thread, as often as it is run, such as {@code ContextSnapshot::wrap}
     * @return this builder
     */
    public GuardBuilder<I, O> context(UnaryOperator<Runnable> wrap) {
        if (wrap == null) {
            faults.add("the function that carries the context is null");
        }
        this.contextHook = wrap;
        return this;
    }

    /**
     * Limits how often the versions of the model are called, in this process. What does not pass goes to the fallbacks
     * that are no versions of the model. Of several rates, those of switches included, a call takes from all or from
     * none.
     *
     * @param limit the rate
     * @return this builder
     */
    public GuardBuilder<I, O> rateLimit(Limit.Rate limit) {
        limits.rate(limit);
        return this;
    }

    /**
     * Limits how often the versions of the model are called for each value of a segment attribute, such as for each
     * tenant. At most 10,000 values are counted, those that are seen most and last: of more than that, one that is
     * seldom seen may come back as new, and is not limited for certain.
     *
     * @param attribute the attribute, declared by {@code segment}
     * @param limit the rate for each value
     * @return this builder
     */
    public GuardBuilder<I, O> rateLimitPer(String attribute, Limit.Rate limit) {
        limits.ratePer(attribute, limit);
        return this;
    }

    /**
     * Limits how many calls of the versions of the model run at once for each value of a segment attribute, so that one
     * tenant cannot take all of the model.
     *
     * @param attribute the attribute, declared by {@code segment}
     * @param calls 1 or more
     * @return this builder
     */
    public GuardBuilder<I, O> maxConcurrentPer(String attribute, int calls) {
        limits.maxConcurrentPer(attribute, calls);
        return this;
    }

    /**
     * Limits how many calls of the versions of the model run at once, in this process.
     *
     * @param calls 1 or more
     * @return this builder
     */
    public GuardBuilder<I, O> maxConcurrent(int calls) {
        limits.maxConcurrent(calls);
        return this;
    }

    private GuardBuilder<I, O> add(RouteDraft<I, O> route) {
        routes.add(route);
        return this;
    }

    /**
     * Declares a segment attribute that is read from the input. Switches can cover its values and detectors compare
     * them; the audit trail has the value sealed in the erasable side record. Coarse values such as {@code 18-25} serve
     * best: values over 4,096 characters are cut for detectors and trail, so that a containment of such a group matches
     * no call.
     *
     * @param attribute its name, such as {@code ageBand}
     * @param value reads it; null means that the call has none. After an exception it is unknown, and each kill on the
     *     attribute stops the call
     * @return this builder
     */
    public GuardBuilder<I, O> segment(String attribute, Function<? super I, @Nullable String> value) {
        if (value == null) {
            faults.add("segment '" + attribute + "': the function that reads it is null");
        } else {
            segments.add(new SegmentSource<>(attribute, value));
        }
        return this;
    }

    /**
     * Declares a segment attribute that is read from the {@link CallContext}. See {@link #segment(String, Function)}.
     *
     * @param attribute its name, such as {@code tenant}
     * @return this builder
     */
    public GuardBuilder<I, O> segment(String attribute) {
        segments.add(new SegmentSource<>(attribute, null));
        return this;
    }

    /**
     * Adds a guardrail on what goes in. Guardrails run in the order in which they were added, each on what those before
     * it have made of the value.
     *
     * @param guardrail the guardrail
     * @return this builder
     */
    public GuardBuilder<I, O> input(Guardrail<? super I> guardrail) {
        return input(guardrail, RailOptions.options());
    }

    /**
     * Adds a guardrail on what goes in, with options.
     *
     * @param guardrail the guardrail
     * @param options whether it acts, what follows its own failure, how long it may take
     * @return this builder
     */
    public GuardBuilder<I, O> input(Guardrail<? super I> guardrail, RailOptions options) {
        inputRails.add(new RailDraft<>(guardrail, options));
        return this;
    }

    /**
     * Adds a guardrail on what comes out of every route.
     *
     * @param guardrail the guardrail
     * @return this builder
     */
    public GuardBuilder<I, O> output(Guardrail<? super O> guardrail) {
        return output(guardrail, RailOptions.options());
    }

    /**
     * Adds a guardrail on what comes out of every route, with options.
     *
     * @param guardrail the guardrail
     * @param options whether it acts, what follows its own failure, how long it may take
     * @return this builder
     */
    public GuardBuilder<I, O> output(Guardrail<? super O> guardrail, RailOptions options) {
        outputRails.add(new RailDraft<>(guardrail, options));
        return this;
    }

    /**
     * Runs cheaper guardrails before dearer ones, on inputs and on outputs each by themselves, and in the order in
     * which they were added where the {@linkplain Guardrail#cost() cost} is the same. So what a cheap check blocks
     * costs no dear one. Without this the order is the host's, because it matters where a guardrail rewrites: a check
     * that runs before a redaction sees what was to be redacted, and may block it. Give a guardrail that rewrites
     * {@link RailOptions#inPlace()}, and nothing passes it in either direction.
     *
     * @return this builder
     */
    public GuardBuilder<I, O> cheapestFirst() {
        this.cheapestFirst = true;
        return this;
    }

    /**
     * Adds a detector that watches the model's answers.
     *
     * @param detection what to watch; see {@link io.github.incident4j.detect.Detectors}
     * @return this builder
     */
    public GuardBuilder<I, O> detect(Detection<? super I, ? super O> detection) {
        detections.add(detection);
        return this;
    }

    /**
     * Configures the circuit breaker that each model route gets. Without this call: resilience4j's defaults. A
     * configuration without a limit for probes in the half-open state gets one of half a minute. Functions of it that
     * throw harm no call: a predicate of exceptions counts as "record it", one of results as "no failure", a wait as a
     * minute, {@code transitionOnResult} as "no transition". An open breaker becomes half-open by the first call after
     * its wait, also where the configuration would have a thread do that. It begins CLOSED or OPEN; what is to stay off
     * is the kill switch's affair.
     *
     * @param config resilience4j's configuration
     * @return this builder
     */
    public GuardBuilder<I, O> breaker(CircuitBreakerConfig config) {
        if (config == null) {
            faults.add("the breaker's configuration is null; withoutBreaker() leaves it out");
        }
        this.breaker = config;
        return this;
    }

    /**
     * Leaves the circuit breakers out.
     *
     * @return this builder
     */
    public GuardBuilder<I, O> withoutBreaker() {
        this.breaker = null;
        return this;
    }

    /**
     * Sets the false alarm budget of this guard: all its detectors share it, but for those that have one of their own.
     *
     * @param decisions one false alarm in so many decisions at most; 1,000 or more, by default 1,000,000
     * @return this builder
     */
    public GuardBuilder<I, O> falseAlarmAtMostOncePer(long decisions) {
        falseAlarmBudget = decisions;
        return this;
    }

    /**
     * Leaves this model's decisions out of the audit trail. Nobody will be able to say what it decided; detectors
     * cannot be used.
     *
     * @return this builder
     */
    public GuardBuilder<I, O> withoutAuditTrail() {
        this.recorded = false;
        return this;
    }

    /**
     * Says what is recorded of each call beyond the decision itself. Without this: nothing.
     *
     * @param options subject, payloads, tokens
     * @return this builder
     */
    public GuardBuilder<I, O> audit(AuditOptions<I, O> options) {
        if (options == null) {
            faults.add("the audit options are null; leave audit(…) out to record the decision alone");
        } else {
            this.audit = options;
        }
        return this;
    }

    /**
     * Sets when a decision's record is on the disk, and whether the caller waits for that; by default
     * {@link Durability#GROUP}. A caller that waits also does so where it carries an asynchronous call or a stream to
     * its end.
     *
     * @param choice the choice; {@link Durability#DURABLE} {@linkplain #requireAuditTrail requires} the trail, too
     * @return this builder
     */
    public GuardBuilder<I, O> durability(Durability choice) {
        if (choice == null) {
            faults.add("the durability is null; use one of " + Arrays.toString(Durability.values()));
        } else {
            this.durability = choice;
        }
        return this;
    }

    /**
     * Refuses a call whose record the audit trail does not take: no decision without a record. Room for it is reserved
     * before the model is asked. Without this the answer is given and the trail admits the gap.
     *
     * @return this builder
     */
    public GuardBuilder<I, O> requireAuditTrail() {
        this.trailRequired = true;
        return this;
    }

    /**
     * Builds the guarded model and registers it with the runtime.
     *
     * @return the guarded model
     * @throws ConfigurationException if anything is wrong; it names all faults
     */
    public GuardedModel<I, O> build() {
        return buildGuard();
    }

    /** Where the rules of the guardrails lie that can be exchanged, in the order in which these were added. */
    List<RailSlot<?>> slots() {
        Stream<RailDraft<?>> rails =
                Stream.of(inputRails, outputRails, elementRails).flatMap(List::stream);
        return Stream.concat(rails.map(RailDraft::slot), streamRails.stream().map(StreamRailDraft::slot))
                .<RailSlot<?>>flatMap(Optional::stream)
                .toList();
    }

    /** Whether a guardrail can block what a route answers. */
    boolean checksAnswers() {
        return !outputRails.isEmpty() || !elementRails.isEmpty() || !streamRails.isEmpty();
    }

    Guard<I, O> buildGuard() {
        return new GuardAssembly<>(this).build();
    }
}
