// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.AuditOptions;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real, small file system that is really full; only where this process may mount one. */
class FullDiskTest {
    private static final Cause CAUSE = Cause.by("on-call").because("a full disk");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Path disk = Path.of("");
    private Path filler = Path.of("");

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        filler = disk.resolve("filler");
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=16m", "incident4j-test", disk.toString()),
                "a small file system cannot be mounted here (that takes Linux and root), so no disk can be filled");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such command
        }
    }

    private void fill() {
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] chunk = new byte[4_096];
            while (true) {
                out.write(chunk);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    @Test
    void fullDisk_stopsNoCallLosesNoKillAndTheTrailResumes() throws Exception {
        Path home = disk.resolve("incident4j");
        Scope before = Scope.model("model").route("v3");
        Scope during = Scope.model("model").route("v2");
        long[] calls = {0};
        try (IncidentRuntime runtime = IncidentRuntime.builder().directory(home).build()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("model")
                    .route("v3", input -> "3")
                    .fallback("v2", input -> "2")
                    .fallback("v1", input -> "1")
                    .segment("letter", input -> input)
                    .audit(AuditOptions.<String, String>options().subject(input -> "person-" + input))
                    .build();
            assertThat(runtime.switches().kill(before, CAUSE).durable()).isTrue();
            fill();
            for (int i = 0; i < 20_000; i++) {
                calls[0]++;
                assertThat(model.call("a")).isEqualTo("2");
            }
            SwitchResult kill = runtime.switches().kill(during, CAUSE);
            assertThat(kill.inForce()).isTrue();
            assertThat(kill.problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("No space left"));
            calls[0]++;
            assertThat(model.call("a")).as("the kill is in force").isEqualTo("1");
            SwitchResult restore = runtime.switches().restore(before, CAUSE);
            assertThat(restore.inForce())
                    .as("what is not durable is not restored")
                    .isFalse();
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            Eventually.until(() -> runtime.incidents().open().stream()
                    .anyMatch(each -> each.type() == IncidentType.COMPLIANCE
                            && each.finding().contains("the audit trail cannot be written")));

            Files.delete(filler);
            Eventually.until(() -> {
                calls[0]++;
                model.call("a");
                return sum(home, "trail.gap", "lost") > 0;
            });
            assertThat(runtime.switches().kill(during, CAUSE).durable()).isTrue();
        }
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(each -> each.toString().endsWith(".broken")).count())
                    .as("halves that were set aside")
                    .isLessThanOrEqualTo(1);
        }
        assertThat(AuditTrail.in(home).verify().fault()).isEmpty();
        long lost = sum(home, "trail.gap", "lost");
        assertThat(lost).as("more than can be held was lost").isGreaterThan(10_000);
        assertThat(count(home, "decision") + lost)
                .as("every decision is in the trail or in a gap that it admits")
                .isEqualTo(calls[0]);
        try (IncidentRuntime again = IncidentRuntime.builder().directory(home).build()) {
            assertThat(again.switches().active())
                    .extracting(each -> each.scope())
                    .containsExactlyInAnyOrder(before, during);
        }
    }

    @Test
    void fullDiskAtTheStart_isAClearErrorAndLeavesTheDirectoryFree() throws Exception {
        Path home = disk.resolve("incident4j");
        fill();
        RuntimeBuilder builder = IncidentRuntime.builder().directory(home);
        assertThatThrownBy(builder::build)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(home.toString())
                .hasMessageContaining("No space left")
                .hasMessageContaining("free space");
        Files.delete(filler);
        builder.build().close();
    }

    private static long count(Path home, String type) {
        try (Stream<TrailRecord> records = AuditTrail.in(home).records()) {
            return records.filter(each -> each.type().equals(type)).count();
        }
    }

    private static long sum(Path home, String type, String member) {
        try (Stream<TrailRecord> records = AuditTrail.in(home).records()) {
            return records.filter(each -> each.type().equals(type))
                    .mapToLong(each ->
                            ((Number) Objects.requireNonNull(each.members().get(member))).longValue())
                    .sum();
        }
    }
}
