// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.helpers.SubstituteLogger;

/** The anchors that write to a file and to a log; {@link HttpAnchorTest} has the third. */
class CheckpointAnchorsTest {
    @TempDir
    Path directory;

    private static String note(int size) {
        return "audit.example.com/1\n" + size + "\nAAAA\n\n\u2014 audit.example.com/1 c2lnbmF0dXJl\n";
    }

    private static List<String> notes(int from, int until) {
        List<String> notes = new ArrayList<>();
        for (int size = from; size < until; size++) {
            notes.add(note(size));
        }
        return notes;
    }

    private void run(Path home, CheckpointAnchor... anchors) {
        var builder = IncidentRuntime.builder().directory(home);
        for (CheckpointAnchor anchor : anchors) {
            builder.checkpointAnchor(anchor);
        }
        try (IncidentRuntime runtime = builder.build()) {
            assertThat(runtime.incidents().open()).isEmpty();
        }
    }

    @Test
    void fileAndLog_showThatATrailWasRolledBack() throws Exception {
        Path home = directory.resolve("var");
        Path file = directory.resolve("checkpoints");
        Queue<SubstituteLoggingEvent> logged = new ConcurrentLinkedQueue<>();
        CheckpointAnchor log = CheckpointAnchors.log(new SubstituteLogger("anchor", logged, false));
        run(home, CheckpointAnchors.file(file), log);
        List<String> keys = AuditTrail.in(home).verifierKeys();
        Path copy = directory.resolve("copy");
        try (Stream<Path> all = Files.walk(home)) {
            for (Path each : all.toList()) {
                Files.copy(each, copy.resolve(home.relativize(each).toString()));
            }
        }
        run(home, CheckpointAnchors.file(file), log);

        List<String> kept = CheckpointAnchors.read(file);
        assertThat(kept.size()).isGreaterThan(1);
        assertThat(kept.get(kept.size() - 1)).isEqualTo(AuditTrail.in(home).checkpoint());
        List<String> restored = new ArrayList<>();
        for (SubstituteLoggingEvent event : logged) {
            String line = MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray());
            assertThat(line).matches("audit checkpoint \"[ -~]+\"");
            restored.add(new ObjectMapper().readValue(line.substring("audit checkpoint ".length()), String.class));
        }
        assertThat(restored).isEqualTo(kept);

