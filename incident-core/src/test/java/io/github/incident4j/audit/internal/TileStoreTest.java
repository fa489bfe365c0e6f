// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
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

    /** A power cut may take a file whole of which the folder was not forced since it was created. */
    @Test
    void tilesThatAreForced_nameTheFoldersThatHaveToBeForcedWithThem() throws IOException {
        TileStore store = new TileStore(trail);
        byte[] hashes = new byte[256 * Hashes.SIZE];
        store.write(0, 0, hashes);
        store.write(0, 1_000, hashes);
        assertThat(store.force(0, 1_001 * 256, 1_001 * 256))
                .containsExactlyInAnyOrder(
                        trail.resolve("tile/0/x001"), trail.resolve("tile/0"), trail.resolve("tile"), trail);
    }

    /** What the last checkpoint of a run needs is needed until the next one. */
    @Test
    void partialTilesOfTheRunBefore_goWithTheirCheckpoint() throws IOException {
        SmallTrail small = new SmallTrail(trail, TimeSource.system());
        for (int run = 1; run <= 3; run++) {
            try (Journal journal = small.open()) {
                assertThat(journal.append(small.text("text", 1))).isTrue();
            }
            try (Stream<Path> partials = Files.list(trail.resolve("trail/tile/0/000.p"))) {
                assertThat(partials.map(Path::getFileName).map(Path::toString)).containsExactly("" + run);
            }
            assertThat(small.trail().verify().faults()).isEmpty();
        }
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
