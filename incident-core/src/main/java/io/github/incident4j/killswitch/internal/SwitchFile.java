// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The switches of a directory without its runtime, which takes over and records what is changed in its file. */
public final class SwitchFile {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchFile.class);

    private SwitchFile() {}

    /**
     * Opens the switches of a directory. A file that is missing or corrupt is not made anew: the runtime knows from its
     * trail what else was set, and a new file would outrank that.
     *
     * @param directory the runtime's directory
     * @return its switches
     * @throws IOException if there is no file, or it is corrupt, or it cannot be read
     */
    public static KillSwitches open(Path directory) throws IOException {
        Path file = directory.resolve("switches.json");
        TimeSource time = TimeSource.system();
        FileSwitchStore store = new FileSwitchStore(SwitchBoard.OWN, file, time);
        SwitchSnapshot read = store.read();
        if (read.version() == 0) {
            throw new NoSuchFileException(
                    file.toString(), null, "there is no switch file; name the directory of a runtime that was opened");
        }
        SwitchBoard board = new SwitchBoard(store, List.of(), time, record -> {}, LOG::error, set -> Optional.empty());
        board.openWith(read);
        return board;
    }
}
