// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.call.internal.Guard;
import io.github.incident4j.call.internal.GuardServices;
import io.github.incident4j.call.internal.GuardSpec;
import io.github.incident4j.call.internal.RailSlot;
import io.github.incident4j.call.internal.Route;
import io.github.incident4j.call.internal.SegmentSource;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.model.ConfigurationException;
import java.util.List;

/** Makes a guard of what was configured, and registers it with its runtime. */
final class GuardAssembly<I, O> {
    private final GuardBuilder<I, O> draft;
    private final GuardServices services;

    GuardAssembly(GuardBuilder<I, O> draft) {
        this.draft = draft;
        this.services = draft.services;
    }

    /** Builds the guard; ConfigurationException if anything is wrong. */
    Guard<I, O> build() {
        failIfAny(new GuardCheck<>(draft).faults());
        List<Route<I, O>> routes = draft.routes.stream()
                .map(each -> each.build(draft.name, draft.breaker, services))
                .toList();
        List<Detection<? super I, ? super O>> detections = Detection.sharing(draft.falseAlarmBudget, draft.detections);
        List<Detection<? super I, ? super O>> watching = detections.stream()
                .filter(detection -> detection.readsNumber() || detection.readsCategory())
                .toList();
        GuardInfo info = info(watching);
        List<RailSlot<?>> slots = takenSlots();
        GuardSpec<I, O> spec = new GuardSpec<>(
                info,
                routes,
                List.copyOf(draft.segments),
                RailDraft.build(draft.inputRails, draft.cheapestFirst),
                RailDraft.build(draft.outputRails, draft.cheapestFirst),
                slots,
                watching,
                draft.rules.stream()
                        .map(rule -> rule.compile(info.routeNames()))
                        .toList(),
                draft.recorded,
                draft.audit,
                draft.trailRequired || draft.durability == Durability.DURABLE,
                draft.deadline == null ? Long.MAX_VALUE : draft.deadline.toNanos(),
                draft.inFlight,
                draft.feature,
                draft.trafficKey,
                draft.contextHook,
                draft.limits.build(info.segments(), services.time().nanoTime()),
                draft.cache,
                draft.shadow);
        Guard<I, O> guard = new Guard<>(spec, services);
        services.registrar().register(info, detections, guard);
        return guard;
    }

    private GuardInfo info(List<Detection<? super I, ? super O>> watching) {
        return new GuardInfo(
                services.runtime(),
                draft.name,
                draft.routes.stream()
                        .map(route -> new GuardInfo.Route(
                                route.name(), route.kind(), route.options().requestModel()))
                        .toList(),
                draft.segments.stream().map(SegmentSource::attribute).toList(),
                watching.stream()
                        .filter(Detection::readsNumber)
                        .map(Detection::name)
                        .toList(),
                watching.stream()
                        .filter(Detection::readsCategory)
                        .map(Detection::name)
                        .toList(),
                GuardDescription.of(draft));
    }

    /** Takes what can belong to one guard only: the queue, and the guardrails of exchangeable rules. */
    private List<RailSlot<?>> takenSlots() {
        if (draft.queue != null && !draft.queue.desk().belongTo(draft.name, services)) {
            failIfAny(List.of("the review queue belongs to another guard"));
        }
        List<RailSlot<?>> slots = draft.slots();
        if (!slots.stream().allMatch(slot -> slot.belongTo(draft.name, services))) {
            failIfAny(List.of("a guardrail of exchangeable rules belongs to another guard"));
        }
        return slots;
    }

    private void failIfAny(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new ConfigurationException("guard '" + draft.name + "'", faults);
        }
    }
}
