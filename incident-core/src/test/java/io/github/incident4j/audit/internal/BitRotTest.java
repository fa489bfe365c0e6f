// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Verification;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One bit that flips, in whichever file of the trail, is found, and the fault says where. */
class BitRotTest {
    private static final boolean FULL = Boolean.getBoolean("incident4j.full");
    private static final int LONG_FILE = 2_000; // beyond that a sample is looked at, unless there is time

    private static final int SECRET_LINE = 107;

    @TempDir
    Path directory;

    private SmallTrail small = new SmallTrail(Path.of("."), TimeSource.system());

    @BeforeEach
    void writeATrailOfEveryKind() throws IOException {
        small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < 2; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
            assertThat(journal.appendAndAwait(small.text("long", 70_000))).isTrue();
            new Erasure(directory, journal).destroy("person-1", Cause.by("desk").because("17"), TimeSource.system());
        }
        assertThat(small.trail().verify().faults()).isEmpty();
    }

    private List<Path> files(String folder) throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve(folder))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** What a fault names: the record, or the file. */
    @ParameterizedTest
    @CsvSource({
        "trail/log, record ",
        "trail/side, record ",
        "trail/aside, record ",
        "trail/index, index of ",
        "trail/checkpoint, checkpoint",
        "trail/verifier.pub, ''",
        "trail/tile, ''"
    })
    void bit_isFoundAndLocated(String kind, String where) throws IOException {
        List<String> missed = new ArrayList<>();
        List<Path> files = files(kind);
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            byte[] sound = Files.readAllBytes(file);
            int step = sound.length > LONG_FILE && !FULL ? 997 : 1;
            for (int at = 0; at < sound.length; at += step) {
                for (int bit = FULL ? 0 : at % 8; bit < 8; bit += FULL ? 1 : 8) {
                    byte[] rotten = sound.clone();
                    rotten[at] ^= (byte) (1 << bit);
                    Files.write(file, rotten);
                    String found = found();
                    if (found.isEmpty() || !found.contains(where)) {
                        missed.add("bit " + bit + " of byte " + at + " of " + file.getFileName() + ": " + found);
                    }
                }
            }
            Files.write(file, sound);
        }
        assertThat(missed).isEmpty();
        assertThat(small.trail().verify().faults()).isEmpty();
    }

    /** The faults; what verify throws is no answer. */
    private String found() {
        Verification verification = small.trail().verify();
        return verification.intact() ? "" : String.join("; ", verification.faults());
    }

    /** What tells a secret, or that it is destroyed; what stands between tells nothing. */
    @Test
    void bitOfASecret_isFound() throws IOException {
        List<String> missed = new ArrayList<>();
        for (Path file : files("subjects").stream()
                .filter(each -> each.toString().endsWith(".keys"))
                .toList()) {
            byte[] sound = Files.readAllBytes(file);
            for (int at = 0; at < sound.length; at++) {
                boolean tells = sound[at] != ' ' && sound[at] != '\n' && (sound[at] != '-' || at % SECRET_LINE == 0);
                for (int bit = FULL ? 0 : at % 8; bit < 8 && tells; bit += FULL ? 1 : 8) {
                    byte[] rotten = sound.clone();
                    rotten[at] ^= (byte) (1 << bit);
                    Files.write(file, rotten);
                    boolean same = Character.toLowerCase(rotten[at]) == sound[at]; // a hex digit in another case
                    if (!same && found().isEmpty()) {
                        missed.add("bit " + bit + " of byte " + at);
                    }
                }
            }
            Files.write(file, sound);
        }
        assertThat(missed).isEmpty();
    }
}
