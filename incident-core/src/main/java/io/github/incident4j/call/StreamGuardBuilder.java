// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.call.internal.CallbackPublisher;
import io.github.incident4j.call.internal.Guard;
import io.github.incident4j.call.internal.GuardServices;
import io.github.incident4j.call.internal.StreamGuard;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.internal.Durations;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Builds a guarded stream. Settings do not throw: {@link #build()} reports all faults in one exception. Used by one
 * thread.
 *
 * @param <I> the model's input
 * @param <T> the elements
 */
public final class StreamGuardBuilder<I, T> {
    private static final Duration LONGEST = Duration.ofDays(1);

    private final GuardBuilder<I, StreamSummary> guard;
    private final List<StreamCall<? super I, ? extends T>> streams = new ArrayList<>();
    private final List<RailDraft<T>> elementRails = new ArrayList<>();
    private final List<StreamRailDraft<T>> streamRails = new ArrayList<>();
    private Duration timeToFirst = LONGEST;
    private @Nullable Function<? super Failure, ? extends T> lastElement;
    private @Nullable Function<? super Failure, ? extends T> restartMarker;

    /**
     * Where a model that calls back puts its elements.
     *
     * @param <T> the elements
     */
    public interface Sink<T> {
        /**
         * Takes the next element, and waits for nobody. An element that the reader has not asked for yet waits in
         * memory; where 1,024 do, the next one makes the stream fail as {@linkplain Failure.Limited limited} behind
         * them, which is not held against the model. A model that can pause asks {@link #hasRoom} before.
         *
         * @param element the element, not null
         * @return false if the stream is over, for whatever reason, and took no more: the model should stop, and what
         *     it says of the end has no effect any more
         */
        boolean next(T element);

        /**
         * Says whether the reader keeps up, for models that can pause.
         *
         * @return whether fewer than 512 elements wait; true also where the stream is over, as {@link #next} says then
         */
        boolean hasRoom();

        /**
         * Is run as soon as there is {@linkplain #hasRoom room}, such as to ask a connection for more; at once if there
         * is. Where the stream is over, one of them is still run, and no other.
         *
         * @param action run once, by any thread, such as the reader's; of several that wait the last one
         */
        void onRoom(Runnable action);

        /**
         * The stream has come to its end, whole. A model that stops before it {@linkplain #fail fails}, unless
         * {@link #next} has told it to.
         */
        void complete();

        /**
         * The model has failed.
         *
         * @param thrown why
         */
        void fail(Throwable thrown);

        /**
         * Is run when the stream is over before the model has ended it, such as to close a connection; at once if it
         * already is.
         *
         * @param action run once, by any thread; of several the last one
         */
        void onCancel(Runnable action);
    }

    /**
     * A model that calls back.
     *
     * @param <I> the input
     * @param <T> the elements
     */
    @FunctionalInterface
    public interface CallbackCall<I, T> {
        /**
         * Begins to answer; may return before the end, and may go on by other threads, one at a time.
         *
         * @param input what to answer
         * @param sink takes the elements and the end
         * @throws Exception whatever the model throws
         */
        void answer(I input, Sink<T> sink) throws Exception;
    }

    /**
     * Called by {@code IncidentRuntime.guardStream(…)}; the services are the runtime's own.
     *
     * @param name the model's name
     * @param services what a guard needs of its runtime
     */
    public StreamGuardBuilder(String name, GuardServices services) {
        this.guard = new GuardBuilder<>(name, services);
    }

    /**
     * Sets the primary route. Obligatory, once.
     *
     * @param route its name
     * @param stream opens the stream
     * @return this builder
     */
    public StreamGuardBuilder<I, T> route(String route, StreamCall<? super I, ? extends T> stream) {
        return route(route, stream, RouteOptions.options());
    }

    /**
     * Sets the primary route with options.
     *
     * @param route its name
     * @param stream opens the stream
     * @param options limits, breaker and more, but no executor nor interruption; its time limit is one to the first
     *     element
     * @return this builder
     */
    public StreamGuardBuilder<I, T> route(
            String route, StreamCall<? super I, ? extends T> stream, RouteOptions<? super I> options) {
        guard.asyncRoute(route, unused(), options);
        return add(route, stream);
    }

    /**
     * Sets the primary route to a model that calls back. Elements that the subscriber has not asked for yet wait, up to
     * 1,024, as {@link Sink#next} says.
     *
     * @param route its name
     * @param model the model
     * @return this builder
     */
    public StreamGuardBuilder<I, T> callbackRoute(String route, CallbackCall<? super I, T> model) {
        return callbackRoute(route, model, RouteOptions.options());
    }

    /**
     * Sets the primary route to a model that calls back, with options. See {@link #callbackRoute(String,
     * CallbackCall)}.
     *
     * @param route its name
     * @param model the model
     * @param options limits, breaker and more, but no executor nor interruption; its time limit is one to the first
     *     element
     * @return this builder
     */
    public StreamGuardBuilder<I, T> callbackRoute(
            String route, CallbackCall<? super I, T> model, RouteOptions<? super I> options) {
        guard.asyncRoute(route, unused(), options);
        return add(route, model == null ? null : input -> new CallbackPublisher<I, T>(input, model));
    }

    /**
     * Adds a fallback that is a version of the model, too.
     *
     * @param route its name
     * @param stream opens the stream
     * @return this builder
     */
    public StreamGuardBuilder<I, T> fallback(String route, StreamCall<? super I, ? extends T> stream) {
        return fallback(route, stream, RouteOptions.options());
    }

    /**
     * Adds a fallback that is a version of the model, with options.
     *
     * @param route its name
     * @param stream opens the stream
     * @param options limits, breaker and more, but no executor nor interruption; its time limit is one to the first
     *     element
     * @return this builder
     */
    public StreamGuardBuilder<I, T> fallback(
            String route, StreamCall<? super I, ? extends T> stream, RouteOptions<? super I> options) {
        guard.asyncFallback(route, unused(), options);
        return add(route, stream);
    }

    /**
     * Adds a fallback that is a version of the model that calls back. See {@link #callbackRoute(String, CallbackCall)}.
     * After a time-out or a wait it is called on a thread of the guard's own, of which there are 256: one that blocks
     * for the whole of its stream has it for so long.
     *
     * @param route its name
     * @param model the model
     * @return this builder
     */
    public StreamGuardBuilder<I, T> callbackFallback(String route, CallbackCall<? super I, T> model) {
        return callbackFallback(route, model, RouteOptions.options());
    }

    /**
     * Adds a fallback that is a version of the model that calls back, with options.
     *
     * @param route its name
     * @param model the model
     * @param options limits, breaker and more, but no executor nor interruption; its time limit is one to the first
     *     element
     * @return this builder
     */
    public StreamGuardBuilder<I, T> callbackFallback(
            String route, CallbackCall<? super I, T> model, RouteOptions<? super I> options) {
        guard.asyncFallback(route, unused(), options);
        return add(route, model == null ? null : input -> new CallbackPublisher<I, T>(input, model));
    }

    /**
     * Adds a fallback that is no model: a fixed text, a rule.
     *
     * @param route its name
     * @param stream opens the stream
     * @return this builder
     */
    public StreamGuardBuilder<I, T> ruleFallback(String route, StreamCall<? super I, ? extends T> stream) {
        return ruleFallback(route, stream, RouteOptions.options());
    }

    /**
     * Adds a fallback that is no model, with options.
     *
     * @param route its name
     * @param stream opens the stream
     * @param options limits and more, but no circuit breaker, executor nor interruption; its time limit is one to the
     *     first element
     * @return this builder
     */
    public StreamGuardBuilder<I, T> ruleFallback(
            String route, StreamCall<? super I, ? extends T> stream, RouteOptions<? super I> options) {
        guard.routes.add(new RouteDraft<>(route, RouteKind.RULE, false, null, unused(), options));
        return add(route, stream);
    }

    private StreamGuardBuilder<I, T> add(String route, @Nullable StreamCall<? super I, ? extends T> stream) {
        if (stream == null) {
            guard.faults.add("route '" + route + "': the model call is null");
        } else {
            streams.add(stream);
        }
        return this;
    }

    /** The inner guard knows the routes; what they do, it never asks. */
    private static <I> AsyncModelCall<I, StreamSummary> unused() {
        return input -> {
            throw new IllegalStateException("a stream is opened, not called");
        };
    }

    /**
     * Adds a guardrail on what goes in.
     *
     * @param guardrail the guardrail
     * @return this builder
     */
    public StreamGuardBuilder<I, T> input(Guardrail<? super I> guardrail) {
        guard.input(guardrail);
        return this;
    }

    /**
     * Adds a guardrail on what goes in, with options.
     *
     * @param guardrail the guardrail
     * @param options whether it acts, what follows its own failure, how long it may take
     * @return this builder
     */
    public StreamGuardBuilder<I, T> input(Guardrail<? super I> guardrail, RailOptions options) {
        guard.input(guardrail, options);
        return this;
    }

    /**
     * Adds a guardrail on every element. It sees each element by itself and before anybody else does; a verdict of
     * block or retry makes the route fail.
     *
     * @param guardrail the guardrail
     * @return this builder
     */
    public StreamGuardBuilder<I, T> element(Guardrail<? super T> guardrail) {
        return element(guardrail, RailOptions.options());
    }

    /**
     * Adds a guardrail on every element, with options; a time limit is one for each element.
     *
     * @param guardrail the guardrail
     * @param options whether it acts, what follows its own failure, how long it may take
     * @return this builder
     */
    public StreamGuardBuilder<I, T> element(Guardrail<? super T> guardrail, RailOptions options) {
        RailDraft<T> draft = new RailDraft<>(guardrail, options);
        elementRails.add(draft);
        guard.elementRails.add(draft);
        return this;
    }

    /**
     * Adds a guardrail on the whole of a stream, which may hold elements back until it knows enough. It sees what the
     * guardrails on each element let through; of several, the next one sees what the one before lets out, in the order
     * in which they were added. What it holds back does not reach the subscriber of a stream that is cut, blocked or
     * cancelled, nor what the next route says. While it holds something back the model is asked for more, one element
     * at a time; {@link #timeToFirst} counts up to the model's first element. A block behind elements that nobody has
     * asked for yet waits with them. A model that brings more than it is asked for has failed.
     *
     * <p>Its findings are on record one by one up to 32 for each attempt of a route, and then those of a rule as one
     * with their number.
     *
     * @param guardrail the guardrail
     * @return this builder
     */
    public StreamGuardBuilder<I, T> output(StreamGuardrail<T> guardrail) {
        return output(guardrail, RailOptions.options());
    }

    /**
     * Adds a guardrail on the whole of a stream, with options; see {@link #output(StreamGuardrail)}. One that is only
     * monitored holds nothing back. Where one that fails open has failed, what it has held back is lost, and the rest
     * of the stream passes unchecked. There is no time limit, and no order of costs.
     *
     * @param guardrail the guardrail
     * @param options whether it acts, what follows its own failure, the severity of its findings
     * @return this builder
     */
    public StreamGuardBuilder<I, T> output(StreamGuardrail<T> guardrail, RailOptions options) {
        StreamRailDraft<T> draft = new StreamRailDraft<>(guardrail, options);
        streamRails.add(draft);
        guard.streamRails.add(draft);
        return this;
    }

    /**
     * Runs cheaper guardrails before dearer ones, on inputs and on elements each by themselves; see
     * {@link GuardBuilder#cheapestFirst}.
     *
     * @return this builder
     */
    public StreamGuardBuilder<I, T> cheapestFirst() {
        guard.cheapestFirst();
        return this;
    }

    /**
     * Declares a segment attribute; see {@link GuardBuilder#segment(String, Function)}.
     *
     * @param attribute its name
     * @param value reads it
     * @return this builder
     */
    public StreamGuardBuilder<I, T> segment(String attribute, Function<? super I, @Nullable String> value) {
        guard.segment(attribute, value);
        return this;
    }

    /**
     * Declares a segment attribute that is read from the context; see {@link GuardBuilder#segment(String)}.
     *
     * @param attribute its name
     * @return this builder
     */
    public StreamGuardBuilder<I, T> segment(String attribute) {
        guard.segment(attribute);
        return this;
    }

    /**
     * Names the host's feature; see {@link GuardBuilder#feature}.
     *
     * @param ofHost the feature's name
     * @return this builder
     */
    public StreamGuardBuilder<I, T> feature(String ofHost) {
        guard.feature(ofHost);
        return this;
    }

    /**
     * Says which streams belong together when a switch covers a share of the traffic; see
     * {@link GuardBuilder#trafficKey}.
     *
     * @param key reads the key; null or an exception for streams that belong to nobody
     * @return this builder
     */
    public StreamGuardBuilder<I, T> trafficKey(Function<? super I, @Nullable String> key) {
        guard.trafficKey(key);
        return this;
    }

    /**
     * Carries the host's own context from the subscription to what the runtime's own threads do for a stream, such as a
     * retry after its wait; see {@link GuardBuilder#context}.
     *
     * @param wrap called on the subscriber's thread; returns a task that runs the given one in the context of this
     *     thread
     * @return this builder
     */
    public StreamGuardBuilder<I, T> context(UnaryOperator<Runnable> wrap) {
        guard.context(wrap);
        return this;
    }

    /**
     * Sets the false alarm budget of this guard: all its detectors share it, but for those that have one of their own.
     *
     * @param decisions one false alarm in so many decisions at most; 1,000 or more, by default 1,000,000
     * @return this builder
     */
    public StreamGuardBuilder<I, T> falseAlarmAtMostOncePer(long decisions) {
        guard.falseAlarmAtMostOncePer(decisions);
        return this;
    }

    /**
     * Adds a detector that watches the streams by their summaries, such as the time to the first element.
     *
     * @param detection what to watch
     * @return this builder
     */
    public StreamGuardBuilder<I, T> detect(Detection<? super I, ? super StreamSummary> detection) {
        guard.detect(detection);
        return this;
    }

    /**
     * Adds a fallback rule; see {@link FallbackRule}. Retries count as long as nothing was passed on.
     *
     * @param rule the rule
     * @return this builder
     */
    public StreamGuardBuilder<I, T> rule(FallbackRule rule) {
        guard.rule(rule);
        return this;
    }

    /**
     * Configures the circuit breaker of each model route; see {@link GuardBuilder#breaker}. A stream that fails, or is
     * late while it is asked for an element, counts as a failure. What it takes to the first element, from when that
     * was asked for, makes a slow call; how fast the rest is read is the reader's affair.
     *
     * @param config resilience4j's configuration
     * @return this builder
     */
    public StreamGuardBuilder<I, T> breaker(CircuitBreakerConfig config) {
        guard.breaker(config);
        return this;
    }

    /**
     * Leaves the circuit breakers out.
     *
     * @return this builder
     */
    public StreamGuardBuilder<I, T> withoutBreaker() {
        guard.withoutBreaker();
        return this;
    }

    /**
     * Leaves this model's decisions out of the audit trail; see {@link GuardBuilder#withoutAuditTrail}.
     *
     * @return this builder
     */
    public StreamGuardBuilder<I, T> withoutAuditTrail() {
        guard.withoutAuditTrail();
        return this;
    }

    /**
     * Says what is recorded of each stream beyond the decision itself; see {@link GuardBuilder#audit}. Its output is
     * the summary: the elements pass on and are not kept.
     *
     * @param options subject, payloads, tokens
     * @return this builder
     */
    public StreamGuardBuilder<I, T> audit(AuditOptions<I, StreamSummary> options) {
        guard.audit(options);
        return this;
    }

    /**
     * Sets when a stream's record is on the disk; see {@link GuardBuilder#durability}.
     *
     * @param choice the choice
     * @return this builder
     */
    public StreamGuardBuilder<I, T> durability(Durability choice) {
        guard.durability(choice);
        return this;
    }

    /**
     * Refuses a stream when there is no room for its record; see {@link GuardBuilder#requireAuditTrail}.
     *
     * @return this builder
     */
    public StreamGuardBuilder<I, T> requireAuditTrail() {
        guard.requireAuditTrail();
        return this;
    }

    /**
     * Limits how often the versions of the model are called; see {@link GuardBuilder#rateLimit}.
     *
     * @param limit the rate
     * @return this builder
     */
    public StreamGuardBuilder<I, T> rateLimit(Limit.Rate limit) {
        guard.rateLimit(limit);
        return this;
    }

    /**
     * Limits how often the versions of the model are called for each value of a segment attribute; see
     * {@link GuardBuilder#rateLimitPer}.
     *
     * @param attribute the attribute, declared by {@code segment}
     * @param limit the rate for each value
     * @return this builder
     */
    public StreamGuardBuilder<I, T> rateLimitPer(String attribute, Limit.Rate limit) {
        guard.rateLimitPer(attribute, limit);
        return this;
    }

    /**
     * Limits how many streams of the model are open at once for each value of a segment attribute; see
     * {@link GuardBuilder#maxConcurrentPer}.
     *
     * @param attribute the attribute, declared by {@code segment}
     * @param streamsAtOnce 1 or more
     * @return this builder
     */
    public StreamGuardBuilder<I, T> maxConcurrentPer(String attribute, int streamsAtOnce) {
        guard.maxConcurrentPer(attribute, streamsAtOnce);
        return this;
    }

    /**
     * Limits how many streams of the model are open at once; see {@link GuardBuilder#maxConcurrent}.
     *
     * @param streamsAtOnce 1 or more
     * @return this builder
     */
    public StreamGuardBuilder<I, T> maxConcurrent(int streamsAtOnce) {
        guard.maxConcurrent(streamsAtOnce);
        return this;
    }

    /**
     * Says what becomes of running streams when their route is killed: they go on ({@link InFlight#FINISH}, the
     * default), are cut at their next element ({@link InFlight#DISCARD}), or at once ({@link InFlight#CANCEL}).
     *
     * @param choice what becomes of them
     * @return this builder
     */
    public StreamGuardBuilder<I, T> inFlight(InFlight choice) {
        guard.inFlight(choice);
        return this;
    }

    /**
     * Limits how long a route may take to its first element, from when one is asked for: before that only the
     * {@link #deadline} ends a stream. What follows is what follows a time-out: the next route if the late one is
     * {@linkplain RouteOptions#idempotent() idempotent} or a rule says so.
     *
     * @param limit 1 ms to 1 day, by default a day
     * @return this builder
     */
    public StreamGuardBuilder<I, T> timeToFirst(Duration limit) {
        if (limit == null || limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(LONGEST) > 0) {
            guard.faults.add("a time to the first element of " + Durations.text(limit)
                    + " is out of range; use 1 ms to " + Durations.text(LONGEST));
        } else {
            this.timeToFirst = limit;
            guard.limitsFirst = true;
        }
        return this;
    }

    /**
     * Limits how long the whole stream may take with all its fallbacks and retries, from the subscription to its end;
     * what comes later is cut. See {@link GuardBuilder#deadline}. It holds for slow readers, too; that the time was up
     * counts against the route, its breaker and a ramp only if the model was asked for an element then and no element
     * was being judged or read ({@link Failure.TimedOut#started}).
     *
     * @param limit 1 ms to 1 day
     * @return this builder
     */
    public StreamGuardBuilder<I, T> deadline(Duration limit) {
        guard.deadline(limit);
        return this;
    }

    /**
     * Has a stream that is cut, or refused from the start, end by an element of this function and in order, instead of
     * by an error.
     *
     * @param element makes the last element; its subscriber gets it as soon as it asks for one more
     * @return this builder
     */
    public StreamGuardBuilder<I, T> endWith(Function<? super Failure, ? extends T> element) {
        if (element == null) {
            guard.faults.add("the function that makes the last element is null");
        }
        this.lastElement = element;
        return this;
    }

    /**
     * Has the next route begin anew when a route fails of which elements were passed on already. The marker is an
     * element as any other: until it is asked for nothing begins anew, and the deadline holds.
     *
     * @param marker makes the element that says so
     * @return this builder
     */
    public StreamGuardBuilder<I, T> restartWith(Function<? super Failure, ? extends T> marker) {
        if (marker == null) {
            guard.faults.add("the function that makes the restart's element is null");
        }
        this.restartMarker = marker;
        return this;
    }

    /**
     * Builds the guarded stream and registers it with the runtime.
     *
     * @return the guarded stream
     * @throws ConfigurationException if anything is wrong; it names all faults
     */
    public GuardedStream<I, T> build() {
        Guard<I, StreamSummary> core = guard.buildGuard();
        return new StreamGuard<>(
                guard.name,
                core,
                List.copyOf(streams),
                RailDraft.build(elementRails, guard.cheapestFirst),
                streamRails.stream().map(StreamRailDraft::build).toList(),
                guard.detections.stream().anyMatch(each -> each.kind() == Detection.Kind.FINDINGS_LET_THROUGH),
                timeToFirst.compareTo(LONGEST) < 0 ? timeToFirst.toNanos() : Long.MAX_VALUE,
                lastElement,
                restartMarker,
                guard.services.timer());
    }
}
