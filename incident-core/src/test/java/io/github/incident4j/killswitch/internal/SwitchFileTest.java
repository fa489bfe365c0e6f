// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.CorruptSwitchesException;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Switches that are changed beside the runtime, and what it makes of that. */
class SwitchFileTest extends SwitchFixture {
    private static final Cause NIGHT = Cause.by("night-shift").because("ticket 4711");

    private List<String> said(String type) {
        return trail.stream()
                .filter(each -> each.type().equals(type))
                .map(SwitchRecord.class::cast)
                .map(SwitchFileTest::cause)
                .map(cause -> cause.by() + ": " + cause.because())
                .toList();
    }

    private static Cause cause(SwitchRecord record) {
        Switch set = record.set();
        return set == null ? Objects.requireNonNull(record.cause()) : set.cause();
    }

    @Test
    void changesBesideARunningRuntime_areInForceThereAndOnRecordWithWhoAndWhy() throws IOException {
        SwitchBoard board = opened();
        board.kill(SEGMENT, CAUSE);
        trail.clear();

        KillSwitches beside = KillSwitches.in(directory);
        assertThat(beside.kill(ROUTE, NIGHT).outcome()).isEqualTo(Outcome.DONE);
        assertThat(beside.freeze(NIGHT).outcome()).isEqualTo(Outcome.DONE);
        tick(board);
        assertThat(scopes(board)).containsExactlyInAnyOrder(ROUTE, SEGMENT);
        assertThat(board.frozen()).contains(NIGHT);
        assertThat(said("switch.killed")).containsExactly("night-shift: ticket 4711");

        beside = KillSwitches.in(directory);
        Cause over = Cause.by("day-shift").because("rolled back");
        assertThat(beside.restore(ROUTE, over).outcome()).isEqualTo(Outcome.DONE);
        assertThat(beside.thaw(over).outcome()).isEqualTo(Outcome.DONE);
        tick(board);
        assertThat(scopes(board)).containsExactly(SEGMENT);
        assertThat(board.frozen()).isEmpty();
        assertThat(said("switch.restored")).containsExactly("day-shift: rolled back");
        assertThat(said("switch.thawed")).containsExactly("day-shift: rolled back");
    }

    @Test
    void changesWhileNoRuntimeIsOpen_areOnRecordOnceWhenItOpens() throws IOException {
        opened().kill(ROUTE, CAUSE);
        KillSwitches beside = KillSwitches.in(directory);
        beside.restore(ROUTE, NIGHT);
        beside.kill(SEGMENT, NIGHT);

        SwitchBoard board = board();
        replayInto(board);
        board.open();
        assertThat(scopes(board)).containsExactly(SEGMENT);
        assertThat(trail)
                .extracting(TrailEntry::type)
                .containsExactly("switch.killed", "switch.restored", "switch.killed");
        assertThat(said("switch.restored")).containsExactly("night-shift: ticket 4711");

        SwitchBoard again = board();
        replayInto(again);
        again.open();
        assertThat(scopes(again)).containsExactly(SEGMENT);
        assertThat(trail).as("nothing is new").hasSize(3);
    }

    @Test
    void editByHandWhileNoRuntimeIsOpen_isOnRecordOnceAlthoughItHasNoDate() throws IOException {
        opened();
        Files.writeString(
                file(), "{\"v\": 2, \"switches\": [{\"scope\": {}, \"by\": \"ops\", \"because\": \"stop\"}]}");
        for (int start = 0; start < 3; start++) {
            SwitchBoard board = board();
            replayInto(board);
            board.open();
            assertThat(scopes(board)).containsExactly(Scope.everything());
            assertThat(said("switch.killed")).containsExactly("ops: stop");
            now = now.plusSeconds(60);
        }
    }

