// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.model.Cause;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to the switches by itself, on the threads of {@link SwitchWatch}: they end, others change the store, and
 * sources have news or grow too old.
 */
final class SwitchUpkeep {
    /** What is noted where a freeze is over. */
    static final String FREEZE_ENDED = "the end of the freeze has come";

    private static final Logger LOG = LoggerFactory.getLogger(SwitchUpkeep.class);

    private final SwitchMemory memory;
    private final StoredSwitches store;
    private final SwitchRecords records;
    private final SwitchDifferences differences;
    private final Consumer<String> alarm;
    private final Runnable stopRunning;

    /**
     * Creates the upkeep.
     *
     * @param store the store, which is looked after by nobody else
     * @param alarm is told what is wrong with a source; raises an incident
     * @param stopRunning stops the running calls that must not go on by now
     */
    SwitchUpkeep(
            SwitchMemory memory,
            StoredSwitches store,
            SwitchRecords records,
            SwitchDifferences differences,
            Consumer<String> alarm,
            Runnable stopRunning) {
        this.memory = memory;
        this.store = store;
        this.records = records;
        this.differences = differences;
        this.alarm = alarm;
        this.stopRunning = stopRunning;
    }

    /** Takes what earlier runs have known of the sources, before these are read. */
    void loadCaches() {
        for (SourceFeed feed : memory.feeds()) {
            feed.loadCache().ifPresent(why -> {
                String what = "what was last known of switch source '" + feed.name() + "' cannot be read (" + why
                        + "); unless the source can be read, none of its switches is in force";
                LOG.error("{}", what);
                alarm.accept(what);
            });
        }
    }

    /** Looks at the store, and removes from it what is over; may hang with the store. */
    void lookAtStore() {
        store.look();
        records.stored();
        expire();
    }

    /** Stores what is owed to the store, before it is closed; may hang with it. */
    void storeTheRest() {
        if (store.isOwing()) {
            store.look();
            records.stored();
        }
    }

    private void expire() {
        List<Switch> over = memory.expire();
        Optional<Cause> thawed = memory.expireFreeze();
        if (over.isEmpty() && thawed.isEmpty()) {
            return;
        }
        Optional<String> problem = Optional.empty();
        try {
            store.keep();
        } catch (IOException e) { // their end stands in the store, so they are over after a restart, too
            problem = Optional.of(store.problem(e, "The switches that are over are still in it"));
        }
        for (Switch each : over) {
            records.changed(SwitchRecord.EXPIRED, each, problem.stream().toList());
        }
        String note = problem.orElse(FREEZE_ENDED);
        thawed.ifPresent(cause -> records.freeze(SwitchRecord.THAWED, cause, List.of(note)));
    }

    /** Has hold what holds by now: switches end, and sources that do not come back grow too old. Waits for no store. */
    void age() {
        memory.compileWhatAges(); // first: a record may wait for room
        for (SourceFeed feed : memory.feeds()) {
            take(feed, feed.watch());
            differences.ended(feed.name(), feed.ended()).forEach(records::seen);
        }
    }

    /** Reads a source, on its own thread: first its switches are in force, and then they are kept for a restart. */
    void look(SourceFeed feed) {
        take(feed, feed.poll());
        feed.keep();
    }

    /** Takes the news of a source. */
    private void take(SourceFeed feed, SourceFeed.News news) {
        boolean tooOld = feed.becameTooOld();
        if (news.isNone() && !tooOld) {
            return;
        }
        memory.compile(); // first: a record may wait for room, or fail
        stopRunning.run();
        try {
            differences.ended(feed.name(), news.ended()).forEach(records::seen);
            tell(feed, news, tooOld);
        } finally {
            differences.between(feed.name(), news.before(), news.after()).forEach(records::seen);
        }
    }

    private void tell(SourceFeed feed, SourceFeed.News news, boolean tooOld) {
        String name = feed.name();
        news.failed().ifPresent(why -> {
            String what = "switch source '" + name + "' cannot be read (" + why + "); "
                    + (feed.isStale() ? "everything is killed until it can be" : "what was last known stays in force");
            LOG.error("{}", what);
            records.happened(name, SwitchRecord.SOURCE_FAILED, Optional.of(why));
            alarm.accept(what);
        });
        if (tooOld) {
            String what = "what is known of switch source '" + name
                    + "' is older than its owner allows: everything is killed until it can be read again";
            records.happened(name, SwitchRecord.SOURCE_TOO_OLD, Optional.empty());
            if (news.failed().isEmpty()) { // else it was told just now
                LOG.error("{}", what);
                alarm.accept(what);
            }
        }
        if (news.recovered()) {
            LOG.warn("switch source '{}' can be read again", name);
            records.happened(name, SwitchRecord.SOURCE_RECOVERED, Optional.empty());
        }
    }

    /** Somebody else has changed switches that are in force by now. */
    void changed(String source, SwitchSnapshot before, SwitchSnapshot after) {
        stopRunning.run();
        differences.between(source, before, after).forEach(records::seen);
    }
}
