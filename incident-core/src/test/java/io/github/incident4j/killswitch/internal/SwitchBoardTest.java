// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwitchBoardTest {
    private static final Cause CAUSE = Cause.by("on-call").because("a reason");
    private static final Scope ROUTE = Scope.model("model").route("v2");
    private static final Scope SEGMENT = Scope.model("model").route("v1").segment("age", "18-25");
    private static final Instant NOW = Instant.parse("2026-11-20T21:41:00Z");

    @TempDir
    Path directory;

    private final List<TrailEntry> trail = new ArrayList<>();

    private SwitchBoard board() {
        return new SwitchBoard(directory, TimeSource.following(() -> NOW), trail::add);
    }

    private SwitchBoard opened() throws IOException {
        SwitchBoard board = board();
        assertThat(board.open()).isEmpty();
        return board;
    }

    private Path file() {
        return directory.resolve("switches.json");
    }

    /** Feeds a board what another one has recorded, as the trail would. */
    private void replayInto(SwitchBoard board) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        for (TrailEntry entry : trail) {
            StringWriter text = new StringWriter();
            try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
                json.setCodec(mapper);
                json.writeStartObject();
                entry.writeMembers(json);
                json.writeEndObject();
            }
            board.replay(new StoredRecord(0, NOW, entry.type(), mapper.readTree(text.toString())));
        }
    }

    private static List<Scope> scopes(SwitchBoard board) {
        return board.active().stream().map(Switch::scope).toList();
    }

    @Test
    void kill_isInForceAndDurableBeforeItReturns() throws IOException {
        SwitchBoard board = opened();
        assertThat(board.table()).isSameAs(SwitchTable.OPEN);
        SwitchResult result = board.kill(ROUTE, CAUSE);
        assertThat(result.inForce()).isTrue();
        assertThat(result.durable()).isTrue();
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(Files.readString(file())).contains("\"route\" : \"v2\"", "on-call", "a reason");
        assertThat(trail)
                .singleElement()
                .satisfies(each -> assertThat(each.type()).isEqualTo("switch.killed"));
        assertThat(scopes(opened())).containsExactly(ROUTE);
    }

    private static @Nullable Switch covering(SwitchBoard board, String route, @Nullable String age) {
        return board.table().covering("model", route, List.of("age"), new @Nullable String[] {age});
    }

    @Test
    void scopes_coverExactlyWhatTheySay() throws IOException {
        SwitchBoard board = opened();
        board.kill(SEGMENT, CAUSE);
        assertThat(covering(board, "v1", "18-25")).isNotNull();
        assertThat(covering(board, "v1", "26-35")).isNull();
        assertThat(covering(board, "v1", null)).isNull();
        assertThat(covering(board, "v2", "18-25")).isNull();
        board.kill(Scope.model("model").segment("age", "51+"), CAUSE);
        assertThat(covering(board, "v2", "51+")).isNotNull();
        board.kill(Scope.model("other"), CAUSE);
        assertThat(covering(board, "v2", "18-25")).isNull();
        board.kill(Scope.everything(), CAUSE);
        assertThat(covering(board, "v2", "18-25")).isNotNull();
        board.restore(Scope.everything(), CAUSE);
        assertThat(covering(board, "v2", "18-25")).isNull();
        assertThat(scopes(board)).hasSize(3);
    }

    @Test
    void restoreOfEverything_leavesTheOpenTable() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        assertThat(board.restore(ROUTE, CAUSE).durable()).isTrue();
        assertThat(board.table()).isSameAs(SwitchTable.OPEN);
        assertThat(scopes(opened())).isEmpty();
        assertThat(board.restore(ROUTE, CAUSE).inForce()).as("nothing to lift").isTrue();
    }

    @Test
    void diskThatRefuses_keepsKillsInForceAndRestoresOut() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        Files.createDirectories(directory.resolve("switches.json.next").resolve("in the way"));
        SwitchResult kill = board.kill(SEGMENT, CAUSE);
        assertThat(kill.inForce()).isTrue();
        assertThat(kill.durable()).isFalse();
        assertThat(kill.problem().orElse("")).contains("switches.json");
        assertThat(covering(board, "v1", "18-25")).isNotNull();
        SwitchResult restore = board.restore(ROUTE, CAUSE);
        assertThat(restore.inForce()).isFalse();
        assertThat(covering(board, "v2", null)).isNotNull();
    }

    @Test
    void corruptFile_isSetAsideAndNoKillIsLost() throws IOException {
        SwitchBoard first = opened();
        first.kill(ROUTE, CAUSE);
        first.kill(SEGMENT, CAUSE);
        byte[] sound = Files.readAllBytes(file());
        List<byte[]> corrupt = new ArrayList<>(List.of(
                new byte[0],
                "garbage".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "{\"v\":99,\"switches\":[]}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "{\"v\":1,\"switches\":[{}]}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        for (int length = 1; length < sound.length - 1; length += 13) {
            corrupt.add(Arrays.copyOf(sound, length));
        }
        for (byte[] content : corrupt) {
            Files.write(file(), content);
            SwitchBoard board = board();
            replayInto(board);
            assertThat(board.open()).isPresent();
            assertThat(scopes(board)).containsExactly(ROUTE, SEGMENT);
            assertThat(Files.readAllBytes(file())).isEqualTo(sound);
        }
        assertThat(directory.resolve("switches.json.broken")).exists();
    }

    @Test
    void missingFile_isRebuiltFromTheTrail_andAFileOutranksIt() throws IOException {
        SwitchBoard first = opened();
        first.kill(ROUTE, CAUSE);
        Files.delete(file());
        SwitchBoard rebuilt = board();
        replayInto(rebuilt);
        assertThat(rebuilt.open()).isEmpty();
        assertThat(scopes(rebuilt)).containsExactly(ROUTE);

        Files.writeString(file(), "{\"v\":1,\"switches\":[]}");
        SwitchBoard outranked = board();
        replayInto(outranked);
        assertThat(outranked.open()).isEmpty();
        assertThat(scopes(outranked)).isEmpty();
    }

    @Test
    void interruptedThread_killsDurablyAndKeepsItsInterrupt() throws IOException {
        SwitchBoard board = opened();
        Thread.currentThread().interrupt();
        assertThat(board.kill(ROUTE, CAUSE).durable()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(scopes(opened())).containsExactly(ROUTE);
    }

    @Test
    void closedBoard_staysClosed() throws IOException {
        SwitchBoard board = opened();
        board.close();
        assertThat(board.table().isClosed()).isTrue();
        assertThat(board.kill(ROUTE, CAUSE).durable()).isFalse();
        assertThat(board.restore(ROUTE, CAUSE).inForce()).isFalse();
        assertThat(board.table().isClosed()).isTrue();
    }
}
