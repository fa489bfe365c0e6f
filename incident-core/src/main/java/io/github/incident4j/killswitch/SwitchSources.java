// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.killswitch.internal.FileSwitchStore;
import io.github.incident4j.killswitch.internal.InMemorySwitchStore;
import io.github.incident4j.model.Names;
import java.nio.file.Path;
import java.time.Clock;

/** The sources and stores of switches that the library brings along. */
public final class SwitchSources {
    private SwitchSources() {}

    /**
     * A file in the format of the runtime's own {@code switches.json}, such as a mounted ConfigMap. It is never
     * written. While the file is missing the last known good state stays; a file with an empty array of switches is how
     * its owner lifts them all. {@code "v"} is the format: 2, or 3 where it also says who {@code lifted} what; one of a
     * newer format cannot be read.
     *
     * <pre>{@code
     * { "v": 2, "switches": [ { "scope": { "model": "credit-risk", "route": "v8" },
     *                           "by": "platform", "because": "bad release" } ] }
     * }</pre>
     *
     * @param name the source's name, legal by {@link Names}
     * @param file the file
     * @return the source
     */
    public static SwitchSource file(String name, Path file) {
        return new ReadOnly(new FileSwitchStore(Names.check("source name", name), file, Clock.systemUTC()));
    }

    /**
     * A store that lives as long as the process: for tests, and as a source that another part of the host fills.
     *
     * @param name the source's name, legal by {@link Names}
     * @return the store
     */
    public static SwitchStore inMemory(String name) {
        return new InMemorySwitchStore(Names.check("source name", name));
    }

    private record ReadOnly(FileSwitchStore store) implements SwitchSource {
        @Override
        public String name() {
            return store.name();
        }

        @Override
        public SwitchSnapshot read() throws java.io.IOException {
            SwitchSnapshot read = store.read();
            if (read.equals(SwitchSnapshot.EMPTY)) {
                throw new java.nio.file.NoSuchFileException(store.toString());
            }
            return read;
        }

        @Override
        public void watch(Runnable changed) {
            store.watch(changed);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
