// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;

/** Against the definition: a call is stopped if and only if some switch that is set covers it and stops it. */
class SwitchTableProperties {
    private static final Cause CAUSE = Cause.by("test").because("a law");
    private static final List<String> ATTRIBUTES = List.of("age", "tenant");

    record Call(
            String model,
            String route,
            @Nullable String feature,
            @Nullable String age,
            @Nullable String tenant,
            boolean ageIsUnreadable,
            Map<String, String> context,
            String key) {
        SwitchTable.Call lookup() {
            return new SwitchTable.Call(
                    model,
                    feature,
                    ATTRIBUTES,
                    new @Nullable String[] {ageIsUnreadable ? null : age, tenant},
                    ageIsUnreadable ? new boolean[] {true, false} : null,
                    context,
                    key,
                    7);
        }

        double place() {
            return Traffic.place(model, key, 7);
        }
    }

    @Provide
    Arbitrary<HeldBy> switches() {
        Arbitrary<Scope> scopes = Combinators.combine(
                        Arbitraries.of("m1", "m2").injectNull(0.2),
                        Arbitraries.of("v1", "v2").injectNull(0.4),
                        Arbitraries.of("chat", "loan").injectNull(0.6),
                        Arbitraries.of("age", "tenant", "region", "device").injectNull(0.4),
                        Arbitraries.of("a", "b"),
                        Arbitraries.of(1.0, 1.0, 0.3, 0.8))
                .as((model, route, feature, attribute, value, share) -> {
                    Scope scope = model == null ? Scope.everything() : Scope.model(model);
                    scope = route == null || model == null ? scope : scope.route(route);
                    scope = feature == null ? scope : scope.feature(feature);
                    scope = attribute == null ? scope : scope.segment(attribute, value);
                    return scope.share(share);
                });
        Arbitrary<SwitchState> states = Arbitraries.frequencyOf(
                Tuple.of(
                        2,
                        Arbitraries.of(
                                SwitchState.killed(),
                                SwitchState.killedPreferring("v1"),
                                SwitchState.killedPreferring("v2"),
                                SwitchState.killedRefusing())),
                Tuple.of(1, Arbitraries.of(0.0, 0.5, 0.9).map(share -> new SwitchState.Limited(Limit.toShare(share)))),
                Tuple.of(
                        1,
                        Arbitraries.of("v1", "v2")
                                .map(route -> new SwitchState.Limited(
                                        Limit.toShare(0.5), new SwitchState.Instead.Prefer(route)))),
                Tuple.of(
                        1,
                        Arbitraries.of(0.0, 0.5)
                                .map(share -> new SwitchState.Limited(
                                        Limit.toShare(share), new SwitchState.Instead.Refuse()))));
        return Combinators.combine(Arbitraries.of("runtime", "platform"), scopes, states)
                .as((source, scope, state) -> new HeldBy(source, new Switch(scope, state, CAUSE, Instant.EPOCH)));
    }

    @Provide
    Arbitrary<Call> calls() {
        Arbitrary<@Nullable String> values = Arbitraries.of("a", "b", "").injectNull(0.3);
        return Combinators.combine(
                        Arbitraries.of("m1", "m2", "m3"),
                        Arbitraries.of("v1", "v2", "v3"),
                        Arbitraries.of("chat", "loan", "other").injectNull(0.3),
                        values,
                        values,
                        Arbitraries.of(false, false, false, true),
                        Arbitraries.maps(
                                        Arbitraries.of("tenant", "region", "device", "other"), Arbitraries.of("a", "b"))
                                .ofMaxSize(4),
                        Arbitraries.strings().alpha().ofLength(6))
                .as(Call::new);
    }

