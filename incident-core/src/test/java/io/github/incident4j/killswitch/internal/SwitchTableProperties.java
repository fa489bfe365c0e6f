// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Against the definition: a call is stopped if and only if some switch that is set covers it. */
class SwitchTableProperties {
    private static final Cause CAUSE = Cause.by("test").because("a law");
    private static final List<String> ATTRIBUTES = List.of("age", "tenant");

    record Step(boolean kill, Scope scope) {}

    record Call(
            String model,
            String route,
            @Nullable String age,
            @Nullable String tenant) {}

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Scope> scopes = Combinators.combine(
                        Arbitraries.of("m1", "m2"),
                        Arbitraries.of("v1", "v2").injectNull(0.4),
                        Arbitraries.of("age", "tenant").injectNull(0.5),
                        Arbitraries.of("a", "b"))
                .as((model, route, attribute, value) -> {
                    Scope scope = Scope.model(model);
                    scope = route == null ? scope : scope.route(route);
                    return attribute == null ? scope : scope.segment(attribute, value);
                });
        return Combinators.combine(
                        Arbitraries.of(true, true, false),
                        Arbitraries.frequencyOf(
                                net.jqwik.api.Tuple.of(1, Arbitraries.just(Scope.everything())),
                                net.jqwik.api.Tuple.of(15, scopes)))
                .as(Step::new);
    }

    @Provide
    Arbitrary<Call> calls() {
        Arbitrary<String> values = Arbitraries.of("a", "b", "").injectNull(0.3);
        return Combinators.combine(Arbitraries.of("m1", "m2", "m3"), Arbitraries.of("v1", "v2", "v3"), values, values)
                .as(Call::new);
    }

    @Property(tries = 2_000)
    void call_isStoppedIfAndOnlyIfASwitchCoversIt(
            @ForAll("steps") Step first,
            @ForAll @Size(max = 12) List<@net.jqwik.api.From("steps") Step> more,
            @ForAll("calls") Call call) {
        SwitchTable table = SwitchTable.OPEN;
        Map<Scope, Switch> set = new LinkedHashMap<>();
        for (Step step : java.util.stream.Stream.concat(java.util.stream.Stream.of(first), more.stream())
                .toList()) {
            Switch change = new Switch(step.scope(), CAUSE, Instant.EPOCH);
            table = step.kill() ? table.with(change) : table.without(step.scope());
            if (step.kill()) {
                set.remove(step.scope());
                set.put(step.scope(), change);
            } else {
                set.remove(step.scope());
            }
        }
        Switch found = table.covering(
                call.model(), call.route(), ATTRIBUTES, new @Nullable String[] {call.age(), call.tenant()});
        List<Switch> covering =
                set.values().stream().filter(each -> covers(each.scope(), call)).toList();
        assertThat(found == null).isEqualTo(covering.isEmpty());
        if (found != null) {
            assertThat(covering).contains(found);
        }
        assertThat(table.all()).containsExactlyElementsOf(set.values());
        assertThat(table == SwitchTable.OPEN || !set.isEmpty() || table.all().isEmpty())
                .isTrue();
        assertThat(SwitchTable.of(table.all()).all()).isEqualTo(table.all());
    }

    private static boolean covers(Scope scope, Call call) {
        return scope.model().map(call.model()::equals).orElse(true)
                && scope.route().map(call.route()::equals).orElse(true)
                && scope.segment().map(segment -> isIn(segment, call)).orElse(true);
    }

    private static boolean isIn(Segment segment, Call call) {
        return segment.value().equals(segment.attribute().equals("age") ? call.age() : call.tenant());
    }
}
