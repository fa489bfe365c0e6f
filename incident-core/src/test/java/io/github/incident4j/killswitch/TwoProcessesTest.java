// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.ForkedJvm;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime and another process that write one switch file at the same time. */
class TwoProcessesTest {
    private static final int KILLS = 40;

    @TempDir
    Path directory;

    @Test
    void twoProcesses_loseNoneOfTheirKills() throws Exception {
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            Process child = ForkedJvm.start(SwitchChild.class, List.of(), directory.toString(), String.valueOf(KILLS));
            try (BufferedReader said =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(said.readLine()).isEqualTo("ready");
                child.getOutputStream().write('\n');
                child.getOutputStream().flush();
                for (int i = 0; i < KILLS; i++) {
                    SwitchResult result = runtime.switches()
                            .kill(Scope.model("own-" + i), Cause.by("on-call").because("this process"));
                    assertThat(result.inForce()).isTrue();
                }
                assertThat(said.readLine())
                        .as("all of the child's are on the disk")
                        .isEqualTo("" + KILLS);
            } finally {
                child.destroyForcibly();
            }
            Eventually.until(() -> runtime.switches().inForce().size() == 2 * KILLS); // the child's, too
        }
        assertThat(KillSwitches.in(directory).active()).hasSize(2 * KILLS);
    }
}
