// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.DurableFiles;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The switches in memory and on the disk. The hot path reads {@link #table()}; changes are rare and take a lock.
 *
 * <p>Life: created, fed the trail's switch records by {@link #replay}, then {@link #open opened}. The switch file
 * outranks the trail; a missing or corrupt file is made anew from the trail, so that no kill is lost with it.
 */
public final class SwitchBoard implements KillSwitches {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchBoard.class);

    private final SwitchFile file;
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final Map<Scope, Switch> replayed = new LinkedHashMap<>();
    private volatile SwitchTable table = SwitchTable.OPEN;

    /**
     * Creates a board on which nothing is set.
     *
     * @param directory the runtime's directory
     * @param time the clocks
     * @param trail takes the records of changes
     */
    public SwitchBoard(Path directory, TimeSource time, Consumer<TrailEntry> trail) {
        this.file = new SwitchFile(directory);
        this.time = time;
        this.trail = trail;
    }

    /**
     * Takes a record of an earlier run into account.
     *
     * @param stored any record of the trail
     */
    public void replay(StoredRecord stored) {
        if (stored.type().equals(SwitchChange.KILLED)) {
            Switch set = SwitchJson.read(stored.json().path("switch"));
            replayed.put(set.scope(), set);
        } else if (stored.type().equals(SwitchChange.RESTORED)) {
            replayed.remove(SwitchJson.read(stored.json().path("switch")).scope());
        }
    }

    /**
     * Takes the state of the switch file, or of the trail where the file cannot be used.
     *
     * @return what was wrong with the file, if anything
     * @throws IOException if a file is there and cannot be read, or a new one cannot be written
     */
    public synchronized Optional<String> open() throws IOException {
        Optional<String> fault = Optional.empty();
        Optional<List<Switch>> stored = Optional.empty();
        try {
            stored = file.read();
        } catch (SwitchFile.CorruptException e) {
            Path aside = DurableFiles.setAside(file.path());
            String found = "the switch file " + file.path() + " was corrupt (" + e.getMessage()
                    + ") and was moved to " + aside.getFileName() + "; the switches were rebuilt from the audit trail: "
                    + replayed.size() + " set";
            LOG.error("{}. Check that they are what you want", found);
            fault = Optional.of(found);
        }
        table = SwitchTable.of(stored.orElse(new ArrayList<>(replayed.values())));
        if (stored.isEmpty()) {
            if (fault.isEmpty() && !replayed.isEmpty()) {
                LOG.warn(
                        "the switch file {} is missing; the {} switches that the audit trail knows are set again",
                        file.path(),
                        replayed.size());
            }
            file.write(table.all());
        }
        replayed.clear();
        return fault;
    }

    /** {@return the present switches; one volatile read} */
    public SwitchTable table() {
        return table;
    }

    /** Lets nothing pass from now on. */
    public synchronized void close() {
        table = SwitchTable.CLOSED;
    }

    @Override
    public synchronized SwitchResult kill(Scope scope, Cause cause) {
        if (table.isClosed()) {
            return closed();
        }
        Switch set = new Switch(scope, cause, time.instant());
        table = table.with(set);
        Optional<String> problem = persist(table);
        trail.accept(new SwitchChange(SwitchChange.KILLED, set, problem, time.nanoTime()));
        return new SwitchResult(true, problem);
    }

    @Override
    public synchronized SwitchResult restore(Scope scope, Cause cause) {
        if (table.isClosed()) {
            return closed();
        }
        if (table.get(scope) == null) {
            return new SwitchResult(true, Optional.empty());
        }
        SwitchTable changed = table.without(scope);
        Optional<String> problem = persist(changed);
        if (problem.isPresent()) {
            return new SwitchResult(false, problem);
        }
        table = changed;
        Switch lifted = new Switch(scope, cause, time.instant());
        trail.accept(new SwitchChange(SwitchChange.RESTORED, lifted, problem, time.nanoTime()));
        return new SwitchResult(true, problem);
    }

    @Override
    public List<Switch> active() {
        return table.all();
    }

    private static SwitchResult closed() {
        return new SwitchResult(false, Optional.of("the runtime is closed: nothing passes, and nothing was written"));
    }

    private Optional<String> persist(SwitchTable changed) {
        try {
            file.write(changed.all());
            return Optional.empty();
        } catch (IOException e) {
            String problem = "the switch file " + file.path() + " could not be written: " + e;
            LOG.error("{}. A kill stays in force until this process ends; a restore did not take effect", problem, e);
            return Optional.of(problem);
        }
    }
}
