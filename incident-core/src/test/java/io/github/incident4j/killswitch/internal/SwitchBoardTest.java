// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.CorruptSwitchesException;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwitchBoardTest extends SwitchFixture {
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

    /** Who restores something for two hours hears that it is for good. */
    @Test
    void endOfARestore_doesNothingAndIsSaid() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        SwitchResult result = board.restore(ROUTE, CAUSE.until(time.instant().plus(Duration.ofHours(2))));
        assertThat(result.durable()).isTrue();
        assertThat(result.message()).contains("it is lifted for good");
        board.kill(ROUTE, CAUSE);
        assertThat(board.restore(ROUTE, CAUSE).message()).isEmpty();
    }

    @Test
    void whoAndWhy_areObligatory() {
        for (String blank : List.of("", " ", "\t\n")) {
            assertThatThrownBy(() -> Cause.by(blank).because("a reason")).hasMessageContaining("who acts is missing");
            assertThatThrownBy(() -> Cause.by("on-call").because(blank)).hasMessageContaining("the reason is missing");
        }
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
                "{\"v\":1,\"switches\":[]}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "{\"v\":2,\"switches\":[{}]}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        for (int length = 1; length < sound.length - 1; length += 13) {
            corrupt.add(Arrays.copyOf(sound, length));
        }
        for (byte[] content : corrupt) {
            Files.write(file(), content);
            SwitchBoard board = board();
            replayInto(board);
            assertThat(board.open()).isPresent();
            assertThat(scopes(board)).containsExactly(ROUTE, SEGMENT);
            assertThat(new FileSwitchStore("again", file(), time).read().switches())
                    .extracting(Switch::scope)
                    .containsExactly(ROUTE, SEGMENT);
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

        Files.writeString(file(), "{\"v\":2,\"switches\":[]}");
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
        board.endCalls();
        assertThat(board.kill(ROUTE, CAUSE).durable())
                .as("a containment at the very end is kept")
                .isTrue();
        assertThat(board.table().isClosed()).isTrue();
        board.close();
        assertThat(board.kill(ROUTE, CAUSE).durable()).isFalse();
        assertThat(board.restore(ROUTE, CAUSE).inForce()).isFalse();
        assertThat(board.table().isClosed()).isTrue();
    }

    // ---- states and ends --------------------------------------------------------------------------------------

    @Test
    void limit_letsAShareAndARatePass() throws IOException {
        SwitchBoard board = opened();
        assertThat(board.limit(ROUTE, Limit.toRate(2, Duration.ofSeconds(1)), CAUSE)
                        .durable())
                .isTrue();
        assertThat(covering(board, "v2", null)).isNull();
        board.kill(SEGMENT, CAUSE); // another switch must not give the rate anew
        assertThat(covering(board, "v2", null)).isNull();
        assertThat(covering(board, "v2", null)).isNotNull();
        now = now.plusMillis(500);
        assertThat(covering(board, "v2", null)).isNull();
        assertThat(board.limit(ROUTE, Limit.toShare(0), CAUSE).durable()).isTrue();
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(scopes(opened())).containsExactly(SEGMENT, ROUTE);
    }

    @Test
    void timeBox_endsByItselfAndSaysSo() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE.until(NOW.plusSeconds(60)));
        tick(board);
        assertThat(covering(board, "v2", null)).isNotNull();
        now = NOW.plusSeconds(60);
        tick(board);
        assertThat(covering(board, "v2", null)).isNull();
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.killed", "switch.expired");
        assertThat(scopes(opened())).isEmpty();
    }

    @Test
    void timeBoxThatEndsWhileTheServiceIsDown_isOverAtTheStart() throws IOException {
        opened().kill(ROUTE, CAUSE.until(NOW.plusSeconds(60)));
        now = NOW.plusSeconds(3_600);
        SwitchBoard again = opened();
        assertThat(covering(again, "v2", null)).isNull();
        tick(again);
        assertThat(trail).extracting(TrailEntry::type).endsWith("switch.expired");
    }

    @Test
    void killOverAKill_neverEndsItEarlier() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        SwitchResult shorter =
                board.kill(ROUTE, Cause.by("mallory").because("a short one").until(NOW.plusSeconds(1)));
        assertThat(shorter.message()).contains("ends only when it is restored");
        now = NOW.plusSeconds(2);
        tick(board);
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(board.active())
                .singleElement()
                .satisfies(set -> assertThat(set.cause().by()).isEqualTo("mallory"));
    }

    /** It stops nothing any more, though nobody has taken it out yet. */
    @Test
    void killOverOneThatIsOver_isAsItWasAskedFor() throws IOException {
        SwitchBoard board = opened();
        Scope model = Scope.model("model");
        board.kill(model, SwitchState.killedPreferring("v1"), CAUSE.until(now.plusSeconds(10)));
        now = now.plusSeconds(11);
        SwitchResult result = board.kill(model, SwitchState.killedPreferring("v2"), CAUSE);
        assertThat(result.message()).isEmpty();
        assertThat(board.active())
                .singleElement()
                .satisfies(set -> assertThat(set.state()).isEqualTo(SwitchState.killedPreferring("v2")));
    }

    /** Else a kill would be a way round the second person whom a weaker limit needs. */
    @Test
    void killOverALimitThatRefuses_refusesToo() throws IOException {
        SwitchBoard board = opened();
        SwitchState.Limited refusing = new SwitchState.Limited(
                Limit.toShare(0), SwitchState.killedRefusing().instead());
        assertThat(board.limit(ROUTE, refusing, CAUSE).inForce()).isTrue();
        assertThat(board.kill(ROUTE, CAUSE).message())
                .isEqualTo("the limit of on-call goes on refusing what it does not let pass; a restore lifts both");
        for (SwitchBoard each : List.of(board, opened())) {
            assertThat(each.active())
                    .extracting(Switch::state)
                    .containsExactlyInAnyOrder(refusing, SwitchState.killed());
            assertThat(stateOf(each)).isEqualTo(SwitchState.killedRefusing());
        }
        board.restore(ROUTE, CAUSE);
        assertThat(board.active()).isEmpty();
    }

    /** What a limit lets pass was never refused, so a fallback may answer it. */
    @Test
    void killOverARateThatRefuses_letsTheFallbackAnswer() throws IOException {
        SwitchBoard board = opened();
        board.limit(
                ROUTE,
                new SwitchState.Limited(
                        Limit.toRate(100, Duration.ofSeconds(1)),
                        SwitchState.killedRefusing().instead()),
                CAUSE);
        assertThat(board.kill(ROUTE, CAUSE).message())
                .as("a restore does not bring it back")
                .isEqualTo("the limit of on-call does not hold again after it");
        assertThat(stateOf(board)).isEqualTo(SwitchState.killed());
        assertThat(board.active()).hasSize(1);
    }

    /** Or who may tighten could renew a quota that is used up. */
    @Test
    void rateThatIsChanged_isNotPaidOutAnew() throws IOException {
        SwitchBoard board = opened();
        Duration day = Duration.ofDays(1);
        board.limit(ROUTE, Limit.toRate(4, day), CAUSE);
        assertThat(passing(board)).isEqualTo(4);
        board.contain(ROUTE, new SwitchState.Limited(Limit.toRate(3, day)), CAUSE);
        assertThat(passing(board)).isZero();
        board.limit(ROUTE, Limit.toRate(5, day), CAUSE);
        assertThat(passing(board)).as("three have passed of what there was").isEqualTo(2);
        now = now.plus(day);
        assertThat(passing(board)).as("of a new day").isEqualTo(5);
    }

    private int passing(SwitchBoard board) {
        int passing = 0;
        while (covering(board, "v2", null) == null) {
            passing++;
        }
        return passing;
    }

    /** Who lets a share pass may not know that there was a quota. */
    @Test
    void limitThatTakesThePlaceOfARate_saysSo() throws IOException {
        SwitchBoard board = opened();
        board.limit(ROUTE, Limit.toRate(100, Duration.ofSeconds(1)), CAUSE);
        assertThat(board.limit(ROUTE, Limit.toRate(200, Duration.ofSeconds(1)), CAUSE)
                        .message())
                .as("it is there still")
                .doesNotContain("lifted");
        assertThat(board.limit(ROUTE, Limit.toShare(0.5), CAUSE).message())
                .startsWith("it takes the place of the rate of 200 calls per 1s of on-call, which is lifted");
    }

    /** Who makes a limit smaller means no more than that. */
    @Test
    void limitThatIsTightenedBesideAKill_leavesTheKillThere() throws IOException {
        SwitchBoard board = opened();
        Scope model = Scope.model("model");
        board.limit(model, Limit.toShare(0.5), CAUSE);
        assertThat(board.kill(model, SwitchState.killedPreferring("v1"), CAUSE).message())
                .isEqualTo("the limit of on-call stays for what answers instead; a restore lifts both");
        assertThat(board.limit(model, Limit.toShare(0.1), CAUSE).message())
                .isEqualTo("the kill of on-call stays beside it; a restore lifts both");
        assertThat(board.active())
                .extracting(Switch::state)
                .containsExactlyInAnyOrder(
                        SwitchState.killedPreferring("v1"), new SwitchState.Limited(Limit.toShare(0.1)));
        assertThat(board.limit(model, Limit.toShare(0.9), CAUSE).message())
                .as("that one loosens, and takes the place of both")
                .contains("it takes the place of the kill of on-call, which is lifted");
        assertThat(board.active())
                .extracting(Switch::state)
                .containsExactly(new SwitchState.Limited(Limit.toShare(0.9)));
    }

    /** Whoever is faster than the look that takes it out. */
    @Test
    void switchThatIsReplacedAfterItsEnd_isRecordedAsOverAllTheSame() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE.until(now.plusSeconds(10)));
        now = now.plusSeconds(10);
        board.kill(ROUTE, CAUSE);
        assertThat(trail)
                .extracting(TrailEntry::type)
                .containsExactly("switch.killed", "switch.expired", "switch.killed");
        board.restore(ROUTE, CAUSE);
        board.limit(ROUTE, Limit.toShare(0.5), CAUSE.until(now.plusSeconds(10)));
        now = now.plusSeconds(10);
        trail.clear();
        board.contain(ROUTE, new SwitchState.Limited(Limit.toShare(0.9)), CAUSE);
        assertThat(trail).extracting(TrailEntry::type).startsWith("switch.expired", "switch.limited");
    }

    @Test
    void killOverAStricterKill_leavesItAsStrictAndSaysSo() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, SwitchState.killedRefusing(), CAUSE);
        SwitchResult weaker = board.kill(ROUTE, Cause.by("mallory").because("let the fallback answer"));
        assertThat(weaker.durable()).isTrue();
        assertThat(weaker.message()).contains("the kill of on-call is stricter", "nothing answers instead");
        assertThat(stateOf(board)).isEqualTo(SwitchState.killedRefusing());
        assertThat(stateOf(opened())).isEqualTo(SwitchState.killedRefusing());

        SwitchBoard other = opened();
        other.restore(ROUTE, CAUSE);
        other.kill(ROUTE, SwitchState.killedPreferring("v1"), CAUSE);
        assertThat(other.kill(ROUTE, CAUSE).message()).contains("'v1' answers instead");
        assertThat(stateOf(other)).isEqualTo(SwitchState.killedPreferring("v1"));
        assertThat(other.kill(ROUTE, SwitchState.killedPreferring("v0"), CAUSE).message())
                .as("as strict")
                .isEmpty();
        assertThat(stateOf(other)).isEqualTo(SwitchState.killedPreferring("v0"));
        assertThat(other.kill(ROUTE, SwitchState.killedRefusing(), CAUSE).message())
                .isEmpty();
        assertThat(stateOf(other)).isEqualTo(SwitchState.killedRefusing());
    }

    @Test
    void timeBoxedKillOverALimit_endsAndTheLimitHoldsAgain() throws IOException {
        Limit nothing = Limit.toShare(0);
        SwitchBoard board = opened();
        board.limit(ROUTE, nothing, CAUSE);
        SwitchResult killed = board.kill(ROUTE, SwitchState.killedRefusing(), CAUSE.until(NOW.plusSeconds(60)));
        assertThat(killed.message()).contains("the limit of on-call holds again after it");
        assertThat(stateOf(board)).isEqualTo(SwitchState.killedRefusing());
        assertThat(stateOf(opened())).isEqualTo(SwitchState.killedRefusing());
        Files.delete(file());
        SwitchBoard rebuilt = board();
        replayInto(rebuilt);
        rebuilt.open();
        for (SwitchBoard each : List.of(board, rebuilt)) {
            now = NOW;
            assertThat(stateOf(each)).isEqualTo(SwitchState.killedRefusing());
            now = NOW.plusSeconds(60);
            tick(each);
            assertThat(each.active()).extracting(Switch::state).containsExactly(new SwitchState.Limited(nothing));
            assertThat(stateOf(each)).isEqualTo(new SwitchState.Limited(nothing));
        }
        SwitchBoard afterwards = board();
        replayInto(afterwards);
        Files.delete(file());
        afterwards.open();
        assertThat(stateOf(afterwards)).isEqualTo(new SwitchState.Limited(nothing));
    }

    @Test
    void killOverALimit_isRestoredWithItAndReplacesWhatItOutlasts() throws IOException {
        SwitchBoard board = opened();
        board.limit(ROUTE, Limit.toShare(0), CAUSE);
        board.kill(ROUTE, CAUSE.until(NOW.plusSeconds(60)));
        assertThat(board.restore(ROUTE, CAUSE).durable()).isTrue();
        assertThat(board.table()).isSameAs(SwitchTable.OPEN);
        assertThat(scopes(opened())).isEmpty();
        board.limit(ROUTE, Limit.toShare(0), CAUSE);
        assertThat(board.kill(ROUTE, CAUSE).message()).isEqualTo("the limit of on-call does not hold again after it");
        assertThat(scopes(board)).containsExactly(ROUTE);
        assertThat(board.limit(ROUTE, Limit.toShare(0.5), CAUSE).durable()).isTrue();
        assertThat(board.active())
                .extracting(Switch::state)
                .as("a limit in the place of a kill loosens it")
                .containsExactly(new SwitchState.Limited(Limit.toShare(0.5)));
        SwitchBoard rebuilt = board();
        replayInto(rebuilt);
        Files.delete(file());
        rebuilt.open();
        assertThat(rebuilt.active()).isEqualTo(board.active());
    }

    @Test
    void endThatIsPast_isRefusedAndRecorded() throws IOException {
        SwitchBoard board = opened();
        board.kill(SEGMENT, CAUSE);
        Cause past = CAUSE.until(NOW);
        assertThat(board.kill(ROUTE, past).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(board.limit(ROUTE, Limit.toShare(0.5), past).message()).contains("is past, and nothing was changed");
        assertThat(board.limit(SEGMENT, Limit.toShare(0.5), past).inForce()).isFalse();
        assertThat(board.freeze(past).inForce()).isFalse();
        assertThat(board.frozen()).isEmpty();
        assertThat(scopes(board)).containsExactly(SEGMENT);
        assertThat(trail)
                .extracting(TrailEntry::type)
                .containsExactly(
                        "switch.killed", "switch.refused", "switch.refused", "switch.refused", "switch.refused");
    }

    private SwitchState stateOf(SwitchBoard board) {
        return java.util.Objects.requireNonNull(covering(board, "v2", null)).state();
    }

    @Test
    void freeze_isAFlagThatSurvives() throws IOException {
        SwitchBoard board = opened();
        assertThat(board.frozen()).isEmpty();
        assertThat(board.freeze(Cause.by("on-call").because("incident")).durable())
                .isTrue();
        assertThat(Files.readString(file())).contains("\"freeze\"", "incident");
        assertThat(opened().frozen())
                .hasValueSatisfying(cause -> assertThat(cause.because()).isEqualTo("incident"));
        board.thaw(CAUSE);
        assertThat(opened().frozen()).isEmpty();
    }

    /** Passed over, each of them would make another switch of it, such as a kill of everything. */
    @Test
    void slipInTheFile_isRefusedByName() throws IOException {
        List<List<String>> slips = List.of(
                List.of("\"state\": \"limited\", \"share\": \"10%\"", "\"share\"", "not a number"),
                List.of("\"instead\": \"Refuse\"", "\"Refuse\"", "only \"refuse\""),
                List.of("\"instead\": \"refuse\", \"prefer\": \"v1\"", "both"),
                List.of("\"prefer\": 7", "\"prefer\": 7", "not a text"),
                List.of("\"share\": 0.1", "is no limit"),
                List.of("\"state\": \"limited\", \"calls\": 7", "\"per\""),
                List.of("\"untill\": \"2026-11-20T21:41:00Z\"", "\"untill\"", "because, by"),
                List.of("\"until\": null", "\"until\": null"),
                List.of("\"by\": \"me again\"", "by"));
        FileSwitchStore store = new FileSwitchStore("runtime", file(), time);
        for (List<String> slip : slips) {
            Files.writeString(
                    file(),
                    "{\"v\": 2, \"switches\": [{\"scope\": {}, \"by\": \"me\", \"because\": \"b\", " + slip.get(0)
                            + "}]}");
            assertThatThrownBy(store::read)
                    .isInstanceOf(CorruptSwitchesException.class)
                    .message()
                    .contains(slip.subList(1, slip.size()));
        }
        List<List<String>> scopes = List.of(
                List.of("\"modle\": \"other\"", "the scope of switch 1", "\"modle\""),
                List.of("\"attribute\": \"tenant\", \"valeu\": \"acme\"", "\"valeu\""),
                List.of("\"attribute\": \"tenant\"", "\"value\""),
                List.of("\"route\": null", "\"route\": null"),
                List.of("\"share\": true", "not a number"));
        for (List<String> slip : scopes) {
            Files.writeString(
                    file(),
                    "{\"v\": 2, \"switches\": [{\"scope\": {" + slip.get(0)
                            + "}, \"by\": \"me\", \"because\": \"b\"}]}");
            assertThatThrownBy(store::read)
                    .isInstanceOf(CorruptSwitchesException.class)
                    .message()
                    .contains(slip.subList(1, slip.size()));
        }
        for (String root : List.of(
                "{\"v\": \"2\", \"switches\": []}",
                "{\"v\": 2, \"switches\": [], \"frozen\": true}",
                "{\"v\": 2, \"switches\": [], \"freeze\": true}",
                "{\"v\": 2, \"switches\": [7]}")) {
            Files.writeString(file(), root);
            assertThatThrownBy(store::read).isInstanceOf(CorruptSwitchesException.class);
        }
    }

    @Test
    void freeze_comesBackFromTheTrailAsASwitchDoes() throws IOException {
        SwitchBoard board = opened();
        board.freeze(CAUSE);
        Files.delete(file());
        SwitchBoard rebuilt = board();
        replayInto(rebuilt);
        assertThat(rebuilt.open()).isEmpty();
        assertThat(rebuilt.frozen()).contains(CAUSE);
        tick(board);
        board.thaw(CAUSE);
        Files.deleteIfExists(file());
        SwitchBoard thawed = board();
        replayInto(thawed);
        assertThat(thawed.open()).isEmpty();
        assertThat(thawed.frozen()).isEmpty();
    }

    @Test
    void freezeThatCouldNotBeStored_isFoundInTheTrail() throws IOException {
        SwitchBoard board = opened();
        java.nio.file.Path inTheWay =
                Files.createDirectories(directory.resolve("switches.json.next").resolve("in the way"));
        assertThat(board.freeze(CAUSE).durable()).isFalse();
        Files.delete(inTheWay);
        Files.delete(directory.resolve("switches.json.next"));
        SwitchBoard crashed = board();
        replayInto(crashed);
        assertThat(crashed.open()).isEmpty();
        assertThat(crashed.frozen()).contains(CAUSE);
        assertThat(opened().frozen()).as("and stored").contains(CAUSE);
    }

    @Test
    void freezeWithAnEnd_endsAndSaysSo() throws IOException {
        SwitchBoard board = opened();
        board.freeze(CAUSE.until(NOW.plusSeconds(60)));
        now = NOW.plusSeconds(61);
        tick(board);
        tick(board);
        assertThat(board.frozen()).isEmpty();
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.frozen", "switch.thawed");
        assertThat(Files.readString(file())).doesNotContain("freeze");
    }

    /** Whoever is faster than the look that ends it. */
    @Test
    void freezeThatIsReplacedAfterItsEnd_isRecordedAsOverAllTheSame() throws IOException {
        SwitchBoard board = opened();
        board.freeze(CAUSE.until(NOW.plusSeconds(60)));
        now = NOW.plusSeconds(61);
        board.freeze(CAUSE);
        tick(board);
        assertThat(trail)
                .extracting(TrailEntry::type)
                .containsExactly("switch.frozen", "switch.thawed", "switch.frozen");
        assertThat(board.frozen()).contains(CAUSE);
        SwitchBoard replayed = board(new InMemorySwitchStore("runtime"));
        replayInto(replayed);
        assertThat(replayed.open()).isEmpty();
        assertThat(replayed.frozen()).contains(CAUSE);
    }

    @Test
    void freezeByHand_isTakenOverAndRecorded() throws IOException {
        SwitchBoard board = opened();
        Files.writeString(
                file(), "{\"v\": 2, \"switches\": [], \"freeze\": {\"by\": \"me\", \"because\": \"by hand\"}}");
        tick(board);
        assertThat(board.frozen())
                .hasValueSatisfying(cause -> assertThat(cause.because()).isEqualTo("by hand"));
        SwitchBoard replayed = board(new InMemorySwitchStore("runtime"));
        replayInto(replayed);
        assertThat(replayed.open()).isEmpty();
        assertThat(replayed.frozen()).isEqualTo(board.frozen());
        Files.writeString(file(), "{\"v\": 2, \"switches\": []}");
        tick(board);
        assertThat(board.frozen()).isEmpty();
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.frozen", "switch.thawed");
    }
}
