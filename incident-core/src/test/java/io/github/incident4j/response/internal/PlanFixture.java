// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.incident.internal.IncidentRules;
import io.github.incident4j.incident.internal.PlanState;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.killswitch.internal.SwitchWatch;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.ResponsePlan;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A plan, its incidents and real switches, without a runtime: the test is the detector thread, and everybody else. */
class PlanFixture {
    static final Duration GRACE = Duration.ofMinutes(1);
    static final int WATCH = 10;

    private static final Cause ON_CALL = Cause.by("on-call").because("a look at it");

    Instant now = Instant.parse("2026-11-20T21:41:00Z");
    final List<TrailEntry> trail = new ArrayList<>();
    final TimeSource time = TimeSource.following(() -> this.now);
    final SwitchBoard board = board();
    final Set<String> withoutBreaker = new HashSet<>();
    final List<String> broken = new ArrayList<>();
    final Control control = new Control();
    GuardInfo guard;
    boolean ramped;
    Consumer<TrailEntry> afterRecord = entry -> {};
    private int survives = Integer.MAX_VALUE;
    private ResponsePlan plan = ResponsePlan.standard();
    private IncidentDesk desk = desk();
    private Responder responder = responder();

    PlanFixture(String... versions) {
        this.guard = guardOf(Set.of(RouteKind.RULE), versions);
    }

    /** The breakers of all versions, but those without one, and guardrails of which the rules can be exchanged. */
    final class Control implements RouteControl {
        private final Map<String, RulesInstead> instead = new HashMap<>();
        private Runnable meanwhile = () -> {};

        /** What comes in between the look at a breaker and its opening, which fails then. */
        void beforeOpening(Runnable task) {
            meanwhile = task;
        }

        @Override
        public boolean openBreaker(String route) {
            meanwhile.run();
            broken.add(route);
            return !withoutBreaker.contains(route);
        }

        @Override
        public boolean hasBreaker(String route) {
            return !withoutBreaker.contains(route);
        }

        @Override
        public Optional<String> whyNotRules(String guardrail, String ruleSet) {
            return rulesInstead(guardrail)
                    .filter(rules -> rules.ruleSet().equals(ruleSet))
                    .map(rules -> "it is in force already");
        }

        @Override
        public Optional<String> useRules(String guardrail, String ruleSet, Cause cause) {
            Optional<String> why = whyNotRules(guardrail, ruleSet);
            if (why.isEmpty()) {
                instead.put(guardrail, new RulesInstead(ruleSet, cause));
            }
            return why;
        }

        @Override
        public Optional<RulesInstead> rulesInstead(String guardrail) {
            return Optional.ofNullable(instead.get(guardrail));
        }

        void lift() {
            instead.clear();
        }

        void lift(String guardrail) {
            instead.remove(guardrail);
        }

        /** As a person may at any time. */
        void useAnyway(String guardrail, String ruleSet, Cause cause) {
            instead.put(guardrail, new RulesInstead(ruleSet, cause));
        }
    }

    static GuardInfo guardOf(Set<RouteKind> others, String... versions) {
        List<GuardInfo.Route> routes = new ArrayList<>();
        List.of(versions).forEach(version -> routes.add(GuardInfos.route(version, RouteKind.MODEL)));
        others.forEach(kind -> routes.add(GuardInfos.route(kind.name(), kind)));
        return new GuardInfo(1, "model", routes, List.of(), List.of("rate"), GuardInfos.recording(Durability.GROUP));
    }

