// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.ForkedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that comes and goes within a JVM, such as a web application, must be able to go with all its classes. */
class ClassLoaderTest {
    @TempDir
    Path directory;

    /** Under both collectors at a time, since most of it is waiting for threads that last some seconds. */
    @Test
    void closedRuntime_keepsNoClassLoader() throws Exception {
        Process serial = start("-XX:+UseSerialGC", ClassLoaderChild.Host.class, "30");
        Process g1 = start("-XX:+UseG1GC", ClassLoaderChild.Host.class, "30");
        assertThat(saidBy(serial)).as("serial").contains("collected");
        assertThat(saidBy(g1)).as("G1").contains("collected");
    }

    @Test
    void loaderThatIsHeld_isSeen() throws Exception {
        assertThat(saidBy(start("-XX:+UseSerialGC", ClassLoaderChild.LeakingHost.class, "2")))
                .contains("held");
    }

    private Process start(String collector, Class<?> host, String seconds) throws IOException {
        return ForkedJvm.startTelling(
                ClassLoaderChild.class,
                List.of(collector, "-XX:SoftRefLRUPolicyMSPerMB=0"),
                host.getName(),
                directory.resolve(collector.substring("-XX:+".length())).toString(),
                seconds);
    }

    private static String saidBy(Process child) throws Exception {
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        return said;
    }
}
