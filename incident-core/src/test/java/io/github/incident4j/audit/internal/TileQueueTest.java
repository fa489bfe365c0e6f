// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.AuditSigners;
import io.github.incident4j.audit.internal.merkle.MerkleTree;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiles that cannot be written for so long that not all of them are kept. */
class TileQueueTest {
    private static final int RECORDS = MerkleLog.SEGMENT_RECORDS + 1_000;

    @TempDir
    Path home;

    @Test
    void tilesThatWereNotKept_areMadeAnewFromTheLogAndAttested() throws Exception {
        SmallTrail small = new SmallTrail(home, TimeSource.following(() -> Instant.EPOCH));
        TrailFiles files = small.files();
        Path blocked = files.log().resolveSibling("tile");
        Files.createDirectories(files.log());
        Files.createFile(blocked); // where a folder should be
        TileQueue tiles = new TileQueue(files, 3);
        MerkleLog log = log(files, tiles);
        for (int i = 0; i < RECORDS; i++) {
            log.append(small.text("text", 10), 0);
            log.spill();
            if (i % 1_000 == 0) {
                log.attest(false);
            }
        }
        log.force();
        log.attest(true);
        assertThat(tiles.isBehind()).as("the fault has happened").isTrue();
        assertThat(files.checkpoint()).doesNotExist();
        Files.delete(blocked);
        for (int i = 0; i < RECORDS && tiles.isBehind(); i++) {
            log.attest(false);
            log.append(small.text("meanwhile", 10), 0);
            log.force();
        }
        assertThat(tiles.isBehind()).isFalse();
        log.close();
        assertThat(small.trail().verify().faults()).isEmpty();
        assertThat(small.trail().verify().attested()).isGreaterThan(RECORDS);
        assertThat(small.trail().prove(RECORDS / 2).check(small.trail().verifierKeys()))
                .isEmpty();
    }

    /** A log of which nothing is written yet. */
    private MerkleLog log(TrailFiles files, TileQueue tiles) throws IOException {
        Attestor attestor = new Attestor(
                files,
                List.of(AuditSigners.file(home.resolve("audit.key"))),
                List.of(),
                null,
                new Fence(Ownership.UNDISPUTED));
        attestor.start();
        MerkleLog.Start start = new MerkleLog.Start(new MerkleTree(tiles), null, 0);
        return new MerkleLog(
                files,
                new TrailPlace(files, Ownership.UNDISPUTED),
                SegmentChannel::of,
                start,
                tiles,
                attestor,
                Optional.empty(),
                TagKeys.of(files).begin(files, 0));
    }

    /** The first of all tiles is as good as any other. */
    @Test
    void firstTile_isMadeAnewToo() throws Exception {
        SmallTrail small = new SmallTrail(home, TimeSource.following(() -> Instant.EPOCH));
        TrailFiles files = small.files();
        Files.createDirectories(files.log());
        TileQueue tiles = new TileQueue(files, 0); // as where there is no memory
        MerkleLog log = log(files, tiles);
        for (int i = 0; i < 300; i++) {
            log.append(small.text("text", 10), 0);
        }
        log.force();
        assertThat(tiles.isBehind()).isTrue();
        log.attest(true);
        assertThat(tiles.isBehind()).isFalse();
        log.close();
        assertThat(small.trail().verify().faults()).isEmpty();
        assertThat(small.trail().verify().attested()).isEqualTo(300);
    }
}