    private SwitchBoard board() {
        SwitchBoard made = new SwitchWatch(
                        SwitchSources.inMemory("runtime"),
                        Map.of(),
                        null,
                        time,
                        trail::add,
                        alarm -> {},
                        set -> Optional.empty())
                .board();
        try {
            made.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return made;
    }

    private IncidentDesk desk() {
        return new IncidentDesk(time, IncidentRules.STANDARD, this::record, event -> {});
    }

    /** The process died. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void record(TrailEntry entry) {
        if (survives <= 0) {
            throw new Crash();
        }
        survives--;
        trail.add(entry);
        afterRecord.accept(entry);
    }

    /** Has so many more records of incidents reach the trail. */
    void crashAfter(int records) {
        survives = records;
    }

    private Responder responder() {
        return new Responder(
                plan,
                desk,
                board,
                name -> Optional.of(guard),
                name -> Optional.of(control),
                time,
                new Responder.Detectors() {
                    @Override
                    public void rearm(String model) {}

                    @Override
                    public boolean learns(String model) {
                        return false;
                    }

                    @Override
                    public double shareOf(String model) {
                        return 0;
                    }
                },
                (signal, incident) -> ramped);
    }

    PlanFixture plan(ResponsePlan.Builder builder) {
        plan = builder.grace(GRACE).watch(WATCH).build();
        responder = responder();
        return this;
    }

    /** Harm that is noticed after any grace. */
    void harm(String version) {
        harm(version, IncidentType.BIAS, Severity.P1);
    }

    void harm(String version, IncidentType type, Severity severity) {
        now = now.plus(GRACE).plusSeconds(1);
        signal(version, type, severity);
    }

    void signal(String version) {
        signal(version, IncidentType.BIAS, Severity.P1);
    }

    void signal(String version, IncidentType type, Severity severity) {
        responder.respond(new Signal(
                "rate",
                "model",
                version,
                type,
                severity,
                Optional.empty(),
                now,
                1_000,
                now.minusSeconds(10),
                500,
                new Signal.Evidence(11, 10, 0.1, 0.5, 50),
                "something rose"));
    }

    /** Decisions without a signal, more than a plan watches. */
    void quiet() {
        now = now.plus(GRACE).plusSeconds(1);
        for (int i = 0; i <= WATCH; i++) {
            responder.decided("model", now);
        }
    }

    void resolve() {
        desk.resolve("inc-1", ON_CALL);
    }

    Approvals approvals() {
        return new Approvals(desk, this::approve, time);
    }

    private void approve(TrailEntry approval) {
        responder.approved((ApprovalRecord) approval);
    }

    void approve() {
        approvals().approve("inc-1", ON_CALL);
    }

    void approve(int proposal) {
        approvals().approve("inc-1", proposal, ON_CALL);
    }

    /** The approval is on record, and the process ends. */
    void approveAndCrash(int proposal) {
        trail.add(new ApprovalRecord("inc-1", proposal, ON_CALL, 0));
    }

    static Scope of(String version) {
        return Scope.model("model").route(version);
    }

    void kill(String version) {
        board.kill(of(version), SwitchState.killed(), ON_CALL);
    }

    void restore(Scope scope) {
        board.restore(scope, ON_CALL);
    }

    /** The process ends and another one begins. */
    void restart() {
        desk = desk();
        responder = responder();
        for (TrailEntry entry : List.copyOf(trail)) {
            StoredRecord stored = stored(entry);
            desk.replay(stored);
            responder.replay(stored);
        }
        responder.guarded("model");
    }

    /** What an opening makes of records. */
    IncidentDesk replayed(List<TrailEntry> records) {
        IncidentDesk replayed = desk();
        List.copyOf(records).forEach(entry -> replayed.replay(stored(entry)));
        return replayed;
    }

    private StoredRecord stored(TrailEntry entry) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            entry.writeMembers(json);
            json.writeEndObject();
            json.flush();
            return new StoredRecord(0, now, entry.type(), new ObjectMapper().readTree(text.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    PlanState state() {
        return desk.plan("inc-1");
    }

    Incident incident() {
        return desk.find("inc-1").orElseThrow();
    }

    boolean hasIncident() {
        return desk.find("inc-1").isPresent();
    }

    /** What the plan has done and said; neither the signals nor what people have approved. */
    List<Kind> told() {
        return !hasIncident()
                ? List.of()
                : incident().timeline().stream()
                        .map(TimelineEntry::kind)
                        .filter(kind -> kind != Kind.SIGNAL && kind != Kind.CONTAINMENT_APPROVED)
                        .toList();
    }

    String lastOf(Kind kind) {
        return incident().last(kind).orElseThrow().what();
    }

    /** Where the library has set a switch. */
    List<Scope> contained() {
        return board.active().stream()
                .filter(set -> set.cause().by().equals("incident4j"))
                .map(Switch::scope)
                .toList();
    }
}
