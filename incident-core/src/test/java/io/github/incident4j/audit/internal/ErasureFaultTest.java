// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.SideRecord;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.audit.internal.seal.SubjectSecret;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An erasure that a failure or a crash comes into destroys what it says, and says what it has not destroyed. */
class ErasureFaultTest extends FaultyTrail {
    @Test
    void erasureThatFails_saysSoAndIsDoneWhenAskedAgain() throws Exception {
        try (Journal journal = open(directory, disk)) {
            for (long i = 0; i < 100; i++) {
                assertThat(journal.recordAndAwait(decision(i))).isTrue();
            }
            Erasure erasure = new Erasure(directory, journal);
            AtomicInteger forces = new AtomicInteger();
            disk.beforeForce(() -> {
                if (forces.incrementAndGet()
                        == 2) { // the first one is of the record that says what is about to be done
                    disk.fail(FaultyDisk.Fault.FORCE);
                }
            });
            assertThatThrownBy(() -> erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ask again");
            assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .as("in the new segment, which had taken it over")
                    .hasSize(1);
            assertThat(journal.recordAndAwait(decision(107))).isTrue();
        }
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().type("decision").unsealed().records()) {
            assertThat(records.filter(each -> each.side().state() == SideRecord.State.ERASED))
                    .hasSize(2);
        }
        Verification verification = AuditTrail.in(directory).verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(99, 2, 0));
    }

    /** What is held while the disk refuses is sealed when it is written, which must not come after an erasure. */
    @Test
    void erasureDuringAnOutage_isRefusedAndOvertakesNothing() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            disk.fail(FaultyDisk.Fault.WRITE);
            assertThat(journal.record(decision(57))).isTrue();
            Erasure erasure = new Erasure(directory, journal);
            assertThatThrownBy(() -> erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ask again");
            disk.fail(FaultyDisk.Fault.NONE);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .isNotEmpty();
        }
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().type("decision").unsealed().records()) {
            assertThat(records.map(each -> each.side().state())).containsOnly(SideRecord.State.ERASED);
        }
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /**
     * A process that dies while it tries to go on in another segment leaves its secrets, which are copies, and no
     * segment.
     */
    @Test
    void copyOfSecretsBesideASegmentThatWasNeverBegun_isRemovedByTheNextOpening() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(1))).isTrue();
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        Path copy = Files.copy(secrets, secrets.resolveSibling("00000000000000000001.keys"));
        Path side = Files.createFile(small.files().side(small.files().segment(1)));
        try (Journal journal = open(directory, disk)) {
            assertThat(copy).doesNotExist();
            assertThat(side).doesNotExist();
            assertThat(new Erasure(directory, journal).destroy("person-1", REQUEST, TimeSource.system()))
                    .isNotEmpty();
        }
        for (Path file : small.files().secrets()) {
            assertThat(SecretFile.find(file, TagKeys.of(small.files()).tagsOf("person-1")))
                    .isEmpty();
        }
        assertThat(small.trail().verify().faults()).isEmpty();
    }

    /** The log may not be mounted, or be an older copy: what lies beside it is then all that there is. */
    @Test
    void secretsOfRecordsThatTheLogDoesNotHave_areKeptToldOnceAndErased() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        byte[] content = Files.readAllBytes(secrets);
        Path later = Files.copy(secrets, secrets.resolveSibling("00000000000000065536.keys"));
        Files.move(directory.resolve("trail"), directory.resolve("away"));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(2))).isTrue();
        }
        Path kept = secrets.resolveSibling(secrets.getFileName() + ".broken");
        assertThat(kept).as("in the way of those that are written now").hasBinaryContent(content);
        assertThat(later).as("behind the log's end").hasBinaryContent(content);
        try (Journal journal = small.open()) {
            assertThat(small.records(TrailDamage.TYPE)).hasSize(1);
            assertThat(new Erasure(directory, journal).destroy("person-1", REQUEST, TimeSource.system()))
                    .hasSize(2);
        }
        for (Path file : List.of(kept, later)) {
            assertThat(SecretFile.find(file, TagKeys.of(small.files()).tagsOf("person-1")))
                    .isEmpty();
        }
        assertThat(small.records(TrailDamage.TYPE)).hasSize(1);
        assertThat(small.trail().verify().faults()).singleElement().asString().contains("trail is not mounted");
    }

    /**
     * A start has come before the volume; the process may end when one file has its name back and the other has not.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trailThatWasNotMounted_goesOnWithItsSecretsWhenItIsBack(boolean interrupted) throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
            assertThat(journal.recordAndAwait(small.decision(2))).isTrue();
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        Files.move(directory.resolve("trail"), directory.resolve("away"));
        try (Journal journal = small.open()) {
            for (int i = 3; i < 6; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        byte[] strange = Files.readAllBytes(secrets);
        Files.move(directory.resolve("trail"), directory.resolve("other"));
        Files.move(directory.resolve("away"), directory.resolve("trail"));
        if (interrupted) {
            DurableFiles.setAside(secrets);
        }
        for (int run = 0; run < 2; run++) {
            try (Journal journal = small.open()) {
                assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
            }
        }
        assertThat(small.trail().query().subject("person-1").count()).isEqualTo(3);
        assertThat(small.records(TrailDamage.TYPE)).isEmpty();
        Verification verification = small.trail().verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(4, 0, 0));
        assertThat(small.files().secretsSetAside())
                .singleElement()
                .satisfies(aside -> assertThat(aside).hasBinaryContent(strange));
    }

    /** Nothing opens what is left of their file, but it is the one that tells that they were erased. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trailOfWhichEverybodyIsErased_hasItsSecretsBackWhenItIsBack(boolean missing) throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
            assertThat(journal.recordAndAwait(small.decision(2))).isTrue();
            Erasure erasure = new Erasure(directory, journal);
            for (String person : List.of("person-1", "person-2")) {
                assertThat(erasure.destroy(person, REQUEST, TimeSource.system()))
                        .hasSize(1);
            }
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        byte[] right = Files.readAllBytes(secrets);
        Files.move(directory.resolve("trail"), directory.resolve("away"));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(3))).isTrue();
        }
        if (missing) {
            Files.delete(secrets);
        }
        Files.move(directory.resolve("trail"), directory.resolve("other"));
        Files.move(directory.resolve("away"), directory.resolve("trail"));
        small.open().close();
        assertThat(secrets).hasBinaryContent(right);
        assertThat(small.records(TrailDamage.TYPE)).isEmpty();
        Verification verification = small.trail().verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(0, 2, 0));
        assertThat(small.files().secretsSetAside()).hasSize(missing ? 0 : 1);
    }

    /** Acknowledged records behind the last checkpoint are no torn end for want of secrets that nobody ever tore. */
    @ParameterizedTest
    @EnumSource
    void crashOfATrailThatHasOtherSecretsByNow_losesNoRecord(Instead instead) throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(0))).isTrue();
            assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
        }
        byte[] checkpoint = Files.readAllBytes(small.files().checkpoint());
        try (Journal journal = small.open()) {
            for (int i = 2; i < 8; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        Files.write(small.files().checkpoint(), checkpoint);
        Path secrets = small.files().secrets(small.files().segments().get(0));
        byte[] right = Files.readAllBytes(secrets);
        Files.move(directory.resolve("trail"), directory.resolve("away"));
        try (Journal journal = small.open()) {
            for (int i = 0; i < 3; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        Files.move(directory.resolve("trail"), directory.resolve("other"));
        Files.move(directory.resolve("away"), directory.resolve("trail"));
        Path aside = secrets.resolveSibling(secrets.getFileName() + ".broken");
        switch (instead) {
            case THOSE_OF_ANOTHER_TRAIL -> assertThat(aside).hasBinaryContent(right);
            case NOBODY_HAS_THE_RIGHT_ONES -> Files.delete(aside);
            case AN_OLDER_COPY -> {
                Files.delete(aside);
                Files.write(secrets, Arrays.copyOf(right, SecretFile.LINE));
            }
        }
        boolean whole = instead == Instead.THOSE_OF_ANOTHER_TRAIL;
        for (int run = 0; run < 2; run++) {
            try (Journal journal = small.open()) {
                assertThat(journal.recordAndAwait(small.decision(8 + run))).isTrue();
            }
            assertThat(small.trail().query().type("decision").unsealed().count())
                    .isEqualTo(9 + run);
        }
        assertThat(small.files().brokenFiles()).as("no end is torn").isEmpty();
        assertThat(small.records(TrailDamage.TYPE)).hasSize(whole ? 0 : 1);
        assertThat(small.trail().query().subject("person-9").count()).isEqualTo(1);
        if (whole) {
            assertThat(small.trail().verify().faults()).isEmpty();
        } else {
            Files.write(secrets, right);
            assertThat(small.trail().verify().sides().opened())
                    .as("the right ones are back; what came since lies in the older copy, or beside another segment")
                    .isEqualTo(instead == Instead.AN_OLDER_COPY ? 8 : 10);
        }
    }

    /** What lies in the place of a trail's secrets. */
    enum Instead {
        THOSE_OF_ANOTHER_TRAIL,
        NOBODY_HAS_THE_RIGHT_ONES,
        AN_OLDER_COPY
    }

    /** An erasure that a crash has ended between two copies of a file. */
    @Test
    void secretsThatWereErased_doNotComeBackWithACopyThatWasSetAside() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        byte[] content = Files.readAllBytes(secrets);
        try (Journal journal = small.open()) {
            assertThat(new Erasure(directory, journal).destroy("person-1", REQUEST, TimeSource.system()))
                    .hasSize(1);
        }
        Path aside = Files.write(secrets.resolveSibling(secrets.getFileName() + ".broken"), content);
        try (Journal journal = small.open()) {
            assertThat(aside).hasBinaryContent(content);
            assertThat(new Erasure(directory, journal).destroy("person-1", REQUEST, TimeSource.system()))
                    .hasSize(1);
        }
        assertThat(small.trail().verify().sides()).isEqualTo(new Verification.Sides(0, 1, 0));
    }

    /** Where a log that lies in the place of the right one has grown past it. */
    @Test
    void secretsOfAnotherLogWithinTheNewestSegment_areKept() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        Path within = Files.move(secrets, secrets.resolveSibling("00000000000000000002.keys"));
        byte[] content = Files.readAllBytes(within);
        Files.move(directory.resolve("trail"), directory.resolve("away"));
        for (int run = 0; run < 2; run++) {
            try (Journal journal = small.open()) {
                for (int i = 0; i < 4; i++) {
                    assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
                }
            }
        }
        assertThat(within.resolveSibling(within.getFileName() + ".broken")).hasBinaryContent(content);
    }

    /** Whoever is in it may be readable as soon as somebody mends it. */
    @Test
    void secretsSetAsideThatCannotBeRead_keepAnErasureFromBeingWhole() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
            byte[] strange = new byte[SecretFile.LINE];
            Arrays.fill(strange, (byte) 'x');
            Path aside = directory.resolve("subjects/00000000000000000000.keys.broken");
            Files.write(aside, strange);
            Erasure erasure = new Erasure(directory, journal);
            assertThatThrownBy(() -> erasure.destroy("person-1", REQUEST, TimeSource.system()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("1 secrets of this person are destroyed", "keys.broken", "damaged");
            Files.delete(aside);
            assertThat(erasure.destroy("person-1", REQUEST, TimeSource.system()))
                    .as("nothing is left")
                    .isEmpty();
        }
    }

    /**
     * The right log has gone on there after a failure, with copies of all secrets, and an older copy lies in its place.
     */
    @Test
    void copiesThatTheRightLogHasMade_areKeptWholeUnderAnOlderOne() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < 4; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        byte[] content = Files.readAllBytes(secrets);
        Path within = Files.copy(secrets, secrets.resolveSibling("00000000000000000002.keys"));
        Path behind = Files.copy(secrets, secrets.resolveSibling("00000000000000000004.keys"));
        small.open().close();
        for (Path copy : List.of(within, behind)) {
            assertThat(copy).doesNotExist();
            assertThat(copy.resolveSibling(copy.getFileName() + ".broken")).hasBinaryContent(content);
        }
        assertThat(small.trail().verify().faults()).singleElement().asString().contains("trail is not mounted");
    }

    /** Whoever was new in it is on no record: nothing of it is kept. */
    @Test
    void leftoverOfAnAttemptOfThisLog_isRemovedWhole() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < 4; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        byte[] strange = new byte[SecretFile.LINE];
        Arrays.fill(strange, (byte) 'x'); // somebody new, torn
        Path leftover = Files.copy(secrets, secrets.resolveSibling("00000000000000000002.keys"));
        Files.write(leftover, strange, StandardOpenOption.APPEND);
        Path side = Files.createFile(small.files().side(small.files().segment(2)));
        small.open().close();
        assertThat(List.of(leftover, side)).noneMatch(Files::exists);
        assertThat(small.files().secretsSetAside()).isEmpty();
        assertThat(small.trail().verify().faults()).isEmpty();
    }

    /**
     * An attempt that has failed leaves copies, and secrets that its side records name; a copy of the log that was
     * taken while the right one began a segment has a file of side records there, too. Where it may be either, copies
     * go: retention would not find them.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void secretsThatNoAttemptCanHaveLeft_areKept(boolean named) throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < 4; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        SubjectSecret ofSomebodyNew = new SubjectSecret(new byte[SubjectSecret.SIZE]);
        Path behind = Files.copy(secrets, secrets.resolveSibling("00000000000000000004.keys"));
        Files.write(behind, SecretFile.Line.living(new byte[16], ofSomebodyNew).toBytes(), StandardOpenOption.APPEND);
        byte[] living = Files.readAllBytes(behind);
        byte[] reserve = new byte[SecretFile.LINE + 1_000]; // behind one that is torn
        Arrays.fill(reserve, SecretFile.LINE, reserve.length, (byte) '\n');
        Files.write(behind, reserve, StandardOpenOption.APPEND);
        byte[] content = named ? living : Files.readAllBytes(behind);
        Bytes line = new Bytes(256);
        if (named) {
            SideLine.write(4, content.length / SecretFile.LINE - 1, new byte[32], 32, new LineFormat(), line);
        }
        Path side = small.files().side(small.files().segment(4));
        Files.write(side, Arrays.copyOf(line.array(), line.size()));
        small.open().close();
        assertThat(List.of(behind, side)).noneMatch(Files::exists);
        if (named) {
            Arrays.fill(content, 0, content.length - SecretFile.LINE, (byte) '?');
            for (int end = SecretFile.LINE; end < content.length; end += SecretFile.LINE) {
                content[end - 1] = '\n';
            }
        }
        assertThat(small.files().secretsSetAside())
                .singleElement()
                .satisfies(aside -> assertThat(aside).hasBinaryContent(content));
        assertThat(small.records(TrailDamage.TYPE)).hasSize(named ? 0 : 1);
    }

    /** A number says little: the first person of every segment has the first one, or had it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void secretsOfFewPeopleBesideACopyOfTheirSideRecords_areInTheirPlaceAgainWhenTheTrailIsBack(boolean erased)
            throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        TrailSettings settings = new TrailSettings(
                1_024, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), Retention.upTo(Duration.ofDays(400)));
        Opening opened = Opening.of(directory, settings, TimeSource.system(), stored -> {}, Ownership.UNDISPUTED, disk);
        opened.log().append(small.decision(1), 0);
        opened.log().rollIfOld(TimeUnit.DAYS.toNanos(1_000));
        opened.log().append(small.decision(2), 0);
        opened.log().close();
        Path trail = directory.resolve("trail");
        Path newest = small.files().segments().get(1);
        byte[] content = Files.readAllBytes(small.files().secrets(newest));
        if (erased) {
            Arrays.fill(content, 0, SecretFile.LINE - 1, (byte) '-');
            Files.write(small.files().secrets(newest), content);
        }
        copy(trail, directory.resolve("away"));
        Files.delete(newest); // the copy was begun just before it
        for (String attested : List.of("checkpoint", "verifier.pub", "tile", "index")) {
            Files.move(trail.resolve(attested), directory.resolve(attested));
        }
        small.open().close();
        assertThat(small.files().secretsSetAside())
                .singleElement()
                .satisfies(aside -> assertThat(aside).hasBinaryContent(content));
        Files.move(trail, directory.resolve("other"));
        Files.move(directory.resolve("away"), trail);
        small.open().close();
        assertThat(small.files().secrets(newest)).hasBinaryContent(content);
        Verification verification = small.trail().verify();
        assertThat(verification.faults())
                .as("but that the test erases without a word")
                .allMatch(fault -> fault.contains("the trail tells of the erasure of 0"));
        assertThat(verification.sides())
                .isEqualTo(erased ? new Verification.Sides(1, 1, 0) : new Verification.Sides(2, 0, 0));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    /** The attempt has the secret in memory still that was overwritten, but could not be forced. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void copyOfASecretThatIsErased_isRemovedWithTheOthers(boolean others) throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
            if (others) {
                assertThat(journal.recordAndAwait(small.decision(2))).isTrue();
            }
        }
        long next = others ? 2 : 1;
        Path secrets = small.files().secrets(small.files().segments().get(0));
        Path copy = Files.copy(secrets, small.files().secrets(small.files().segment(next)));
        Files.createFile(small.files().side(small.files().segment(next)));
        byte[] erased = Files.readAllBytes(secrets);
        Arrays.fill(erased, 0, SecretFile.LINE - 1, (byte) '-');
        Files.write(secrets, erased);
        small.open().close();
        assertThat(copy).doesNotExist();
        assertThat(small.files().secretsSetAside())
                .as("one that is alone may be anybody's")
                .hasSize(others ? 0 : 1);
        assertThat(small.records(TrailDamage.TYPE)).hasSize(others ? 0 : 1);
    }

    /** Else the next opening could not know whose the secrets are. */
    @Test
    void attemptToGoOn_beginsWithTheFileOfSideRecords() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Path copies = small.files().secrets(small.files().segment(1));
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(1))).isTrue();
            AtomicInteger seen = new AtomicInteger();
            disk.beforeForceOf(FaultyDisk.Kind.KEYS, () -> {
                if (Files.exists(copies)
                        && Files.exists(small.files().side(small.files().segment(1)))) {
                    seen.incrementAndGet();
                }
            });
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            journal.append(small.text("about nobody", 1));
            assertThat(journal.appendAndAwait(small.text("about nobody", 1))).isFalse();
            assertThat(within(resumed)).isTrue();
            assertThat(seen).hasPositiveValue();
        }
        assertThat(disk.faults()).as("the fault happened").isPositive();
    }

    /** The folder of the secrets may be a volume of its own, and the first person come when it is gone. */
    @Test
    void secretsThatCouldNotBeBegun_areNotMissed() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.appendAndAwait(small.text("about nobody", 1))).isTrue();
            disk.fail(FaultyDisk.Fault.OPEN, FaultyDisk.Kind.KEYS);
            assertThat(journal.recordAndAwait(decision(1))).isFalse();
            disk.fail(FaultyDisk.Fault.NONE);
            assertThat(within(resumed)).isTrue();
            assertThat(journal.recordAndAwait(decision(2))).isTrue();
        }
        assertThat(disk.faults()).as("the fault happened").isPositive();
        Path first = small.files().segments().get(0);
        assertThat(small.files().side(first)).exists();
        assertThat(small.files().secrets(first)).doesNotExist();
        small.open().close();
        assertThat(small.records(TrailDamage.TYPE)).isEmpty();
        assertThat(small.trail().verify().faults()).isEmpty();
    }

    /** An older log has tried in vain to go on where the right one has secrets, which it has set aside. */
    @Test
    void secretsSetAsideBesideASegmentThatWasNeverBegun_stayThere() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < 4; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        Path secrets = small.files().secrets(small.files().segments().get(0));
        Path aside = Files.copy(secrets, secrets.resolveSibling("00000000000000000004.keys.broken"));
        Bytes line = new Bytes(256);
        SideLine.write(4, 0, new byte[32], 32, new LineFormat(), line);
        Files.write(small.files().side(small.files().segment(4)), Arrays.copyOf(line.array(), line.size()));
        small.open().close();
        assertThat(aside).hasSameBinaryContentAs(secrets);
    }

    /** An older copy that was made just after the right log has begun a segment ends in an empty one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void secretsBesideAnEmptySegment_areSetAsideByAFailureAndNotLost(boolean ends) throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < 4; i++) {
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        Files.createFile(small.files().segment(4));
        byte[] content = SecretFile.Line.living(new byte[16], new SubjectSecret(new byte[SubjectSecret.SIZE]))
                .toBytes();
        Path secrets = Files.write(small.files().secrets(small.files().segment(4)), content);
        AtomicLong ticker = new AtomicLong();
        try (Journal journal = open(directory, disk, Ownership.UNDISPUTED, ticker::get)) {
            disk.fail(FaultyDisk.Fault.WRITE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(5))).isFalse();
            if (!ends) {
                disk.fail(FaultyDisk.Fault.NONE);
                ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
                assertThat(within(resumed)).isTrue();
            }
        }
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(Stream.concat(Stream.of(secrets), small.files().secretsSetAside().stream())
                        .filter(Files::exists))
                .anySatisfy(file -> assertThat(Files.readAllBytes(file)).startsWith(content));
    }

    /** The older log grows to where the right one has secrets. */
    @Test
    void segmentAtTheNameOfSecretsOfAnotherLog_leavesThem() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Path strange = directory.resolve("subjects/00000000000000000002.keys");
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(1))).isTrue();
            Files.copy(small.files().secrets(small.files().segments().get(0)), strange);
            assertThat(journal.recordAndAwait(decision(2))).isTrue();
            byte[] content = Files.readAllBytes(strange);
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(3))).isFalse();
            assertThat(within(resumed)).isTrue();
            assertThat(strange.resolveSibling(strange.getFileName() + ".broken"))
                    .hasBinaryContent(content);
            assertThat(strange).exists();
        }
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
    }

    /** A segment that is lost may be put back from a copy, and needs its secrets then. */
    @Test
    void secretsOfASegmentThatIsLost_areLeft() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(1))).isTrue();
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(2))).isFalse();
            assertThat(within(resumed)).isTrue();
            assertThat(journal.recordAndAwait(decision(3))).isTrue();
        }
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
        Path lost = small.files().segments().get(1);
        byte[] secrets = Files.readAllBytes(small.files().secrets(lost));
        Files.delete(lost);
        try (Journal journal = open(directory, SegmentChannel::of)) {
            assertThat(journal.recordAndAwait(decision(4))).isTrue();
        }
        assertThat(small.files().secrets(lost)).hasBinaryContent(secrets);
    }

    /** Nobody erases in it whom it is about, and retention does not drop it. */
    @Test
    void secretsWithoutTheirSegment_areAFault() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = open(directory, disk)) {
            for (int i = 0; i < 5; i++) {
                assertThat(journal.recordAndAwait(decision(i))).isTrue();
            }
            Path secrets = small.files().secrets(small.files().segments().get(0));
            Files.copy(secrets, secrets.resolveSibling("00000000000000000003.keys"));
            Eventually.until(() -> Files.exists(small.files().verifierKey())); // which ends the first checkpoint
            assertThat(small.trail().verify().faults())
                    .as("before who goes on after a failure has begun the segment")
                    .isEmpty();
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(5))).isFalse();
            assertThat(within(resumed)).isTrue();
            assertThat(small.trail().verify().faults())
                    .as("before a segment that has begun")
                    .singleElement()
                    .asString()
                    .contains("subjects/00000000000000000003.keys");
        }
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
    }

    /** The secrets go on in another file, where those that were destroyed before are no erasure of their own. */
    @Test
    void outageAfterAnErasure_isNoSecondErasure() throws Exception {
        try (Journal journal = open(directory, disk)) {
            for (long i = 0; i < 20; i++) {
                assertThat(journal.recordAndAwait(decision(i))).isTrue();
            }
            Erasure erasure = new Erasure(directory, journal);
            assertThat(erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .hasSize(1);
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(21))).isFalse();
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(57))).isTrue(); // of the same person
        }
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
        Verification verification = AuditTrail.in(directory).verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(21, 1, 0));
    }

    /** What waits to be forced is written again after a failure, and must be found erased then, not lost. */
    @Test
    void outageAfterAnErasureOfWhatWaitedForTheDisk_leavesItErased() throws Exception {
        AtomicLong ticker = new AtomicLong();
        try (Journal journal = open(directory, disk, Ownership.UNDISPUTED, ticker::get)) {
            assertThat(journal.record(decision(guard(Durability.NONE), 0))).isTrue();
            AtomicInteger lines = new AtomicInteger();
            Erasure erasure = new Erasure(directory, journal);
            disk.beforeForceOf(FaultyDisk.Kind.LOG, () -> {
                if (lines.incrementAndGet() == 1) { // what was planned is about to be forced
                    journal.record(decision(guard(Durability.NONE), 50));
                }
            });
            assertThat(erasure.destroy("person-0", REQUEST, TimeSource.system()))
                    .hasSize(1);
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(1))).isFalse();
            ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
        Verification verification = AuditTrail.in(directory).verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(1, 2, 0));
    }

    /** A secret that came after the trail has told of an erasure is none that it has told of. */
    @Test
    void firstDecisionDuringAnErasure_isOnRecordBeforeItIsErased() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(erase(journal, new Erasing("person-7", Set.of())).untold())
                    .isEmpty();
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            Erasing.Result late = erase(journal, new Erasing("person-7", Set.of()));
            assertThat(late.destroyed()).isEmpty();
            assertThat(late.untold()).hasSize(1);
            assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
            AtomicInteger lines = new AtomicInteger();
            disk.beforeForceOf(FaultyDisk.Kind.KEYS, () -> {
                if (lines.incrementAndGet() == 1) { // it is being overwritten
                    journal.record(decision(guard(Durability.NONE), 57));
                }
            });
            assertThat(new Erasure(directory, journal).destroy("person-7", REQUEST, TimeSource.system()))
                    .as("the second one came afterwards")
                    .hasSize(1);
            assertThat(lines).hasValueGreaterThan(0);
        }
        Verification verification = AuditTrail.in(directory).verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(1, 1, 0));
    }

    /** Asking again tells of the same secret, which must not leave room for one that somebody destroys by hand. */
    @Test
    void erasureThatIsAskedAgain_countsOnce() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            assertThat(journal.recordAndAwait(decision(8))).isTrue();
            disk.fail(FaultyDisk.Fault.WRITE, FaultyDisk.Kind.KEYS);
            Erasure erasure = new Erasure(directory, journal);
            assertThatThrownBy(() -> erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .isInstanceOf(IOException.class);
            disk.fail(FaultyDisk.Fault.NONE);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .hasSize(2);
        }
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
        Path first = new TrailFiles(directory.resolve("trail")).secrets().get(0);
        byte[] secrets = Files.readAllBytes(first);
        Arrays.fill(secrets, SecretFile.LINE, 2 * SecretFile.LINE - 1, (byte) '-');
        Files.write(first, secrets);
        assertThat(AuditTrail.in(directory).verify().faults().toString())
                .contains("3 secrets are destroyed", "erasure of 2 only");
    }

    /** What nobody waits for any more must not destroy anything later, when a hold may be in force. */
    @Test
    void erasureThatIsGivenUp_destroysNothingLater() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            String secret =
                    erase(journal, new Erasing("person-7", Set.of())).untold().get(0);
            Erasing late = new Erasing("person-7", Set.of(secret));
            assertThat(late.giveUp()).isTrue();
            assertThat(erase(journal, late).destroyed()).isEmpty();
            Erasing done = new Erasing("person-7", Set.of(secret));
            assertThat(erase(journal, done).destroyed()).containsExactly(secret);
            assertThat(done.giveUp()).isFalse();
        }
        assertThat(AuditTrail.in(directory).verify().faults().toString())
                .as("nobody told of it")
                .contains("1 secrets are destroyed");
    }

    /** A crash in the midst of overwriting a secret, at each of its bytes, from either end. */
    @Test
    void crashInTheMidstOfAnErasure_leavesNoPartOfTheSecret() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            assertThat(new Erasure(directory, journal).destroy("person-7", REQUEST, TimeSource.system()))
                    .hasSize(1);
            assertThat(journal.recordAndAwait(decision(8))).isTrue();
        }
        Path file = new TrailFiles(directory.resolve("trail")).secrets().get(0);
        byte[] whole = Files.readAllBytes(file);
        String secret = "0123456789abcdef".repeat(4) + " ";
        for (int written : new int[] {1, 32, 33, 70, 105, -1, -40, -105}) {
            byte[] torn = whole.clone();
            byte[] line = ("0".repeat(32) + " " + secret + "00000000").getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(line, 0, torn, 0, line.length);
            Arrays.fill(torn, written < 0 ? 106 + written : 0, written < 0 ? 106 : written, (byte) '-');
            Files.write(file, torn);
            assertThat(AuditTrail.in(directory).verify().faults()).hasSize(1);
            List<SecretFile.Line> lines = SecretFile.read(file);
            assertThat(lines.get(0).kind()).as("after %s bytes", written).isEqualTo(SecretFile.Kind.TORN);
            open(directory, SegmentChannel::of).close();
            assertThat(Files.readAllBytes(file)).as("after %s bytes", written).isEqualTo(whole);
        }
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }
}
