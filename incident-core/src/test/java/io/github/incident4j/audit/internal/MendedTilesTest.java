// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.internal.merkle.TilePath;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A segment of which all tiles are lost, and the one above them. */
class MendedTilesTest {
    private static final int TILES = MerkleLog.SEGMENT_RECORDS / SegmentIndex.BLOCK;
    private static final int READINGS = 5; // of the segment, however many tiles it has

    @TempDir
    Path home;

    private final List<byte[]> before = new ArrayList<>();
    private final List<Path> opened = new ArrayList<>();
    private SmallTrail small;
    private Path above;
    private byte[] aboveBefore;

    @BeforeEach
    void loseTheTiles() throws IOException {
        small = new SmallTrail(home, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < MerkleLog.SEGMENT_RECORDS + 1; i++) {
                assertThat(journal.append(small.text("text", 1))).isTrue();
            }
        }
        above = tile(1, 0);
        aboveBefore = Files.readAllBytes(above);
        Files.delete(above);
        for (int i = 0; i < TILES; i++) {
            before.add(Files.readAllBytes(tile(0, i)));
            Files.delete(tile(0, i));
        }
    }

    private Path tile(int level, long index) {
        return small.file("trail").resolve(TilePath.of(level, index, SegmentIndex.BLOCK));
    }

    private Leaves log() {
        return new Leaves(small.files(), segment -> {
            opened.add(segment);
            return new Lines(segment);
        });
    }

    /** The attestor signs nothing meanwhile. */
    @Test
    void allTilesOfASegment_areMadeAnewInAFewReadings() throws IOException {
        try (Leaves log = log()) {
            MendedTiles tiles = new MendedTiles(small.files(), small.checkpoint(), log);
            for (int i = 0; i < TILES; i++) {
                assertThat(tiles.attestedTile(i)).hasValue(before.get(i));
                assertThat(tile(0, i)).hasBinaryContent(before.get(i));
            }
        }
        assertThat(above).hasBinaryContent(aboveBefore);
        assertThat(opened).isNotEmpty().hasSizeLessThanOrEqualTo(READINGS);
    }

    /** There may be 65,536 of them below one tile, which are no reason to need so much memory. */
    @Test
    void tilesThatOnlyMakeTheOneAbove_areNotKept() throws IOException {
        try (Leaves log = log()) {
            MendedTiles tiles = new MendedTiles(small.files(), small.checkpoint(), log);
            assertThat(tiles.attestedTile(7)).hasValue(before.get(7));
        }
        assertThat(above).hasBinaryContent(aboveBefore);
        for (int i = 0; i < TILES; i++) {
            assertThat(Files.exists(tile(0, i))).as("tile %d", i).isEqualTo(i == 7);
        }
    }

    @Test
    void lineThatIsDamaged_isNotLookedForForEachTile() throws IOException {
        String last = "{\"seq\":" + (MerkleLog.SEGMENT_RECORDS - 1) + ",";
        changeTheLineThat(last, line -> line.replace("\"type\"", "\"tipe\""));
        assertThatNoTileIsMadeAnew("record " + (MerkleLog.SEGMENT_RECORDS - 1));
    }

    /** A number that rots leads nobody to take what follows for the end. */
    @Test
    void lineOfWhichTheNumberIsDamaged_costsNoOtherTile() throws IOException {
        changeTheLineThat("{\"seq\":10007,", line -> line.replace(":10007,", ":90007,"));
        try (Leaves log = log()) {
            for (int i = 0; i < TILES; i++) {
                int index = i;
                if (i == 10_007 / SegmentIndex.BLOCK) {
                    assertThatThrownBy(() -> log.tile(index)).isInstanceOf(NoSuchFileException.class);
                } else {
                    assertThat(log.tile(i)).as("tile %d", i).isEqualTo(before.get(i));
                }
            }
        }
    }

    @Test
    void lineThatWasChanged_isNotReadAgainForEachTile() throws IOException {
        changeTheLineThat(
                "{\"seq\":5,", line -> TamperTest.withItsChecksum(line.replace("\"type\":\"", "\"type\":\"x")));
        assertThatNoTileIsMadeAnew("another");
        assertThat(above).doesNotExist();
    }

    private void changeTheLineThat(String begins, UnaryOperator<String> change) throws IOException {
        Path segment = small.files().segment(0);
        List<String> lines = new ArrayList<>(Files.readAllLines(segment));
        lines.replaceAll(line -> line.startsWith(begins) ? change.apply(line) : line);
        Files.write(segment, lines);
    }

    private void assertThatNoTileIsMadeAnew(String reason) throws IOException {
        try (Leaves log = log()) {
            MendedTiles tiles = new MendedTiles(small.files(), small.checkpoint(), log);
            for (int i = 0; i < TILES; i++) {
                int index = i;
                assertThatThrownBy(() -> tiles.attestedTile(index))
                        .isInstanceOf(NoSuchFileException.class)
                        .hasMessageContaining(reason);
                assertThat(tile(0, i)).doesNotExist();
            }
        }
        assertThat(opened).isNotEmpty().hasSizeLessThanOrEqualTo(READINGS);
    }
}
