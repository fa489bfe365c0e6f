// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.internal.Diversion;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Scope;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Of which parts of a model's calls the switches keep some from the model, whoever has set them: a containment, a
 * person, a ramp on its way. What is restricted as a whole keeps its mix.
 */
final class Diversions {
    private Diversions() {}

    /** As some switches have it. */
    static Function<GuardInfo, Set<Diversion>> by(List<HeldBy> inForce) {
        List<Switch> parts = inForce.stream()
                .map(HeldBy::set)
                .filter(set -> set.scope().segment().isPresent()
                        || set.scope().feature().isPresent())
                .toList();
        return guard -> of(guard, parts);
    }

    private static Set<Diversion> of(GuardInfo guard, List<Switch> parts) {
        Set<Diversion> diverted = new LinkedHashSet<>();
        for (Switch set : parts) {
            Scope scope = set.scope();
            if (isOfTheModel(scope, guard)) {
                scope.feature()
                        .map(Diversion::ofFeature)
                        .or(() -> scope.segment().map(Diversion::of))
                        .map(whole ->
                                set.state() instanceof SwitchState.Limited limited ? whole.but(limited.limit()) : whole)
                        .ifPresent(diverted::add);
            }
        }
        return diverted;
    }

    private static boolean isOfTheModel(Scope scope, GuardInfo guard) {
        boolean model = scope.model().map(guard.model()::equals).orElse(true);
        return model
                && scope.route()
                        .map(name -> guard.routes().stream()
                                .anyMatch(route -> route.kind() == RouteKind.MODEL
                                        && route.name().equals(name)))
                        .orElse(true);
    }
}
