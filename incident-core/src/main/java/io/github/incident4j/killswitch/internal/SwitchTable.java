// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All switches at one moment; immutable. A lookup takes the same time however many switches are set. */
public final class SwitchTable {
    /** Nothing is set: the state in which a call compares one reference and goes on. */
    public static final SwitchTable OPEN = new SwitchTable(Map.of(), false);

    /** The runtime is closed: nothing may pass. */
    public static final SwitchTable CLOSED = new SwitchTable(Map.of(), true);

    private final Map<Scope, Switch> switches;
    private final boolean closed;
    private final @Nullable Switch everything;
    private final Map<String, ModelSwitches> models;

    private SwitchTable(Map<Scope, Switch> switches, boolean closed) {
        this.switches = switches;
        this.closed = closed;
        this.everything = switches.get(Scope.everything());
        this.models = new HashMap<>();
        for (Switch each : switches.values()) {
            each.scope()
                    .model()
                    .ifPresent(model -> models.computeIfAbsent(model, name -> new ModelSwitches())
                            .add(each));
        }
    }

    static SwitchTable of(Collection<Switch> switches) {
        Map<Scope, Switch> byScope = new LinkedHashMap<>();
        switches.forEach(each -> byScope.put(each.scope(), each));
        return byScope.isEmpty() ? OPEN : new SwitchTable(byScope, false);
    }

    SwitchTable with(Switch added) {
        Map<Scope, Switch> changed = new LinkedHashMap<>(switches);
        changed.remove(added.scope());
        changed.put(added.scope(), added);
        return new SwitchTable(changed, closed);
    }

    SwitchTable without(Scope scope) {
        Map<Scope, Switch> changed = new LinkedHashMap<>(switches);
        changed.remove(scope);
        return changed.isEmpty() && !closed ? OPEN : new SwitchTable(changed, closed);
    }

    @Nullable
    Switch get(Scope scope) {
        return switches.get(scope);
    }

    List<Switch> all() {
        return List.copyOf(switches.values());
    }

    /** {@return whether the runtime is closed} */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Finds a switch that stops a route for one call.
     *
     * @param model the model
     * @param route the route
     * @param attributes the names of the call's segment attributes
     * @param values their values, null where the call has none
     * @return a switch that covers the call, the widest first, or null
     */
    public @Nullable Switch covering(String model, String route, List<String> attributes, @Nullable String[] values) {
        if (everything != null) {
            return everything;
        }
        ModelSwitches ofModel = models.get(model);
        return ofModel == null ? null : ofModel.covering(route, attributes, values);
    }

    /** The switches of one model: for all its routes under the empty name, which no route can have. */
    private static final class ModelSwitches {
        private static final String ALL_ROUTES = "";

        private final Map<String, Switch> byRoute = new HashMap<>();
        private final Map<Segment, Map<String, Switch>> bySegment = new HashMap<>();

        void add(Switch added) {
            Scope scope = added.scope();
            Map<String, Switch> routes = scope.segment().isEmpty()
                    ? byRoute
                    : bySegment.computeIfAbsent(scope.segment().get(), segment -> new HashMap<>());
            routes.put(scope.route().orElse(ALL_ROUTES), added);
        }

        @Nullable
        Switch covering(String route, List<String> attributes, @Nullable String[] values) {
            Switch found = in(byRoute, route);
            if (found == null && !bySegment.isEmpty()) {
                for (int i = 0; i < values.length && found == null; i++) {
                    String value = values[i];
                    if (value != null && !value.isEmpty()) {
                        found = in(bySegment.get(new Segment(attributes.get(i), value)), route);
                    }
                }
            }
            return found;
        }

        private static @Nullable Switch in(@Nullable Map<String, Switch> routes, String route) {
            if (routes == null) {
                return null;
            }
            Switch all = routes.get(ALL_ROUTES);
            return all != null ? all : routes.get(route);
        }
    }
}
