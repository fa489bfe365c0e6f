// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchStore;

/** Switches that live as long as the process. */
public final class InMemorySwitchStore implements SwitchStore {
    private final String name;
    private SwitchSnapshot snapshot = SwitchSnapshot.EMPTY;
    private Runnable changed = () -> {};

    /**
     * Creates an empty store.
     *
     * @param name the source's name
     */
    public InMemorySwitchStore(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized SwitchSnapshot read() {
        return snapshot;
    }

    @Override
    public synchronized void watch(Runnable newChanged) {
        changed = newChanged;
    }

    @Override
    public boolean replace(long expected, SwitchSnapshot next) {
        Runnable tell;
        synchronized (this) {
            if (snapshot.version() != expected) {
                return false;
            }
            snapshot = next;
            tell = changed;
        }
        tell.run();
        return true;
    }

    @Override
    public synchronized String setAside() {
        snapshot = SwitchSnapshot.EMPTY;
        return name;
    }

    @Override
    public String toString() {
        return "in memory";
    }
}
