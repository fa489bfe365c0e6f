// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The switches of all sources at one moment; immutable but for the gates of its rates. A lookup takes the same time
 * however many segments, models, routes and features have switches, and allocates nothing but a list of the rates that
 * cover the call, where any is set, and a kill that refuses as a limit does; only the switches of one and the same
 * scope but for its share are walked.
 *
 * <p>A call asks twice: {@link #stopping} spends nothing, so that it can be asked before anything else; {@link #take}
 * spends of rates, and is asked last.
 */
public final class SwitchTable {
    /** Nothing is set: the state in which a call compares one reference and goes on. */
    public static final SwitchTable OPEN = new SwitchTable(List.of(), 0, null, 0, false);

    /** The runtime is closed: nothing may pass. */
    public static final SwitchTable CLOSED = new SwitchTable(List.of(), 0, null, 0, true);

    private static final String ANY = ""; // no name is empty

    private final int number;
    private final boolean closed;
    private final boolean limits;
    private final boolean rates;
    private final int strictest; // of the kills: who has found one like it need not look on
    private final Map<GateKey, RateGate> gates = new HashMap<>();
    private final Map<String, Map<String, Map<String, Cell>>> cells = new HashMap<>(); // model, route, feature

    /** What a gate has let pass counts on as long as there is a rate of its source and scope. */
    private record GateKey(String source, Scope scope, Limit.Rate rate) {
        boolean isOfTheSame(GateKey other) {
            return source.equals(other.source) && scope.equals(other.scope);
        }
    }

    private SwitchTable(
            List<HeldBy> switches, int number, @Nullable SwitchTable before, long nowNanos, boolean closed) {
        this.number = number;
        this.closed = closed;
        boolean anyLimit = false;
        boolean anyRate = false;
        int most = 0;
        for (HeldBy each : switches) {
            Scope scope = each.set().scope();
            anyLimit |= each.set().state() instanceof SwitchState.Limited;
            most = Math.max(most, Strictness.of(each.set()));
            RateGate gate = gateOf(each, before, nowNanos);
            anyRate |= gate != null;
            cells.computeIfAbsent(scope.model().orElse(ANY), model -> new HashMap<>())
                    .computeIfAbsent(scope.route().orElse(ANY), route -> new HashMap<>())
                    .computeIfAbsent(scope.feature().orElse(ANY), feature -> new Cell())
                    .add(each.set(), gate);
        }
        this.limits = anyLimit;
        this.rates = anyRate;
        this.strictest = most;
    }

    private @Nullable RateGate gateOf(HeldBy held, @Nullable SwitchTable before, long nowNanos) {
        Optional<Limit.Rate> rate = held.set().state() instanceof SwitchState.Limited limited
                ? limited.limit().rate()
                : Optional.empty();
        if (rate.isEmpty()) {
            return null;
        }
        GateKey key = new GateKey(held.source(), held.set().scope(), rate.get());
        RateGate known = before == null ? null : before.gates.get(key);
        RateGate gate = known != null ? known : new RateGate(rate.get(), nowNanos);
        if (known == null && before != null) {
            before.gates.forEach((other, spent) -> {
                if (other.isOfTheSame(key)) {
                    gate.goOnFrom(spent, nowNanos);
                }
            });
        }
        gates.put(key, gate);
        return gate;
    }

    /**
     * Makes the table of some switches.
     *
     * @param switches the switches of all sources
     * @param number the table's number in the order of all tables; 1 or more
     * @param before the table that it replaces
     * @param nowNanos the monotonic clock's reading
     */
    static SwitchTable of(List<HeldBy> switches, int number, SwitchTable before, long nowNanos) {
        return switches.isEmpty() ? OPEN : new SwitchTable(switches, number, before, nowNanos, false);
    }

    /** {@return its number in the order of all tables of this runtime; 0 where nothing is set} */
    public int number() {
        return number;
    }

    /** {@return whether the runtime is closed} */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Says whether a switch may be about a route. Allocates nothing.
     *
     * @param model the model
     * @param route its route
     * @return false only if no lookup for the route can find anything
     */
    public boolean mayTouch(String model, String route) {
        if (closed || cells.containsKey(ANY)) {
            return true;
        }
        Map<String, Map<String, Cell>> ofModel = cells.get(model);
        return ofModel != null && (ofModel.containsKey(ANY) || ofModel.containsKey(route));
    }

    /**
     * What a lookup needs to know of a call.
     *
     * @param model the model
     * @param feature the feature, or null
     * @param attributes the names of the segment attributes that the guard declares
     * @param values their values, null where the call has none
     * @param unreadable where the value is unknown, as reading it failed; null for nowhere
     * @param context the attributes that the call itself carries, by name; what the guard declares is not looked up
     *     here
     * @param key the traffic key, or null
     * @param number the decision's number
     */
    @SuppressWarnings("ArrayRecordComponent") // belongs to the call, and nobody compares these
    public record Call(
            String model,
            @Nullable String feature,
            List<String> attributes,
            @Nullable String[] values,
            boolean @Nullable [] unreadable,
            Map<String, String> context,
            @Nullable String key,
            long number) {
        private double place() {
            return Traffic.place(model, key, number);
        }

        private boolean isUnreadable(int i) {
            return unreadable != null && unreadable[i];
        }
    }

    /**
     * Finds a switch that stops a route for one call: the strictest kill that covers it, else a limit to a share in
     * which it is not. Rates are not asked, and nothing is spent.
     *
     * @param call the call
     * @param route the route
     * @return the switch, of equally strict ones that with the wider scope, or null if the call may pass
     */
    public @Nullable Switch stopping(Call call, String route) {
        Switch kill = killing(call, route);
        return kill != null || !limits ? kill : find(call, route, 0, null);
    }

    /**
     * Takes one call from each rate that covers a route for it, or from none of them.
     *
     * @param call the call, which nothing is {@linkplain #stopping stopping}
     * @param route the route
     * @param nowNanos the monotonic clock's reading
     * @return the strictest switch of which the rate is used up, or null if the call may pass
     */
    public @Nullable Switch take(Call call, String route, long nowNanos) {
        List<Entry> covering = ratesOf(call, route);
        Switch usedUp = null;
        for (Entry each : covering) {
            boolean isMore = usedUp == null || Strictness.of(each.set()) > Strictness.of(usedUp);
            if (isMore && !each.mayPass(nowNanos)) {
                usedUp = each.set();
            }
        }
        for (int i = 0; i < covering.size() && usedUp == null; i++) {
            if (!covering.get(i).tryPass(nowNanos)) { // another call was faster
                usedUp = covering.get(i).set();
                covering.subList(0, i).forEach(Entry::giveBack);
            }
        }
        return usedUp;
    }

    /**
     * Says whether a rate covers a route for one call. Nothing is spent.
     *
     * @param call the call
     * @param route the route
     * @return whether there is one, used up or not
     */
    public boolean isRated(Call call, String route) {
        return !ratesOf(call, route).isEmpty();
    }

    private List<Entry> ratesOf(Call call, String route) {
        if (!rates) {
            return List.of();
        }
        List<Entry> found = new ArrayList<>(2);
        find(call, route, 0, found);
        return found;
    }

    /**
     * Finds the strictest kill that covers a route for one call. It refuses where a limit to a share refuses the call:
     * a kill is no way round a refusal. Nothing is spent.
     *
     * @param call the call
     * @param route the route
     * @return the switch, or null
     */
    public @Nullable Switch killing(Call call, String route) {
        Switch kill = strictest == 0 ? null : find(call, route, strictest, null);
        if (kill == null || !limits || refuses(kill)) {
            return kill;
        }
        Switch limit = find(call, route, 0, null);
        return limit == null || !refuses(limit)
                ? kill
                : new Switch(kill.scope(), SwitchState.killedRefusing(), kill.cause(), kill.since());
    }

    private static boolean refuses(Switch set) {
        return set.state().instead() instanceof SwitchState.Instead.Refuse;
    }

    /**
     * Looks where a switch that covers the call may be, wider scopes first.
     *
     * @param enough how strict a kill ends the search; 0 to look for a share in which the call is not
     * @param rates takes the rates that cover the call, which are then all that is looked for
     */
    private @Nullable Switch find(Call call, String route, int enough, @Nullable List<Entry> rates) {
        Switch found = findIn(cells.get(ANY), ANY, call, route, null, enough, rates);
        Map<String, Map<String, Cell>> ofModel = cells.get(call.model());
        if (ofModel != null) {
            found = findIn(ofModel, ANY, call, route, found, enough, rates);
            found = findIn(ofModel, route, call, route, found, enough, rates);
        }
        return found;
    }

    private static @Nullable Switch findIn(
            @Nullable Map<String, Map<String, Cell>> ofModel,
            String routeOfScope,
            Call call,
            String route,
            @Nullable Switch before,
            int enough,
            @Nullable List<Entry> rates) {
        Map<String, Cell> ofRoute = ofModel == null || isEnough(before, enough) ? null : ofModel.get(routeOfScope);
        if (ofRoute == null) {
            return before;
        }
        Cell all = ofRoute.get(ANY);
        Switch found = all == null ? before : all.find(call, route, before, enough, rates);
        Cell ofFeature = call.feature() == null ? null : ofRoute.get(call.feature());
        return ofFeature == null ? found : ofFeature.find(call, route, found, enough, rates);
    }

    private static boolean isEnough(@Nullable Switch found, int enough) {
        return found != null && Strictness.of(found) >= enough;
    }

    private record Entry(Switch set, @Nullable RateGate gate) {
        boolean stops(Call call, boolean kills) {
            if (set.state() instanceof SwitchState.Limited limited) {
                return !kills && isIn(call) && !isIn(limited.limit().share(), call);
            }
            return kills && isIn(call);
        }

        boolean isIn(Call call) {
            return isIn(set.scope().share(), call);
        }

        private static boolean isIn(double share, Call call) {
            return share >= 1 || call.place() < share;
        }

        boolean mayPass(long nowNanos) {
            return gate == null || gate.mayPass(nowNanos);
        }

        boolean tryPass(long nowNanos) {
            return gate == null || gate.tryPass(nowNanos);
        }

        void giveBack() {
            if (gate != null) {
                gate.giveBack();
            }
        }
    }

    /** The switches of one attribute. */
    private static final class Attribute {
        private final Map<String, List<Entry>> byValue = new HashMap<>();
        private final List<Entry> widest = new ArrayList<>(1); // of the kills, one for each state

        void add(String value, Entry entry) {
            byValue.computeIfAbsent(value, any -> new ArrayList<>(1)).add(entry);
            if (entry.set().state() instanceof SwitchState.Killed) {
                SwitchState state = entry.set().state();
                double share = entry.set().scope().share();
                boolean known = widest.stream()
                        .map(Entry::set)
                        .anyMatch(each ->
                                each.state().equals(state) && each.scope().share() >= share);
                if (!known) {
                    widest.removeIf(each -> each.set().state().equals(state));
                    widest.add(entry);
                }
            }
        }

        @Nullable
        List<Entry> of(String value) {
            return byValue.get(value);
        }
    }

    /** The switches of one model, route and feature: for all calls, and by segment. */
    private static final class Cell {
        private final List<Entry> all = new ArrayList<>(1);
        private final Map<String, Attribute> byAttribute = new HashMap<>();
        private final List<String> names = new ArrayList<>(1); // of the attributes

        void add(Switch set, @Nullable RateGate gate) {
            Entry entry = new Entry(set, gate);
            Optional<Segment> segment = set.scope().segment();
            if (segment.isEmpty()) {
                all.add(entry);
                return;
            }
            String name = segment.get().attribute();
            if (!byAttribute.containsKey(name)) {
                names.add(name);
            }
            byAttribute
                    .computeIfAbsent(name, any -> new Attribute())
                    .add(segment.get().value(), entry);
        }

        /** What was found before, or a stricter one of these. */
        @Nullable
        Switch find(Call call, String route, @Nullable Switch before, int enough, @Nullable List<Entry> rates) {
            Switch found = find(all, call, route, before, enough, rates);
            if (byAttribute.isEmpty()) {
                return found;
            }
            found = declared(call, route, found, enough, rates);
            if (call.context().isEmpty()) {
                return found;
            }
            if (names.size() <= call.context().size()) {
                for (int i = 0; i < names.size(); i++) {
                    String name = names.get(i);
                    found = carried(name, call.context().get(name), call, route, found, enough, rates);
                }
            } else { // so that it takes no longer however many attributes have switches
                for (Map.Entry<String, String> each : call.context().entrySet()) {
                    found = carried(each.getKey(), each.getValue(), call, route, found, enough, rates);
                }
            }
            return found;
        }

        private @Nullable Switch declared(
                Call call, String route, @Nullable Switch before, int enough, @Nullable List<Entry> rates) {
            Switch found = before;
            @Nullable String[] values = call.values();
            for (int i = 0; i < values.length; i++) {
                Attribute attribute = byAttribute.get(call.attributes().get(i));
                String value = values[i];
                if (attribute != null && value != null) {
                    found = find(attribute.of(value), call, route, found, enough, rates);
                } else if (attribute != null && call.isUnreadable(i)) { // it may be any of those that are killed
                    found = find(attribute.widest, call, route, found, enough, rates);
                }
            }
            return found;
        }

        /** An attribute that the call carries and the guard does not declare. */
        private @Nullable Switch carried(
                String name,
                @Nullable String value,
                Call call,
                String route,
                @Nullable Switch before,
                int enough,
                @Nullable List<Entry> rates) {
            Attribute attribute = value == null || call.attributes().contains(name) ? null : byAttribute.get(name);
            return attribute == null || value == null
                    ? before
                    : find(attribute.of(value), call, route, before, enough, rates);
        }

        private static @Nullable Switch find(
                @Nullable List<Entry> entries,
                Call call,
                String route,
                @Nullable Switch before,
                int enough,
                @Nullable List<Entry> rates) {
            Switch found = before;
            for (int i = 0; entries != null && i < entries.size() && !isEnough(found, enough); i++) {
                Entry entry = entries.get(i);
                Switch set = entry.set();
                if (set.spares(route)) {
                    continue;
                }
                if (rates != null) {
                    if (entry.gate() != null && entry.isIn(call)) {
                        rates.add(entry);
                    }
                } else if ((found == null || Strictness.of(set) > Strictness.of(found))
                        && entry.stops(call, enough > 0)) {
                    found = set;
                }
            }
            return found;
        }
    }
}
