// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The switches as the trail of earlier runs has them: what was in force, and what the store held. */
final class TrailSwitches {
    private final Map<Scope, List<Switch>> inForce = new LinkedHashMap<>();
    private final Map<Scope, List<Switch>> inStore = new LinkedHashMap<>();
    private Optional<Cause> freeze = Optional.empty();
    private Optional<Cause> freezeInStore = Optional.empty();

    SwitchSnapshot inForce() {
        return new SwitchSnapshot(0, all(inForce), freeze);
    }

    SwitchSnapshot inStore() {
        return new SwitchSnapshot(0, all(inStore), freezeInStore);
    }

    /** The scopes of what was in force and not in the store. */
    List<Scope> owed() {
        return inForce.entrySet().stream()
                .filter(each ->
                        new Standing<>(each.getValue(), inStore.getOrDefault(each.getKey(), List.of())).isOwed())
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean isFreezeOwed() {
        return freeze.isPresent() && !freeze.equals(freezeInStore);
    }

    /** Forgets them. */
    void clear() {
        inForce.clear();
        inStore.clear();
    }

    private static List<Switch> all(Map<Scope, List<Switch>> switches) {
        return switches.values().stream().flatMap(List::stream).toList();
    }

    /** Takes a record of an earlier run into account. */
    void replay(StoredRecord record) {
        if (!record.type().startsWith("switch.")
                || !record.json().path("source").asText(SwitchBoard.OWN).equals(SwitchBoard.OWN)) {
            return;
        }
        JsonNode changed = record.json().path("switch");
        switch (record.type()) {
            case SwitchRecord.KILLED, SwitchRecord.LIMITED -> replaySwitches(record, changed, List.of(changed));
            case SwitchRecord.RESTORED, SwitchRecord.EXPIRED -> replaySwitches(record, changed, List.of());
            case SwitchRecord.FROZEN ->
                replayFreeze(record, List.of(record.json().path("cause")));
            case SwitchRecord.THAWED -> replayFreeze(record, List.of());
            case SwitchRecord.STORED -> {
                inStore.clear();
                inStore.putAll(inForce);
                freezeInStore = freeze;
            }
            default -> {
                // nothing was changed by it
            }
        }
    }

    private void replaySwitches(StoredRecord record, JsonNode changed, List<JsonNode> plain) {
        Function<JsonNode, Switch> reading = json -> SwitchJson.read(json, record.time());
        Scope scope = reading.apply(changed).scope();
        put(inForce, scope, inForce(record, plain).stream().map(reading).toList());
        put(inStore, scope, inStore(record, plain).stream().map(reading).toList());
    }

    private static void put(Map<Scope, List<Switch>> switches, Scope scope, List<Switch> there) {
        switches.remove(scope); // so that the latest is the last
        if (!there.isEmpty()) {
            switches.put(scope, there);
        }
    }

    private void replayFreeze(StoredRecord record, List<JsonNode> plain) {
        freeze = inForce(record, plain).stream().findFirst().map(SwitchJson::readCause);
        freezeInStore = inStore(record, plain).stream().findFirst().map(SwitchJson::readCause);
    }

    /** What is in force since then; early records say no more than what was changed. */
    private static List<JsonNode> inForce(StoredRecord record, List<JsonNode> plain) {
        return record.json().has(SwitchRecord.IN_FORCE) ? list(record, SwitchRecord.IN_FORCE) : plain;
    }

    private static List<JsonNode> inStore(StoredRecord record, List<JsonNode> plain) {
        return record.json().path(SwitchRecord.DURABLE).asBoolean(true)
                ? inForce(record, plain)
                : list(record, SwitchRecord.IN_STORE);
    }

    private static List<JsonNode> list(StoredRecord record, String member) {
        List<JsonNode> all = new ArrayList<>();
        record.json().path(member).forEach(all::add);
        return all;
    }
}
