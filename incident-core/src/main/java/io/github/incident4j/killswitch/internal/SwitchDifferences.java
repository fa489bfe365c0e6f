// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
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

    /** What another writer has changed. */
    List<SwitchRecord> between(String source, SwitchSnapshot before, SwitchSnapshot after) {
        Map<Scope, List<Switch>> was = byScope(before);
        Map<Scope, List<Switch>> is = byScope(after);
        List<SwitchRecord> records = new ArrayList<>();
        was.forEach((scope, gone) -> {
            List<String> left = typesOf(is.getOrDefault(scope, List.of()));
            List<Switch> lost = gone.stream()
                    .filter(each -> !left.contains(SwitchRecord.typeOf(each)))
                    .toList();
            if (lost.isEmpty()) {
                return;
            }
            Instant now = time.instant();
            Cause lifter = liftedBy(Optional.of(scope), gone, before, after);
            boolean ended = source.equals(SwitchBoard.OWN) // what has ended of a source is told by its feed
                    && lifter.equals(ANOTHER_WRITER)
                    && lost.stream().allMatch(each -> OwnSwitches.isOver(each.cause(), now));
            if (ended) {
                lost.forEach(each -> records.add(seen(SwitchRecord.EXPIRED, source, each, "its end has come")));
            } else {
                Switch lifted = SwitchRecord.about(scope, lifter, now);
                records.add(seen(SwitchRecord.RESTORED, source, lifted, "gone from the store"));
            }
        });
        is.forEach((scope, there) -> {
            List<Switch> known = undated(was.getOrDefault(scope, List.of()));
            there.stream()
                    .filter(each -> !known.contains(undated(each)))
                    .forEach(each -> records.add(seen(SwitchRecord.typeOf(each), source, each, "set in the store")));
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

    /** What of a source has come to its end. */
    List<SwitchRecord> ended(String source, SourceFeed.Over over) {
        List<SwitchRecord> records = new ArrayList<>();
        over.switches().forEach(each -> records.add(seen(SwitchRecord.EXPIRED, source, each, "its end has come")));
        over.freezes()
                .forEach(cause ->
                        records.add(seenFreeze(SwitchRecord.THAWED, source, cause, SwitchUpkeep.FREEZE_ENDED)));
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

    private static List<Switch> undated(List<Switch> switches) {
        return switches.stream().map(SwitchDifferences::undated).toList();
    }

    /**
     * A switch without since when it is set, which does not count: who edits by hand leaves it out, and it is then as
     * old as the reading.
     */
    static Switch undated(Switch set) {
        return new Switch(set.scope(), set.state(), set.cause(), Instant.EPOCH);
    }

    private SwitchRecord seenFreeze(String type, String source, Cause cause, String note) {
        return new SwitchRecord(type, source, null, cause, null, Optional.of(note), time.nanoTime());
    }

    private static Map<Scope, List<Switch>> byScope(SwitchSnapshot snapshot) {
        Map<Scope, List<Switch>> switches = new LinkedHashMap<>();
        snapshot.switches()
                .forEach(each -> switches.computeIfAbsent(each.scope(), scope -> new ArrayList<>())
                        .add(each));
        return switches;
    }

    private static List<String> typesOf(List<Switch> switches) {
        return switches.stream().map(SwitchRecord::typeOf).toList();
    }

    /** What was seen of a switch that somebody else has changed, or that has ended. */
    SwitchRecord seen(String type, String source, Switch set, String note) {
        return new SwitchRecord(type, source, set, null, null, Optional.of(note), time.nanoTime());
    }
}