        assertThat(AuditTrail.in(home).verify(keys, kept).faults()).isEmpty();
        assertThat(AuditTrail.in(copy).verify(keys, List.of()).faults())
                .as("the older trail is sound by itself")
                .isEmpty();
        assertThat(AuditTrail.in(copy).verify(keys, kept).faults())
                .singleElement()
                .asString()
                .contains("the end was removed");
    }

    @Test
    void log_thatTakesNoInfo_fails() {
        assertThatThrownBy(() -> CheckpointAnchors.log(NOPLogger.NOP_LOGGER).publish(note(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("'NOP' does not take INFO", "set its level");
    }

    @Test
    void file_holdsNotesOneAfterAnother() throws Exception {
        Path file = directory.resolve("checkpoints");
        CheckpointAnchor anchor = CheckpointAnchors.file(file);
        anchor.publish(note(1));
        anchor.publish(note(2));
        assertThat(file).content().isEqualTo(note(1) + "\n" + note(2) + "\n");
        assertThat(CheckpointAnchors.read(file)).isEqualTo(notes(1, 3));
        Path joined = Files.writeString(directory.resolve("joined"), note(1) + note(2) + "\n\n\n" + note(3));
        assertThat(CheckpointAnchors.read(joined))
                .as("with and without empty lines")
                .isEqualTo(notes(1, 4));
        String two = note(4) + "\u2014 another.example.com c2lnbmF0dXJl\n";
        anchor.publish(two);
        assertThat(CheckpointAnchors.read(file)).endsWith(two);
    }

    @Test
    void tornNote_isLeftOutAndCutOffBeforeTheNext() throws Exception {
        Path file = directory.resolve("checkpoints");
        byte[] whole = (note(1) + "\n" + note(2) + "\n" + note(3)).getBytes(StandardCharsets.UTF_8);
        int second = (note(1) + "\n" + note(2)).getBytes(StandardCharsets.UTF_8).length;
        for (int length = second; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(CheckpointAnchors.read(file)).isEqualTo(notes(1, 3));
            CheckpointAnchors.file(file).publish(note(4));
            assertThat(CheckpointAnchors.read(file)).containsExactly(note(1), note(2), note(4));
        }
        CheckpointAnchor anchor = CheckpointAnchors.file(file);
        anchor.publish(note(5));
        Files.write(file, Arrays.copyOf(whole, whole.length - 3)); // by somebody else, while the anchor is used
        anchor.publish(note(6));
        assertThat(CheckpointAnchors.read(file)).containsExactly(note(1), note(2), note(6));
    }

    @Test
    void damageInTheMiddle_isNotHidden() throws Exception {
        Path file = Files.writeString(directory.resolve("checkpoints"), note(1) + "tampered\n" + note(2));
        assertThat(CheckpointAnchors.read(file)).containsExactly(note(1), "tampered\n" + note(2));
    }

    @Test
    void file_keepsTheNewestAndDoesNotGrow() throws Exception {
        Path file = directory.resolve("checkpoints");
        CheckpointAnchor anchor = CheckpointAnchors.file(file, 3);
        for (int size = 1; size <= 20; size++) {
            if (size == 10) {
                anchor = CheckpointAnchors.file(file, 3); // a restart counts what is there
            }
            anchor.publish(note(size));
            List<String> kept = CheckpointAnchors.read(file);
            assertThat(kept).hasSizeBetween(Math.min(size, 3), 5);
            assertThat(kept).isEqualTo(notes(size + 1 - kept.size(), size + 1));
        }
        assertThat(directory).isDirectoryNotContaining("glob:**.next");
        Files.delete(file); // as log rotation does
        anchor.publish(note(21));
        assertThat(CheckpointAnchors.read(file)).containsExactly(note(21));
    }

    @Test
    void interruptedThread_keepsTheNoteAndTheInterrupt() throws Exception {
        Path file = directory.resolve("checkpoints");
        CheckpointAnchor anchor = CheckpointAnchors.file(file);
        try {
            Thread.currentThread().interrupt();
            anchor.publish(note(1));
            anchor.publish(note(2));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(CheckpointAnchors.read(file)).isEqualTo(notes(1, 3));
    }

    @Test
    void placeThatCannotBeUsed_isNamedAndTriedAgain() throws Exception {
        Path folder = Files.writeString(directory.resolve("folder"), "a file");
        CheckpointAnchor anchor = CheckpointAnchors.file(folder.resolve("checkpoints"));
        assertThatThrownBy(() -> anchor.publish(note(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(folder.resolve("checkpoints").toString(), "in an existing folder");
        Files.delete(folder);
        assertThatThrownBy(() -> anchor.publish(note(2)))
                .as("a share that is not mounted")
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("NoSuchFileException", "in an existing folder");
        Files.createDirectory(folder);
        anchor.publish(note(3));
        assertThat(CheckpointAnchors.read(folder.resolve("checkpoints"))).containsExactly(note(3));
        assertThatThrownBy(() -> CheckpointAnchors.file(folder).publish(note(1)))
                .as("a folder where the file should be")
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void fileOfSomebodyElse_isLeftAlone() throws Exception {
        Path file = Files.writeString(directory.resolve("notes.txt"), "buy milk\n");
        assertThatThrownBy(() -> CheckpointAnchors.file(file).publish(note(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(file.toString(), "something else than checkpoints; name another file");
        assertThat(file).content().isEqualTo("buy milk\n");
        assertThatThrownBy(() -> CheckpointAnchors.read(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("holds no checkpoint");
        assertThatThrownBy(() -> CheckpointAnchors.read(directory.resolve("nowhere")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void anchorsThatAreAway_doNotHinderTheOthers() throws Exception {
        Path home = directory.resolve("var");
        Path file = directory.resolve("checkpoints");
        run(
                home,
                CheckpointAnchors.http(URI.create("http://127.0.0.1:1/")),
                CheckpointAnchors.file(directory.resolve("nowhere/checkpoints")),
                CheckpointAnchors.log(NOPLogger.NOP_LOGGER),
                CheckpointAnchors.file(file));
        List<String> kept = CheckpointAnchors.read(file);
        assertThat(kept.get(kept.size() - 1)).isEqualTo(AuditTrail.in(home).checkpoint());
        assertThat(AuditTrail.in(home).verify(List.of(), kept).faults()).isEmpty();
    }

    @Test
    void faultsOfSettings_nameValueAndRemedy() {
        assertThatThrownBy(() -> CheckpointAnchors.file(Path.of("/"), 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("2 faults", "'/' names no file", "keeping 0 checkpoints", "use 1 to 10000");
        assertThatThrownBy(() -> CheckpointAnchors.file(Path.of("")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'' names no file");
        assertThatThrownBy(() -> CheckpointAnchors.file(Path.of("checkpoints"), 10_001))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("keeping 10001 checkpoints");
    }
}
