// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says what is odd about a switch: it names something that no guard of this runtime has. */
final class SwitchHints {
    private static final int MAX_NAMED = 10;
    private static final String CARRIED = ", so that only calls of which the CallContext carries it are in the scope";

    private final Map<String, GuardInfo> guards;

    /** For the guards of this map, by model, also those that come later. */
    SwitchHints(Map<String, GuardInfo> guards) {
        this.guards = guards;
    }

    Optional<String> unknown(Switch set) {
        return unknown(set.scope())
                .or(() -> set.state().instead().preferred().flatMap(route -> oddFallback(set, route)));
    }

    private Optional<String> unknown(Scope scope) {
        if (scope.model().isEmpty()) {
            return scope.segment()
                    .map(Segment::attribute)
                    .filter(attribute -> guards.values().stream()
                            .noneMatch(guard -> guard.segments().contains(attribute)))
                    .map(attribute -> "no guarded model of this runtime declares a segment attribute '" + attribute
                            + "'" + CARRIED);
        }
        GuardInfo guard = guards.get(scope.model().get());
        if (guard == null) {
            return Optional.of("no model of the name '" + scope.model().get() + "' is guarded in this runtime yet");
        }
        if (scope.route().isPresent()
                && guard.routes().stream()
                        .noneMatch(route -> route.name().equals(scope.route().get()))) {
            return Optional.of("model '" + guard.model() + "' has no route of the name '"
                    + scope.route().get() + "'");
        }
        return scope.segment()
                .filter(segment -> !guard.segments().contains(segment.attribute()))
                .map(segment -> "model '" + guard.model() + "' declares no segment attribute '" + segment.attribute()
                        + "'" + CARRIED);
    }

    private Optional<String> oddFallback(Switch set, String route) {
        List<GuardInfo> covered = guards.values().stream()
                .filter(guard -> set.scope().model().map(guard.model()::equals).orElse(true))
                .filter(guard ->
                        guard.routes().stream().anyMatch(each -> each.name().equals(route)))
                .toList();
        if (covered.isEmpty()) {
            return Optional.of("no guarded model that it covers has the route '" + route
                    + "' that it prefers, so the guards' own rules choose");
        }
        String spared = covered.stream()
                .filter(guard ->
                        set.spares(route) && guard.routes().get(0).name().equals(route))
                .map(guard -> "'" + guard.model() + "'")
                .sorted()
                .limit(MAX_NAMED)
                .collect(Collectors.joining(", "));
        return spared.isEmpty()
                ? Optional.empty()
                : Optional.of("'" + route + "' is the first route of " + spared + ", of which the calls go on by it");
    }
}
