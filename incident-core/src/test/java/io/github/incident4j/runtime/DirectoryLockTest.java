// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.ForkedJvm;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.internal.Ownership;
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
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
            String key = ", file [^,]*,[^,]*, ";
            String line = Files.readString(file()).replaceFirst(key, "");
            lock.check();
            Files.delete(file());
            lock.check();
            assertThat(Files.readString(file()).replaceFirst(key, "")).isEqualTo(line);
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

    /** Names of hosts have up to 253 characters, and the epoch stands behind them. */
    @Test
    void epochBehindALongName_isRead() throws IOException {
        Files.writeString(file(), "process 1 on " + "h".repeat(400) + ", since yesterday, epoch 1795210860007\n");
        DirectoryLock.acquire(directory, NOW).close();
        assertThat(Files.readString(file())).endsWith(", epoch 1795210860008\n");
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

    private void beginTrail() throws IOException {
        Files.createFile(Files.createDirectories(directory.resolve("trail/log")).resolve("00000000000000000000.jsonl"));
    }

    /** Whoever has had the file before may still write, until he looks. */
    @ParameterizedTest
    @ValueSource(strings = {"no file", "", "process 4711 on elsewhere, since yesterday", ELSEWHERE})
    void trailWithoutAnEpoch_isTakenWhenItsHolderHasHadTimeToLook(String holder) throws IOException {
        if (!holder.equals("no file")) {
            Files.writeString(file(), holder);
        }
        List<Long> waited = new ArrayList<>();
        LongConsumer pause = nanos -> {
            waited.add(nanos);
            assertThat(file())
                    .as("who it is can be seen, and that he has not begun")
                    .content()
                    .contains("process " + ProcessHandle.current().pid())
                    .doesNotContain("epoch");
        };
        beginTrail();
        for (int opening = 0; opening < 2; opening++) {
            DirectoryLock.acquire(directory, NOW, pause).close();
            assertThat(waited).hasSize(1).allMatch(each -> each >= 2 * Ownership.LOOK_NANOS);
            assertThat(Files.readString(file())).contains(", epoch ");
        }
    }

    private void replaceTheFileByItsCopy() throws IOException {
        Path copy = Files.copy(file(), directory.resolve("copy"));
        Files.move(copy, file(), StandardCopyOption.REPLACE_EXISTING);
    }

    /** An editor, a restored backup: a holder has locked the old file still, and the new one has all that he wrote. */
    @Test
    void fileThatWasReplacedByItsCopy_isTakenWhenItsHolderHasHadTimeToLook() throws IOException {
        beginTrail();
        DirectoryLock.acquire(directory, NOW, nanos -> {}).close();
        replaceTheFileByItsCopy();
        List<Long> waited = new ArrayList<>();
        DirectoryLock.acquire(directory, NOW, waited::add).close();
        assertThat(waited).hasSize(1);
        DirectoryLock.acquire(directory, NOW, waited::add).close();
        assertThat(waited).as("it is its own now").hasSize(1);
    }

    @Test
    void holderWhoseFileWasReplacedByItsCopy_hasItAgain() throws IOException {
        beginTrail();
        List<Long> waited = new ArrayList<>();
        try (DirectoryLock lock = DirectoryLock.acquire(directory, NOW, waited::add)) {
            replaceTheFileByItsCopy();
            lock.check();
        }
        DirectoryLock.acquire(directory, NOW, waited::add).close();
        assertThat(waited).as("by the first alone").hasSize(1);
    }

    /** Somebody else's file that cannot be opened looks so, for want of descriptors or of a permission. */
    @Test
    void fileThatCannotBeOpened_leavesInDoubtWhoseTheDirectoryIs() throws IOException {
        try (DirectoryLock lock = DirectoryLock.acquire(directory, NOW)) {
            Files.delete(file());
            Files.createDirectory(file());
            for (int look = 0; look < 2; look++) {
                assertThatThrownBy(lock::check)
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(TakenOverException.class);
            }
            Files.delete(file());
            lock.check();
            assertThat(Files.readString(file())).contains(", epoch ");
        }
    }

    @Test
    void directoryThatIsRemoved_comesBackWithItsLock() throws IOException {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (DirectoryLock lock = DirectoryLock.acquire(home, NOW)) {
            Files.delete(home.resolve("runtime.lock"));
            Files.delete(home);
            lock.check();
            assertThat(Files.readString(home.resolve("runtime.lock"))).contains(", epoch ");
        }
    }

    /** Two who believe in one file are each other's peril: the key is that of the file that is locked. */
    @Test
    void fileThatIsReplacedDuringTheWait_isNotTakenForTheOneThatIsLocked() throws IOException {
        beginTrail();
        LongConsumer meanwhile = nanos -> {
            try {
                replaceTheFileByItsCopy();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        try (DirectoryLock lock = DirectoryLock.acquire(directory, NOW, meanwhile)) {
            assertThat(Files.readString(file())).contains(", epoch ");
            lock.check();
        }
        DirectoryLock.acquire(directory, NOW, nanos -> {
                    throw new AssertionError("it is known");
                })
                .close();
    }

    @Test
    void directoryWithoutATrail_isTakenAtOnce() throws IOException {
        DirectoryLock.acquire(directory, NOW, nanos -> {
                    throw new AssertionError("there is nothing that two could write to");
                })
                .close();
        assertThat(Files.readString(file())).contains(", epoch ");
    }

    @Test
    void fileThatSomebodyTakesDuringTheWait_isHis() throws IOException {
        beginTrail();
        LongConsumer meanwhile = nanos -> {
            try {
                Files.delete(file());
                Files.writeString(file(), ELSEWHERE);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        assertThatThrownBy(() -> DirectoryLock.acquire(directory, NOW, meanwhile))
                .isInstanceOf(TakenOverException.class)
                .hasMessageContaining(ELSEWHERE);
        DirectoryLock.acquire(directory, NOW).close(); // he has ended
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
            Decision<String> last = durable.decide("a");
            while (last instanceof Decision.Answered) { // up to the moment of the takeover
                answered.add(last.id().toString());
                LockSupport.parkNanos(1_000_000);
                last = durable.decide("a");
            }
            assertThat(said.readLine()).isEqualTo("opened");
            String other = "process " + child.pid() + " on ";
            Eventually.until(() -> runtime.incidents().open().stream()
                    .anyMatch(each -> each.finding().contains(other)));
            assertThat(durable.decide("b"))
                    .isInstanceOfSatisfying(
                            Decision.Refused.class,
                            refused -> assertThat(refused.failure()).isEqualTo(new Failure.TrailRefused()));
            assertThat(open.decide("b")).isInstanceOf(Decision.Answered.class);
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            int before = answered.size();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                answered.add(line);
            }
            assertThat(answered).hasSize(before + 20);
            assertThat(child.waitFor()).isZero();
        }
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().type("decision").records()) {
            assertThat(records.map(each -> String.valueOf(each.members().get("id"))))
                    .as("of both, and once")
                    .doesNotHaveDuplicates()
                    .containsAll(answered);
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