    @Property(tries = 3_000)
    void call_isStoppedIfAndOnlyIfASwitchStopsIt(
            @ForAll @Size(max = 6) List<@From("switches") HeldBy> held, @ForAll("calls") Call call) {
        SwitchTable table = SwitchTable.of(held, 1, SwitchTable.OPEN, 0);
        assertThat(table == SwitchTable.OPEN).isEqualTo(held.isEmpty());
        List<Switch> covering = held.stream()
                .map(HeldBy::set)
                .filter(each -> covers(each, call))
                .toList();
        List<Switch> kills = covering.stream()
                .filter(each -> each.state() instanceof SwitchState.Killed)
                .toList();
        List<Switch> stopping = covering.stream()
                .filter(each -> each.state() instanceof SwitchState.Killed
                        || (each.state() instanceof SwitchState.Limited limited
                                && call.place() >= limited.limit().share()))
                .toList();
        Switch found = table.stopping(call.lookup(), call.route());
        assertThat(found == null).isEqualTo(stopping.isEmpty());
        if (found != null) {
            boolean isRefusedByALimitAlone = kills.stream().noneMatch(SwitchTableProperties::refuses)
                    && stopping.stream().anyMatch(SwitchTableProperties::refuses);
            assertThat((kills.isEmpty() ? stopping : kills)
                            .stream()
                                    .map(each ->
                                            kills.contains(each) && isRefusedByALimitAlone ? refusing(each) : each))
                    .as("the most restrictive wins")
                    .contains(found)
                    .allSatisfy(
                            each -> assertThat(isRefusedByALimitAlone || Strictness.of(each) <= Strictness.of(found))
                                    .isTrue());
            assertThat(refuses(found)).isEqualTo(stopping.stream().anyMatch(SwitchTableProperties::refuses));
        }
        assertThat(table.killing(call.lookup(), call.route()) == null).isEqualTo(kills.isEmpty());
        if (!table.mayTouch(call.model(), call.route())) {
            assertThat(covering).as("a route that nothing may touch").isEmpty();
        }
    }

    /** A plain kill of a scope without a route covers the fallbacks, too. */
    private static boolean leavesNoFallback(Switch set) {
        boolean byRule = set.state().instead() instanceof SwitchState.Instead.ByRule;
        return refuses(set)
                || (set.state() instanceof SwitchState.Killed
                        && byRule
                        && set.scope().route().isEmpty());
    }

    private static Switch refusing(Switch kill) {
        return new Switch(kill.scope(), SwitchState.killedRefusing(), kill.cause(), kill.since());
    }

    private static boolean refuses(Switch set) {
        return set.state().instead() instanceof SwitchState.Instead.Refuse;
    }

    private static boolean covers(Switch set, Call call) {
        Scope scope = set.scope();
        boolean kill = set.state() instanceof SwitchState.Killed;
        return scope.model().map(call.model()::equals).orElse(true)
                && scope.route().map(call.route()::equals).orElseGet(() -> !set.spares(call.route()))
                && scope.feature().map(name -> name.equals(call.feature())).orElse(true)
                && scope.segment().map(segment -> isIn(segment, kill, call)).orElse(true)
                && (scope.share() >= 1 || call.place() < scope.share());
    }

    private static boolean isIn(Segment segment, boolean kill, Call call) {
        return switch (segment.attribute()) {
            case "age" -> call.ageIsUnreadable() ? kill : segment.value().equals(call.age());
            case "tenant" -> segment.value().equals(call.tenant());
            default -> segment.value().equals(call.context().get(segment.attribute()));
        };
    }

    /**
     * Whatever is killed or limited besides: only a restore, or a limit that says that it loosens, lets it pass. Also
     * later, when some of it is over.
     */
    @Property(tries = 3_000)
    void whatIsStopped_isStoppedByEveryFurtherRestriction(
            @ForAll @Size(max = 6) List<@From("switches") HeldBy> held,
            @ForAll @Size(6) List<@IntRange(max = 2) Integer> ends,
            @ForAll("calls") Call call) {
        OwnSwitches own = new OwnSwitches();
        boolean[] stopped = new boolean[3];
        boolean[] refused = new boolean[3];
        for (int i = 0; i < held.size(); i++) {
            Switch drawn = held.get(i).set();
            Cause cause = ends.get(i) == 0 ? CAUSE : CAUSE.until(Instant.EPOCH.plusSeconds(20L * ends.get(i)));
            Scope scope = i % 3 == 2 ? drawn.scope() : held.get(0).set().scope(); // most of them at one scope
            Switch wanted = new Switch(scope, drawn.state(), cause, Instant.EPOCH);
            if (wanted.state() instanceof SwitchState.Limited limited
                    && own.wouldLoosen(scope, limited, cause, Instant.EPOCH)) {
                continue;
            }
            own.restrict(wanted);
            for (int later = 0; later < stopped.length; later++) {
                Switch stopping = stopping(own, Instant.EPOCH.plusSeconds(20L * later + 10), call);
                assertThat(stopping != null || !stopped[later])
                        .as("%s s later, after %s", 20 * later + 10, wanted)
                        .isTrue();
                boolean refuses = stopping != null && leavesNoFallback(stopping);
                assertThat(refuses || !refused[later])
                        .as("%s s later, after %s, no fallback answers either", 20 * later + 10, wanted)
                        .isTrue();
                stopped[later] = stopping != null;
                refused[later] = refuses;
            }
        }
    }