    @Test
    void whatWasLiftedBeforeItWasSetAgain_isNotTakenForItsEnd() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        KillSwitches.in(directory).restore(ROUTE, NIGHT);
        tick(board);
        board.kill(ROUTE, CAUSE);
        Files.writeString(file(), "{\"v\": 2, \"switches\": []}");
        tick(board);
        assertThat(said("switch.restored"))
                .containsExactly("night-shift: ticket 4711", "another writer of the store: it is gone from the store");
    }

    @Test
    void limitInThePlaceOfAKill_isALiftAndALimit() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        KillSwitches.in(directory).limit(ROUTE, Limit.toShare(0.25), NIGHT);
        tick(board);
        assertThat(said("switch.restored")).containsExactly("night-shift: ticket 4711");
        assertThat(said("switch.limited")).containsExactly("night-shift: ticket 4711");
    }

    @Test
    void liftsInTheFile_areBounded() throws IOException {
        SwitchBoard board = opened();
        for (int i = 0; i < 100; i++) {
            Scope scope = Scope.model("model-" + i);
            board.kill(scope, CAUSE);
            board.restore(scope, NIGHT);
        }
        List<SwitchSnapshot.Lift> lifts =
                new FileSwitchStore("again", file(), time).read().lifts();
        assertThat(lifts).hasSize(64);
        assertThat(lifts.get(63).scope()).contains(Scope.model("model-99"));
        assertThat(lifts.get(63).cause()).isEqualTo(NIGHT);
    }

    @Test
    void fileThatIsMissingOrCorrupt_isLeftAsItIs() throws IOException {
        assertThatThrownBy(() -> KillSwitches.in(directory))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("directory of a runtime");
        assertThat(file()).doesNotExist();
        Files.writeString(file(), "{\"v\": 2, \"switches\": [");
        assertThatThrownBy(() -> KillSwitches.in(directory))
                .isInstanceOf(CorruptSwitchesException.class)
                .hasMessageContaining("corrupt");
        assertThat(file()).hasContent("{\"v\": 2, \"switches\": [");
    }

    @Test
    void lift_isWrittenInTheFormatThatHasIt() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        assertThat(file()).content().contains("\"v\" : 2").doesNotContain("lifted");
        board.restore(ROUTE, NIGHT);
        assertThat(file()).content().contains("\"v\" : 3").contains("lifted");
        board.kill(ROUTE, CAUSE);
        assertThat(file()).content().as("what is set again was not lifted").contains("\"v\" : 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"scope\": {}, \"by\": \"b\", \"because\": \"r\", \"at\": \"yesterday\"}",
                "{\"scope\": {}, \"by\": \"b\", \"because\": \"r\"}",
                "{\"scope\": {}, \"by\": \"\", \"because\": \"r\", \"at\": \"2026-11-20T21:41:00Z\"}",
                "{\"scope\": \"all\", \"by\": \"b\", \"because\": \"r\", \"at\": \"2026-11-20T21:41:00Z\"}",
                "{\"by\": \"b\", \"because\": \"r\", \"at\": \"2026-11-20T21:41:00Z\", \"from\": 7}",
                "\"nobody\""
            })
    void liftThatCannotBeRead_costsNoKill(String lift) throws IOException {
        SwitchBoard board = opened();
        Files.writeString(
                file(),
                "{\"v\": 3, \"switches\": [{\"scope\": {}, \"by\": \"ops\", \"because\": \"stop\"}], \"lifted\": ["
                        + lift + ", {\"by\": \"b\", \"because\": \"r\", \"at\": \"2026-11-20T21:41:00Z\"}]}");
        tick(board);
        assertThat(alarms).isEmpty();
        assertThat(scopes(board)).containsExactly(Scope.everything());
        assertThat(new FileSwitchStore("again", file(), time).read().lifts())
                .as("the other one is there")
                .hasSize(1);
    }

    /** As after a step back to an older version of the library: what it does not know it leaves alone. */
    @Test
    void fileOfANewerFormat_isLeftAsItIsAndTheTrailsSwitchesHold() throws IOException {
        opened().kill(ROUTE, CAUSE);
        String newer = "{\"v\": 4, \"kills\": []}";
        Files.writeString(file(), newer);
        SwitchBoard board = board();
        replayInto(board);
        assertThat(board.open().orElseThrow()).contains("\"v\": 4", "newer");
        assertThat(scopes(board)).containsExactly(ROUTE);
        assertThat(board.kill(SEGMENT, CAUSE).outcome()).isEqualTo(Outcome.NOT_DURABLE);
        now = now.plusSeconds(5);
        tick(board);
        assertThat(file()).hasContent(newer);
        assertThatThrownBy(() -> KillSwitches.in(directory))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(CorruptSwitchesException.class)
                .hasMessageContaining("newer");
    }
}
