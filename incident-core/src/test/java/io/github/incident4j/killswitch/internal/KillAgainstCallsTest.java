// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.ForkedJvm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class KillAgainstCallsTest {
    /** Lincheck wants a class path and options of its own, so it gets a JVM of its own. */
    @Test
    void killsRestoresAndCalls_areLinearizable() throws Exception {
        boolean full = Boolean.getBoolean("incident4j.full");
        Process lincheck = ForkedJvm.startTelling(
                KillAgainstCalls.class,
                List.of(
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "--add-opens",
                        "java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--add-opens",
                        "java.base/java.util=ALL-UNNAMED",
                        "--add-exports",
                        "java.base/jdk.internal.util=ALL-UNNAMED",
                        "-XX:+EnableDynamicAgentLoading"),
                full ? "200" : "20",
                full ? "5000" : "500");
        String said = new String(lincheck.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(lincheck.waitFor()).as(said).isZero();
    }
}
