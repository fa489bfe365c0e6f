// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.ForkedJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A host that comes and goes within a JVM, such as a web application, must be able to go with all its classes. */
class ClassLoaderTest {
    @TempDir
    Path directory;

    static List<String> collectors() {
        return Boolean.getBoolean("incident4j.full")
                ? List.of("-XX:+UseSerialGC", "-XX:+UseG1GC")
                : List.of("-XX:+UseSerialGC");
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void closedRuntime_keepsNoClassLoader(String collector) throws Exception {
        assertThat(run(collector, ClassLoaderChild.Host.class, "30")).contains("collected");
    }

    @Test
    void loaderThatIsHeld_isSeen() throws Exception {
        assertThat(run("-XX:+UseSerialGC", ClassLoaderChild.LeakingHost.class, "2"))
                .contains("held");
    }

    private String run(String collector, Class<?> host, String seconds) throws Exception {
        Process child = ForkedJvm.startTelling(
                ClassLoaderChild.class,
                List.of(collector, "-XX:SoftRefLRUPolicyMSPerMB=0"),
                host.getName(),
                directory.toString(),
                seconds);
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        return said;
    }
}
