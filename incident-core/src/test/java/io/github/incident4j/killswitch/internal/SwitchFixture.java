// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.SourcePolicy;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSource;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A board on a directory, with a clock that stands still and a trail in memory. */
abstract class SwitchFixture {
    static final Cause CAUSE = Cause.by("on-call").because("a reason");
    static final Scope ROUTE = Scope.model("model").route("v2");
    static final Scope SEGMENT = Scope.model("model").route("v1").segment("age", "18-25");
    static final Instant NOW = Instant.parse("2026-11-20T21:41:00Z");

    @TempDir
    Path directory;

    final List<TrailEntry> trail = new ArrayList<>();

    final List<String> alarms = new ArrayList<>();
    final List<SourceFeed> feeds = new ArrayList<>();
    Instant now = NOW;
    final TimeSource time = TimeSource.following(() -> now);

    SwitchBoard board() {
        return board(new FileSwitchStore("runtime", file(), time));
    }

    SwitchBoard board(SwitchStore store) {
        return new SwitchBoard(store, feeds, time, trail::add, alarms::add, scope -> Optional.empty());
    }

    SwitchBoard opened() throws IOException {
        SwitchBoard board = board();
        assertThat(board.open()).isEmpty();
        return board;
    }

    /** What the threads that look after a board do. */
    static void tick(SwitchBoard board) {
        board.upkeep().age();
        board.upkeep().lookAtStore();
    }

    Path file() {
        return directory.resolve("switches.json");
    }

    /** Feeds a board what another one has recorded, as the trail would. */
    void replayInto(SwitchBoard board) throws IOException {
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

    /** Throws what is not declared, as Kotlin, Scala and Lombok let their users do. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T extends Throwable> RuntimeException sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    static List<Scope> scopes(SwitchBoard board) {
        return board.active().stream().map(Switch::scope).toList();
    }

    /** The switch that stops a call now, which spends of the rates if none does. */
    @Nullable
    Switch covering(SwitchBoard board, String route, @Nullable String age) {
        SwitchTable.Call call = new SwitchTable.Call(
                "model", null, List.of("age"), new @Nullable String[] {age}, null, Map.of(), "user-1", 0);
        SwitchTable table = board.table();
        Switch stopping = table.stopping(call, route);
        return stopping != null ? stopping : table.take(call, route, time.nanoTime());
    }

    SourceFeed feed(SwitchSource source, SourcePolicy sourcePolicy) {
        SourceFeed feed = new SourceFeed(source, sourcePolicy, directory.resolve("sources"), time);
        feeds.add(feed);
        return feed;
    }
}
