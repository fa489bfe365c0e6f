// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.ForkedJvm;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.TakenOverException;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One process alone writes to a directory, and knows when it is not the one any more. */
@Timeout(240)
class DirectoryLockTest {
    private static final Instant NOW = Instant.parse("2026-11-20T21:41:00Z");
    private static final String ELSEWHERE = "process 4711 on elsewhere, since yesterday, epoch 99999999999999";

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("runtime.lock");
    }

    @Test
    void fileThatIsRemoved_isMadeAndLockedAgain() throws IOException {
        try (DirectoryLock lock = DirectoryLock.acquire(directory, NOW)) {
            String line = Files.readString(file());
            lock.check();
            Files.delete(file());
            lock.check();
            assertThat(file()).hasContent(line);
            lock.check();
            assertThatThrownBy(() -> DirectoryLock.acquire(directory, NOW))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        DirectoryLock.acquire(directory, NOW).close();
    }

    /** In the same process the file need not even be there. */
    @Test
    void secondRuntimeOfTheProcess_isRefusedAlthoughTheFileIsRemoved() throws IOException {
        DirectoryLock lock = DirectoryLock.acquire(directory, NOW);
        Files.delete(file());
        assertThatThrownBy(() -> DirectoryLock.acquire(directory.resolve("."), NOW))
                .hasMessageContaining("another runtime uses it");
        assertThat(file()).doesNotExist();
        lock.close();
    }

    @Test
    void epochs_grow() throws IOException {
        for (String epoch : List.of("1795210860000", "1795210860001", "1795210860002")) {
            DirectoryLock.acquire(directory, NOW).close();
            assertThat(Files.readString(file())).endsWith(", epoch " + epoch + "\n");
        }
    }

    @Test
    void fileOfSomebodyElse_endsTheOwnershipForGood() throws IOException {
        try (DirectoryLock lock = DirectoryLock.acquire(directory, NOW)) {
            Files.delete(file());
            Files.writeString(file(), ELSEWHERE);
            assertThatThrownBy(lock::check)
                    .isInstanceOf(TakenOverException.class)
                    .hasMessageContaining(ELSEWHERE);
            Files.delete(file());
            assertThatThrownBy(lock::check).isInstanceOf(TakenOverException.class);
        }
    }

    @Test
    void epochOfSomebodyElse_endsItToo_butNoEditByHand() throws IOException {
        try (DirectoryLock lock = DirectoryLock.acquire(directory, NOW)) {
            for (String edited : List.of("", "hello", "hello, epoch tomorrow")) {
                Files.writeString(file(), edited);
                assertThatCode(lock::check).doesNotThrowAnyException();
            }
            Files.writeString(file(), ELSEWHERE);
            assertThatThrownBy(lock::check).hasMessageContaining(ELSEWHERE);
        }
    }

    @Test
    void secondProcess_isRefusedByName() throws Exception {
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            Process child = ForkedJvm.start(LockChild.class, List.of(), directory.toString(), "as it is");
            assertThat(out(child).readLine())
                    .contains("another runtime uses it: process "
                            + ProcessHandle.current().pid() + " on ")
                    .contains(", started ", ", epoch ");
            assertThat(child.waitFor()).isZero();
        }
    }

    /** Somebody removes the lock file, and another process takes the directory: the first one must let go of it. */
    @Test
    void processWhoseLockIsRemoved_writesNoMoreAndNamesTheOther() throws Exception {
        List<String> answered = new ArrayList<>();
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            GuardedModel<String, String> durable = model(runtime, "durable", Durability.DURABLE);
            GuardedModel<String, String> open = model(runtime, "open", Durability.GROUP);
            answered.add(durable.decide("a").id().toString());
            Process child = ForkedJvm.start(LockChild.class, List.of(), directory.toString(), "removed");
            BufferedReader said = out(child);
            assertThat(said.readLine()).isEqualTo("opened");
            String other = "process " + child.pid() + " on ";
            while (runtime.incidents().open().stream()
                    .noneMatch(each -> each.finding().contains(other))) {
                Thread.onSpinWait();
            }
            assertThat(durable.decide("b"))
                    .isInstanceOfSatisfying(
                            Decision.Refused.class,
                            refused -> assertThat(refused.failure()).isEqualTo(new Failure.TrailRefused()));
            assertThat(open.decide("b")).isInstanceOf(Decision.Answered.class);
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                answered.add(line);
            }
            assertThat(child.waitFor()).isZero();
        }
        assertThat(answered).hasSize(21);
        for (String id : answered) {
            assertThat(AuditTrail.in(directory).query().decision(id).count()).isEqualTo(1);
        }
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    static GuardedModel<String, String> model(IncidentRuntime runtime, String name, Durability durability) {
        return runtime.<String, String>guard(name)
                .route("v1", input -> input)
                .durability(durability)
                .build();
    }

    private static BufferedReader out(Process child) {
        return new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    }
}
