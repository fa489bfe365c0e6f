// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.model.TimeSource;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherFileSystemTest {
    @TempDir
    Path directory;

    /** A path of another file system has no {@link java.io.File}. */
    @Test
    void trailOfAnotherFileSystem_isRecovered() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        SmallTrail small = new SmallTrail(home, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < 5; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        Path archive = directory.resolve("archive.zip");
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path copy = zip.getPath("/home");
            try (Stream<Path> all = Files.walk(home)) {
                for (Path each : all.toList()) {
                    Files.copy(each, copy.resolve(home.relativize(each).toString()));
                }
            }
            TrailFiles files = new TrailFiles(copy.resolve("trail"));
            Files.delete(files.secrets(files.segments().get(0)));
            List<StoredRecord> replayed = new ArrayList<>();
            Recovery.Result recovered = Recovery.run(
                    files,
                    small.checkpoint(),
                    null,
                    new TileQueue(files),
                    TimeSource.system(),
                    replayed::add,
                    Ownership.UNDISPUTED);
            assertThat(recovered.start().tree().size()).isEqualTo(5);
            assertThat(recovered.notes())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TrailDamage.class,
                            damage -> assertThat(damage.fault()).contains("the secrets are lost"));
        }
    }
}
