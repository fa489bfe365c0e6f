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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
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
            Path home = directory.resolve("crash-" + crash / 3); // each directory sees some crashes
            List<String> said = runAndKill(home, 10 + random.nextInt(100), random.nextInt(10_000_000));
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
                    Map<String, Long> latest = new HashMap<>();
                    records.filter(each -> each.type().equals("decision")).forEach(each -> {
                        String id = String.valueOf(each.members().get("id"));
                        assertThat(ids.add(id)).as("it stands there once").isTrue();
                        int dash = id.indexOf('-');
                        long number = Long.parseLong(id.substring(dash + 1));
                        String caller = id.substring(0, dash) + each.members().get("model");
                        assertThat(Objects.requireNonNullElse(latest.put(caller, number), -1L))
                                .as("the one before, of the same thread")
                                .isLessThan(number);
                    });
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

    /** As where something starts it again and again, and ends it before it is up. */
    @Test
    void processThatIsKilledWhileItOpens_losesNothing() throws Exception {
        int trails = Boolean.getBoolean("incident4j.full") ? 20 : 2;
        Random random = new Random(2);
        long took = 300_000_000; // nanoseconds: as long as an opening may take
        int unopened = 0;
        for (int trail = 0; trail < trails; trail++) {
            Path home = directory.resolve("trail-" + trail);
            List<String> answers = new ArrayList<>();
            for (boolean up : new boolean[] {false, true, false, false, false}) {
                List<String> said = up ? runAndKill(home, 50, 0) : runAndKill(home, 1, random.nextLong(took));
                answers.addAll(after("decided ", said));
                List<String> opened = after("opened ", said);
                unopened += opened.isEmpty() ? 1 : 0;
                took = opened.isEmpty() ? took : Long.parseLong(opened.get(0));
            }
            try (IncidentRuntime again =
                            IncidentRuntime.builder().directory(home).build();
                    Stream<TrailRecord> records = again.trail().records()) {
                assertThat(records.map(each -> String.valueOf(each.members().get("id"))))
                        .containsAll(answers);
            }
            assertThat(answers).as("answers released before the crashes").isNotEmpty();
            assertThat(io.github.incident4j.audit.AuditTrail.in(home).verify().faults())
                    .isEmpty();
        }
        assertThat(unopened).as("killed before they were up").isPositive();
    }

    private static List<String> after(String word, List<String> said) {
        return said.stream()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(word.length()))
                .toList();
    }

    /** Kills it at any moment after it has said some lines. */
    private static List<String> runAndKill(Path home, int afterLines, long afterNanos)
            throws IOException, InterruptedException {
        Process process = ForkedJvm.start(CrashChild.class, List.of(), home.toString());
        List<String> lines = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (lines.size() == afterLines) {
                    LockSupport.parkNanos(afterNanos);
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
