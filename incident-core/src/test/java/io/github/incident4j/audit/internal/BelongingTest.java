// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.incident4j.audit.internal.seal.SubjectSecret;
import io.github.incident4j.model.TimeSource;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BelongingTest {
    @TempDir
    Path directory;

    /** Files of a wrong trail stay for ever, and each opening meets them. */
    @Test
    void secretsThatAreRight_areKnownWithoutReadingAllSideRecordsForThoseThatWereSetAside() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(journal.record(small.decision(1))).isTrue();
            }
        }
        TrailFiles files = small.files();
        Path segment = files.segments().get(0);
        Path aside = files.secrets(segment).resolveSibling("00000000000000000000.keys.broken");
        SubjectSecret wrong = new SubjectSecret(new byte[SubjectSecret.SIZE]);
        Files.write(aside, SecretFile.Line.living(new byte[16], wrong).toBytes());
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Belonging.putBack(files); // loads what it needs
        long before = thread.getCurrentThreadAllocatedBytes();
        Belonging.putBack(files);
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertThat(aside).exists();
        assertThat(allocated)
                .as("of side records of %s bytes", Files.size(files.side(segment)))
                .isLessThan(Files.size(files.side(segment)));
    }
}
