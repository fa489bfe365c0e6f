// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.call.internal.Breaker;
import io.github.incident4j.call.internal.Guard;
import io.github.incident4j.call.internal.GuardServices;
import io.github.incident4j.call.internal.Route;
import io.github.incident4j.call.internal.SegmentSource;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.RouteKind;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds a guarded model. Settings do not throw: {@link #build()} reports all faults in one exception. Used by one
 * thread.
 *
 * @param <I> the model's input
 * @param <O> the model's output
 */
public final class GuardBuilder<I, O> {
    private final String name;
    private final GuardServices services;
    private final List<RouteDraft<I, O>> routes = new ArrayList<>();
    private final List<SegmentSource<I>> segments = new ArrayList<>();
    private final List<Guardrail<? super I>> inputRails = new ArrayList<>();
    private final List<Guardrail<? super O>> outputRails = new ArrayList<>();
    private final List<Detection<? super I, ? super O>> detections = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private @Nullable CircuitBreakerConfig breaker = CircuitBreakerConfig.ofDefaults();
    private boolean recorded = true;

    private record RouteDraft<I, O>(
            String name,
            RouteKind kind,
            boolean primary,
            @Nullable ModelCall<? super I, ? extends O> function) {}

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
        return add(new RouteDraft<>(route, RouteKind.MODEL, true, function));
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
        return add(new RouteDraft<>(route, RouteKind.MODEL, false, function));
    }

    /**
     * Adds a fallback that is no model: a rule, a constant, a simpler program. Detectors leave it out.
     *
     * @param route its name
     * @param function the rule
     * @return this builder
     */
    public GuardBuilder<I, O> ruleFallback(String route, ModelCall<? super I, ? extends O> function) {
        return add(new RouteDraft<>(route, RouteKind.RULE, false, function));
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
        return add(new RouteDraft<>(route, RouteKind.REVIEW, false, function));
    }

    private GuardBuilder<I, O> add(RouteDraft<I, O> route) {
        routes.add(route);
        return this;
    }

    /**
     * Declares a segment attribute that is read from the input. Switches can cover its values, detectors can compare
     * them, and the value is written to the audit trail in plain text: use coarse values such as {@code 18-25}.
     *
     * @param attribute its name, such as {@code ageBand}
     * @param value reads it; null or an exception means that the call has none
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
     * Adds a guardrail on what goes in. Guardrails run in the order in which they were added.
     *
     * @param guardrail the guardrail
     * @return this builder
     */
    public GuardBuilder<I, O> input(Guardrail<? super I> guardrail) {
        inputRails.add(guardrail);
        return this;
    }

    /**
     * Adds a guardrail on what comes out of every route.
     *
     * @param guardrail the guardrail
     * @return this builder
     */
    public GuardBuilder<I, O> output(Guardrail<? super O> guardrail) {
        outputRails.add(guardrail);
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
     * configuration without a limit for probes in the half-open state gets one of half a minute, and a predicate of it
     * that throws counts as a failure of the call, not of the guard.
     *
     * @param config resilience4j's configuration
     * @return this builder
     */
    public GuardBuilder<I, O> breaker(CircuitBreakerConfig config) {
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
     * Builds the guarded model and registers it with the runtime.
     *
     * @return the guarded model
     * @throws ConfigurationException if anything is wrong; it names all faults
     */
    public GuardedModel<I, O> build() {
        List<String> found = validate();
        if (!found.isEmpty()) {
            throw new ConfigurationException("guard '" + name + "'", found);
        }
        List<Route<I, O>> built = new ArrayList<>();
        for (RouteDraft<I, O> draft : routes) {
            if (draft.function() != null) {
                built.add(new Route<>(draft.name(), draft.kind(), draft.function(), breakerFor(draft)));
            }
        }
        GuardInfo info = new GuardInfo(
                services.runtime(),
                name,
                routes.stream()
                        .map(draft -> new GuardInfo.Route(draft.name(), draft.kind()))
                        .toList(),
                segments.stream().map(SegmentSource::attribute).toList(),
                detections.stream().map(Detection::name).toList());
        Guard<I, O> guard = new Guard<>(
                info, built, List.copyOf(segments), inputRails, outputRails, detections, recorded, services);
        services.register(info, detections);
        return guard;
    }

    private @Nullable Breaker breakerFor(RouteDraft<I, O> route) {
        return breaker == null || route.kind() != RouteKind.MODEL
                ? null
                : new Breaker(name + "/" + route.name(), breaker);
    }

    private List<String> validate() {
        List<String> found = new ArrayList<>(faults);
        Names.faultOf("model name", name).ifPresent(found::add);
        if (name != null && services.taken().test(name)) {
            found.add("this runtime already guards a model of that name; guard each model once and share it");
        }
        long primaries = routes.stream().filter(RouteDraft::primary).count();
        if (primaries == 0) {
            found.add("there is no route; name the model call with route(\"v1\", model::call)");
        } else if (primaries > 1) {
            found.add("there are " + primaries + " primary routes; keep one route(…) and make the others fallbacks");
        } else if (!routes.get(0).primary()) {
            found.add("a fallback stands before the primary route; call route(…) first");
        }
        Set<String> names = new HashSet<>();
        for (RouteDraft<I, O> route : routes) {
            Names.faultOf("route name", route.name()).ifPresent(found::add);
            unique(names, "route", route.name(), found);
            if (route.function() == null) {
                found.add("route '" + route.name() + "': the model call is null");
            }
        }
        Set<String> attributes = new HashSet<>();
        for (SegmentSource<I> segment : segments) {
            Names.faultOf("segment attribute", segment.attribute()).ifPresent(found::add);
            unique(attributes, "segment attribute", segment.attribute(), found);
        }
        validateRails("input", inputRails, found);
        validateRails("output", outputRails, found);
        validateDetections(attributes, found);
        return found;
    }

    private static void validateRails(String side, List<? extends Guardrail<?>> rails, List<String> found) {
        for (Guardrail<?> rail : rails) {
            if (rail == null) {
                found.add("an " + side + " guardrail is null");
            } else {
                Names.faultOf(side + " guardrail name", rail.name()).ifPresent(found::add);
                rail.faults().forEach(fault -> found.add(side + " guardrail '" + rail.name() + "': " + fault));
            }
        }
    }

    private void validateDetections(Set<String> attributes, List<String> found) {
        Set<String> names = new HashSet<>();
        for (Detection<? super I, ? super O> detection : detections) {
            if (detection == null) {
                found.add("a detection is null");
                continue;
            }
            found.addAll(detection.faults());
            unique(names, "detector", detection.name(), found);
            detection
                    .attribute()
                    .filter(attribute -> !attributes.contains(attribute))
                    .ifPresent(attribute -> found.add("detector '" + detection.name() + "' compares groups by '"
                            + attribute + "', which is not declared;" + " add segment(\"" + attribute + "\", …)"));
        }
        if (!recorded && !detections.isEmpty()) {
            found.add("detectors read the audit trail; leave out withoutAuditTrail() or the detectors");
        }
    }

    private static void unique(Set<String> seen, String what, String value, List<String> found) {
        if (!seen.add(value)) {
            found.add("two of the name '" + value + "' (" + what + "); names must be unique within the guard");
        }
    }
}
