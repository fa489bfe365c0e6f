// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.ForkedJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A route that calls its own guard without end fills the stack, wherever in our own code that ends. In a JVM of its own
 * that compiles nothing: each method has a frame there, so each is met by some of the overflows.
 */
class StackOverflowTest {
    @Test
    void callsThatFillTheStack_areOnRecordOrCountedAndTheTrailGoesOn(@TempDir Path directory) throws Exception {
        assertThat(run("trail", directory.toString())).contains("each call is accounted for");
    }

    /** An open state of resilience4j's that is left only by half asks itself for a permit without end. */
    @Test
    void callsThatFillTheStackWhileABreakerLeavesItsOpenState_doNotBreakIt() throws Exception {
        assertThat(run("breaker")).contains("the breaker has come back each time");
    }

    private static String run(String... arguments) throws Exception {
        Process child = ForkedJvm.startTelling(StackOverflowChild.class, List.of("-Xint"), arguments);
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        return said;
    }
}
