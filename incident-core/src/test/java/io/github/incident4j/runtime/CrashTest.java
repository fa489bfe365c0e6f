// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.ForkedJvm;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a JVM in the middle of its work and looks at what it left. */
class CrashTest {
    @TempDir
    Path directory;

    @Test
    void killedProcess_losesNothingThatWasAcknowledgedAndLeavesASoundTrail() throws Exception {
        int crashes = Boolean.getBoolean("incident4j.full") ? 200 : 10;
        Random random = new Random(1);
        long decisions = 0;
        long acknowledged = 0;
        long durable = 0;
        for (int crash = 0; crash < crashes; crash++) {
            Path home = directory.resolve("crash-" + crash);
            List<String> said = runAndKill(home, 10 + random.nextInt(100));
            List<String> kills = after("killed ", said);
            List<String> answers = after("decided ", said);
            acknowledged += kills.size();
            durable += answers.size();
            try (IncidentRuntime again =
                    IncidentRuntime.builder().directory(home).build()) {
                Set<Scope> active = again.switches().active().stream()
                        .map(each -> each.scope())
                        .collect(Collectors.toSet());
                for (String route : kills) {
                    assertThat(active).contains(Scope.model("other").route(route));
                }
                try (Stream<TrailRecord> records = again.trail().records()) {
                    Set<String> ids = new HashSet<>();
                    assertThat(records.filter(each -> each.type().equals("decision"))
                                    .allMatch(each -> ids.add(
                                            String.valueOf(each.members().get("id")))))
                            .as("no decision stands twice")
                            .isTrue();
                    assertThat(ids).containsAll(answers);
                    decisions += ids.size();
                }
            }
            assertThat(io.github.incident4j.audit.AuditTrail.in(home).verify().fault())
                    .isEmpty();
        }
        assertThat(acknowledged).as("kills acknowledged before the crashes").isPositive();
        assertThat(durable).as("answers released before the crashes").isPositive();
        assertThat(decisions).as("decisions written before the crashes").isGreaterThan(durable);
    }

    private static List<String> after(String word, List<String> said) {
        return said.stream()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(word.length()))
                .toList();
    }

    private static List<String> runAndKill(Path home, int afterLines) throws IOException, InterruptedException {
        Process process = ForkedJvm.start(CrashChild.class, List.of(), home.toString());
        List<String> lines = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (lines.size() == afterLines) {
                    process.toHandle().destroyForcibly(); // SIGKILL; what it said before is read to the end
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as("the process was killed").isNotZero();
        return lines;
    }
}
