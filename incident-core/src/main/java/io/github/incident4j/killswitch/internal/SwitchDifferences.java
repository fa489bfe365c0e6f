// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records what others have changed: another writer of the store, or the owner of a source. */
final class SwitchDifferences {
    private static final Cause ANOTHER_WRITER =
            Cause.by("another writer of the store").because("it is gone from the store");

    private final TimeSource time;

    SwitchDifferences(TimeSource time) {
        this.time = time;
    }

    /**
     * What another writer has changed, so that {@link TrailSwitches#replay} makes the same of it: what is left at a
     * scope of which something is gone is set again, a limit before the kill that it outlasts.
     */
    List<SwitchRecord> between(String source, SwitchSnapshot before, SwitchSnapshot after) {
        Map<Scope, List<Switch>> was = byScope(before);
        Map<Scope, List<Switch>> is = byScope(after);
        List<SwitchRecord> records = new ArrayList<>();
        was.forEach((scope, gone) -> {
            List<Switch> left = is.getOrDefault(scope, List.of());
            if (left.size() < gone.size() || !typesOf(left).containsAll(typesOf(gone))) {
                Switch lifted =
                        SwitchRecord.about(scope, liftedBy(Optional.of(scope), gone, before, after), time.instant());
                records.add(seen(SwitchRecord.RESTORED, source, lifted, "gone from the store"));
                left.forEach(each -> records.add(seen(SwitchRecord.typeOf(each), source, each, "set in the store")));
                is.remove(scope);
            }
        });
        is.forEach((scope, there) -> {
            List<Switch> known = was.getOrDefault(scope, List.of());
            if (!isSame(there, known)) {
                there.forEach(each -> records.add(seen(SwitchRecord.typeOf(each), source, each, "set in the store")));
            }
        });
        if (!before.freeze().equals(after.freeze())) {
            records.add(after.freeze()
                    .map(cause -> seenFreeze(SwitchRecord.FROZEN, source, cause, "set in the store"))
                    .orElseGet(() -> seenFreeze(
                            SwitchRecord.THAWED,
                            source,
                            liftedBy(Optional.empty(), List.of(), before, after),
                            "gone from the store")));
        }
        return records;
    }

    /** Who lifted it, if the other writer says it; what was lifted before it was set is another story. */
    private static Cause liftedBy(
            Optional<Scope> scope, List<Switch> gone, SwitchSnapshot before, SwitchSnapshot after) {
        return after.lifts().stream()
                .filter(lift -> lift.scope().equals(scope)
                        && !before.lifts().contains(lift)
                        && gone.stream().noneMatch(each -> lift.at().isBefore(each.since())))
                .map(SwitchSnapshot.Lift::cause)
                .reduce((one, later) -> later)
                .orElse(ANOTHER_WRITER);
    }

    /** Since when does not count: who edits by hand leaves it out, and it is then as old as the reading. */
    private static boolean isSame(List<Switch> there, List<Switch> known) {
        return undated(there).equals(undated(known));
    }

    private static List<Switch> undated(List<Switch> switches) {
        return switches.stream().map(SwitchDifferences::undated).toList();
    }

    /** A switch without since when it is set. */
    static Switch undated(Switch set) {
        return new Switch(set.scope(), set.state(), set.cause(), Instant.EPOCH);
    }

    private SwitchRecord seenFreeze(String type, String source, Cause cause, String note) {
        return new SwitchRecord(type, source, null, cause, true, Optional.of(note), time.nanoTime());
    }

    private static Map<Scope, List<Switch>> byScope(SwitchSnapshot snapshot) {
        Map<Scope, List<Switch>> switches = new LinkedHashMap<>();
        snapshot.switches().stream()
                .sorted(Comparator.comparing(each -> each.state() instanceof SwitchState.Killed))
                .forEach(each -> switches.computeIfAbsent(each.scope(), scope -> new ArrayList<>())
                        .add(each));
        return switches;
    }

    private static List<String> typesOf(List<Switch> switches) {
        return switches.stream().map(SwitchRecord::typeOf).toList();
    }

    /** What was seen of a switch that somebody else has changed, or that has ended. */
    SwitchRecord seen(String type, String source, Switch set, String note) {
        return new SwitchRecord(type, source, set, null, true, Optional.of(note), time.nanoTime());
    }
}