    private static @Nullable Switch stopping(OwnSwitches own, Instant then, Call call) {
        List<HeldBy> left = own.all().stream()
                .filter(set -> !OwnSwitches.isOver(set.cause(), then))
                .map(set -> new HeldBy("runtime", set))
                .toList();
        return SwitchTable.of(left, 1, SwitchTable.OPEN, 0).stopping(call.lookup(), call.route());
    }

    @Property(tries = 500)
    void sameKey_staysOnTheSameSide(@ForAll @StringLength(max = 20) String key, @ForAll long number) {
        double place = Traffic.place("model", key, number);
        assertThat(place).isGreaterThanOrEqualTo(0).isLessThan(1);
        assertThat(Traffic.place("model", key, number + 1)).isEqualTo(place);
    }

    /** Keys as they come, one after another, must not all fall on one side. */
    @Example
    void consecutiveKeys_areSpreadEvenly() {
        int[] tenths = new int[10];
        int bothFirst = 0;
        for (int i = 0; i < 100_000; i++) {
            double place = Traffic.place("model", "user-" + i, 0);
            tenths[(int) (10 * place)]++;
            bothFirst += place < 0.1 && Traffic.place("other", "user-" + i, 0) < 0.1 ? 1 : 0;
        }
        for (int count : tenths) {
            assertThat(count).isCloseTo(10_000, within(500)); // more than five standard deviations
        }
        assertThat(bothFirst).as("another model has other first users").isCloseTo(1_000, within(200));
    }

    /** Calls that were let through and did not go on count as if they had never come. */
    @Property(tries = 200)
    void callsThatAreGivenBack_leaveTheGateAsItWas(
            @ForAll @IntRange(min = 1, max = 20) int calls, @ForAll @Size(max = 40) List<Boolean> goOn) {
        RateGate gate = new RateGate(new Limit.Rate(calls, Duration.ofHours(1)), 0);
        int passed = 0;
        for (boolean goes : goOn) {
            boolean passes = gate.tryPass(0);
            assertThat(passes).isEqualTo(passed < calls);
            if (passes && goes) {
                passed++;
            } else if (passes) {
                gate.giveBack();
            }
            assertThat(gate.mayPass(0)).isEqualTo(passed < calls);
        }
    }

    /** So many in a period and no more, whatever the pauses between. */
    @Property(tries = 300)
    void rate_isNeverExceeded(
            @ForAll @IntRange(min = 1, max = 50) int calls,
            @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 0, max = 40) Integer> pausesMillis) {
        Limit.Rate rate = new Limit.Rate(calls, Duration.ofSeconds(1));
        RateGate gate = new RateGate(rate, 0);
        long now = 0;
        List<Long> passed = new ArrayList<>();
        for (int pause : pausesMillis) {
            now += pause * 1_000_000L;
            if (gate.tryPass(now)) {
                passed.add(now);
            }
        }
        assertThat(passed).isNotEmpty();
        for (int i = 0; i < passed.size(); i++) {
            long until = passed.get(i) + 1_000_000_000L;
            long inPeriod = passed.stream().skip(i).filter(each -> each < until).count();
            assertThat(inPeriod).isLessThanOrEqualTo(2L * calls); // a full burst, and what has grown back meanwhile
        }
        assertThat(passed.size()).isLessThanOrEqualTo(calls + (int) (calls * (now / 1e9)) + 1);
    }
}
