// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Scope;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store that others use, too, and that fails as a test wants it. */
final class Shared implements SwitchStore {
    final InMemorySwitchStore store = new InMemorySwitchStore("shared");

    @Nullable
    IOException fault; // of reading

    @Nullable
    Throwable thrown; // of everything

    boolean readOnly; // for us; other writers go on
    int setAside;

    @Nullable
    Runnable meanwhile; // happens once, while it is written

    /** Is logged often, and so has no stack trace. */
    static final class Down extends IOException {
        private static final long serialVersionUID = 1L;

        Down(String message) {
            super(message);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    @Override
    public String name() {
        return "shared";
    }

    @Override
    public SwitchSnapshot read() throws IOException {
        if (fault != null) {
            throw fault;
        }
        throwWhatIsThrown();
        return store.read();
    }

    @Override
    public boolean replace(long expected, SwitchSnapshot next) {
        throwWhatIsThrown();
        Runnable happening = meanwhile;
        meanwhile = null;
        if (happening != null) {
            happening.run();
        }
        if (readOnly) {
            throw SwitchFixture.<RuntimeException>sneak(new Down("the disk is full"));
        }
        return store.replace(expected, next); // what fails may be the reading alone
    }

    private void throwWhatIsThrown() {
        if (thrown != null) {
            throw SwitchFixture.<RuntimeException>sneak(thrown);
        }
    }

    @Override
    public String setAside() {
        setAside++;
        return store.setAside();
    }

    /** As another writer does. */
    void write(List<Switch> switches) {
        long version = store.read().version();
        assertThat(store.replace(version, new SwitchSnapshot(version + 1, switches, Optional.empty())))
                .isTrue();
    }

    @Override
    public String toString() {
        return name();
    }

    List<Scope> scopes() {
        return store.read().switches().stream().map(Switch::scope).toList();
    }
}
