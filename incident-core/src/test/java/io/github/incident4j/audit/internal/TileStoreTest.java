// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.internal.merkle.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found among the files of tiles. */
class TileStoreTest {
    @TempDir
    Path trail;

    /** No tile that is not full has 256 hashes or more, whoever has put a file of that name there. */
    @Test
    void fileOfAnOddWidth_isNoTile() throws IOException {
        TileStore store = new TileStore(trail);
        byte[] hashes = new byte[40 * Hashes.SIZE];
        Arrays.fill(hashes, (byte) 7);
        store.write(0, 0, hashes);
        Path partials = trail.resolve("tile/0/000.p");
        Files.write(partials.resolve("999"), new byte[999 * Hashes.SIZE]);
        Files.write(partials.resolve("256"), new byte[256 * Hashes.SIZE]);
        Files.write(partials.resolve("041"), new byte[41 * Hashes.SIZE]);
        Files.createDirectory(partials.resolve("200"));
        assertThat(store.find(0, 0, 30)).isEqualTo(Arrays.copyOf(hashes, 30 * Hashes.SIZE));
        assertThat(store.find(0, 0, 41)).isEmpty();
        store.dropPartials(40);
        assertThat(partials.resolve("40")).doesNotExist();
        assertThat(partials.resolve("999")).as("it is not ours").exists();
    }

    @Test
    void widestTileThatIsCutOff_isPassedOver() throws IOException {
        TileStore store = new TileStore(trail);
        byte[] hashes = new byte[40 * Hashes.SIZE];
        Arrays.fill(hashes, (byte) 7);
        store.write(0, 0, hashes);
        Files.write(trail.resolve("tile/0/000.p/50"), new byte[5]);
        assertThat(store.find(0, 0, 30)).isEqualTo(Arrays.copyOf(hashes, 30 * Hashes.SIZE));
    }
}
