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
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchSource;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.TwoPersonRule;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    private final List<String> alarms = new ArrayList<>();
    private final List<SourceFeed> feeds = new ArrayList<>();
    private SwitchPolicy policy = new SwitchPolicy(request -> Optional.empty(), null);
    private Instant now = NOW;
    private final TimeSource time = TimeSource.following(() -> now);

    private SwitchBoard board() {
        return new SwitchBoard(
                new FileSwitchStore("runtime", file(), time),
                feeds,
                policy,
                time,
                trail::add,
                alarms::add,
                scope -> Optional.empty());
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

    private @Nullable Switch covering(SwitchBoard board, String route, @Nullable String age) {
        return board.table()
                .stopping(
                        new SwitchTable.Call("model", null, List.of("age"), new @Nullable String[] {age}, "user-1", 0),
                        route,
                        time.nanoTime());
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
        board.tick();
        assertThat(covering(board, "v2", null)).isNotNull();
        now = NOW.plusSeconds(60);
        board.tick();
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
        again.tick();
        assertThat(trail).extracting(TrailEntry::type).endsWith("switch.expired");
    }

    @Test
    void killOverAKill_neverEndsItEarlier() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        board.kill(ROUTE, Cause.by("mallory").because("a short one").until(NOW.plusSeconds(1)));
        now = NOW.plusSeconds(2);
        board.tick();
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(board.active())
                .singleElement()
                .satisfies(set -> assertThat(set.cause().by()).isEqualTo("mallory"));
    }

    // ---- who may ----------------------------------------------------------------------------------------------

    @Test
    void twoPersonRule_needsAnotherPersonToLoosenAndNobodyToKill() throws IOException {
        policy = new SwitchPolicy(request -> Optional.empty(), TwoPersonRule.within(Duration.ofMinutes(15)));
        SwitchBoard board = opened();
        assertThat(board.kill(ROUTE, CAUSE).durable()).isTrue();
        assertThat(board.restore(ROUTE, Cause.by("alice").because("fixed")).outcome())
                .isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
        assertThat(board.restore(ROUTE, Cause.by(" Alice ").because("really")).inForce())
                .as("the same person")
                .isFalse();
        assertThat(board.limit(ROUTE, Limit.toShare(0.5), Cause.by("alice").because("half"))
                        .inForce())
                .as("a limit in the place of a kill loosens")
                .isFalse();
        assertThat(covering(board, "v2", null)).isNotNull();
        now = NOW.plus(Duration.ofMinutes(16));
        assertThat(board.restore(ROUTE, Cause.by("bob").because("agreed")).inForce())
                .as("the first request has lapsed")
                .isFalse();
        assertThat(board.restore(ROUTE, Cause.by("alice").because("agreed")).durable())
                .isTrue();
        assertThat(covering(board, "v2", null)).isNull();
        assertThat(trail).extracting(TrailEntry::type).contains("switch.pending", "switch.restored");
    }

    @Test
    void authorizer_isAskedAndItsRefusalsAreRecorded() throws IOException {
        policy = new SwitchPolicy(
                request -> request.cause().by().equals("intern") ? Optional.of("not on duty") : Optional.empty(), null);
        SwitchBoard board = opened();
        SwitchResult refused = board.kill(ROUTE, Cause.by("intern").because("curious"));
        assertThat(refused.outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(refused.message()).contains("intern may not kill model/v2: not on duty");
        assertThat(board.table()).isSameAs(SwitchTable.OPEN);
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.refused");
        assertThat(board.library().kill(ROUTE, CAUSE).durable()).isTrue();
    }

    @Test
    void brokenAuthorizer_keepsNobodyFromStoppingHarm() throws IOException {
        policy = new SwitchPolicy(
                request -> {
                    throw new IllegalStateException("the directory service is down");
                },
                null);
        SwitchBoard board = opened();
        assertThat(board.kill(ROUTE, CAUSE).durable()).isTrue();
        assertThat(board.restore(ROUTE, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
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

    // ---- the store and others who write it --------------------------------------------------------------------

    @Test
    void handEdit_isTakenOverAndRecorded() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        Files.writeString(file(), """
                {"v": 2, "switches": [
                  {"scope": {"model": "model", "route": "v1"}, "by": "ops", "because": "by hand"},
                  {"scope": {"feature": "chat"}, "state": "limited", "share": 0.5, "by": "ops", "because": "by hand"}
                ]}""");
        board.tick();
        assertThat(covering(board, "v2", null)).as("taken out by hand").isNull();
        assertThat(covering(board, "v1", null)).as("put in by hand").isNotNull();
        assertThat(trail)
                .extracting(TrailEntry::type)
                .containsExactlyInAnyOrder("switch.killed", "switch.killed", "switch.limited", "switch.restored");
        board.kill(SEGMENT, CAUSE);
        assertThat(scopes(opened())).as("the next write keeps the edit").hasSize(3);
    }

    @Test
    void handEditBetweenTwoLooks_isNotOverwritten() throws IOException {
        SwitchBoard board = opened();
        Files.writeString(
                file(), "{\"v\": 2, \"switches\": [{\"scope\": {}, \"by\": \"ops\", \"because\": \"stop\"}]}");
        board.kill(ROUTE, CAUSE);
        assertThat(scopes(opened())).containsExactlyInAnyOrder(Scope.everything(), ROUTE);
        assertThat(covering(board, "v1", null)).isNotNull();
    }

    @Test
    void twoProcesses_loseNoneOfTheirKills() throws Exception {
        SwitchBoard one = opened();
        SwitchBoard other = opened();
        List<Thread> threads = new ArrayList<>();
        for (SwitchBoard board : List.of(one, other)) {
            for (int t = 0; t < 2; t++) {
                String name = (board == one ? "one-" : "other-") + t + "-";
                threads.add(new Thread(() -> {
                    for (int i = 0; i < 10; i++) {
                        assertThat(board.kill(Scope.model(name + i), CAUSE).inForce())
                                .isTrue();
                    }
                }));
            }
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        one.tick();
        other.tick();
        one.tick();
        assertThat(scopes(opened())).hasSize(40);
        assertThat(scopes(one)).hasSize(40);
        assertThat(scopes(other)).hasSize(40);
    }

    @Test
    void deletedOrCorruptFileWhileRunning_keepsTheKillsAndIsWrittenAgain() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        Files.delete(file());
        board.tick();
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(scopes(opened())).containsExactly(ROUTE);
        for (String broken : List.of("", "{ half a fi", "{\"v\": 2, \"switches\": []} and more")) {
            Files.writeString(file(), broken);
            board.tick();
            board.tick();
            assertThat(covering(board, "v2", null)).isNotNull();
            assertThat(scopes(opened())).containsExactly(ROUTE);
        }
        assertThat(alarms).hasSize(4).first().asString().contains("is gone");
    }

    @Test
    void killThatCouldNotBeStored_isStoredLaterOrFoundInTheTrail() throws IOException {
        SwitchBoard board = opened();
        Path inTheWay =
                Files.createDirectories(directory.resolve("switches.json.next").resolve("in the way"));
        assertThat(board.kill(ROUTE, CAUSE).durable()).isFalse();

        SwitchBoard crashed = board();
        replayInto(crashed);
        Files.delete(inTheWay);
        Files.delete(directory.resolve("switches.json.next"));
        assertThat(crashed.open()).isEmpty();
        assertThat(scopes(crashed)).as("the trail knows it").containsExactly(ROUTE);

        board.tick();
        assertThat(scopes(opened())).containsExactly(ROUTE);
    }

    // ---- other sources ----------------------------------------------------------------------------------------

    @Test
    void otherSources_restrictTooAndARestoreNamesThem() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, """
                {"v": 2, "switches": [{"scope": {"model": "model"}, "by": "platform", "because": "bad release"}]}""");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.take(feed, feed.poll());
        board.kill(ROUTE, CAUSE);
        SwitchResult restored = board.restore(ROUTE, CAUSE);
        assertThat(restored.durable()).isTrue();
        assertThat(restored.stillHeld())
                .singleElement()
                .satisfies(held -> assertThat(held.source()).isEqualTo("platform"));
        assertThat(restored.message()).contains("still held by 'platform' (model)");
        assertThat(covering(board, "v2", null)).isNotNull();
        Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
        board.take(feed, feed.poll());
        assertThat(covering(board, "v2", null)).isNull();
    }

    /** What a Kubernetes ConfigMap mount does, what editors do, and clocks that were set back. */
    @Test
    void fileSource_seesEveryWayOfChangingAFile() throws IOException {
        Path one = Files.createDirectories(directory.resolve("..one"));
        Path two = Files.createDirectories(directory.resolve("..two"));
        String none = "{\"v\": 2, \"switches\": []}";
        String kill = "{\"v\": 2, \"switches\": [{\"scope\": {}, \"by\": \"p\", \"because\": \"stop\"}]}";
        Files.writeString(one.resolve("switches.json"), none);
        Files.writeString(two.resolve("switches.json"), kill);
        Path data = Files.createSymbolicLink(directory.resolve("..data"), one);
        Path mounted = Files.createSymbolicLink(directory.resolve("mounted.json"), data.resolve("switches.json"));
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.take(feed, feed.poll());
        assertThat(covering(board, "v2", null)).isNull();
        // the swap of the directory behind the link
        Files.createSymbolicLink(directory.resolve("..new"), two);
        Files.move(directory.resolve("..new"), data, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        board.take(feed, feed.poll());
        assertThat(covering(board, "v2", null)).isNotNull();
        // an older and an equal time stamp
        java.nio.file.attribute.FileTime stamp = Files.getLastModifiedTime(two.resolve("switches.json"));
        Files.writeString(two.resolve("switches.json"), none);
        Files.setLastModifiedTime(
                two.resolve("switches.json"), java.nio.file.attribute.FileTime.fromMillis(stamp.toMillis() - 60_000));
        board.take(feed, feed.poll());
        assertThat(covering(board, "v2", null)).isNull();
        Files.writeString(two.resolve("switches.json"), kill);
        Files.setLastModifiedTime(
                two.resolve("switches.json"), java.nio.file.attribute.FileTime.fromMillis(stamp.toMillis() - 60_000));
        board.take(feed, feed.poll());
        assertThat(covering(board, "v2", null)).isNotNull();
        // an editor that replaces the file
        Files.writeString(two.resolve("edited"), none);
        Files.move(
                two.resolve("edited"), two.resolve("switches.json"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        board.take(feed, feed.poll());
        assertThat(covering(board, "v2", null)).isNull();
    }

    @Test
    void sourceThatFails_keepsItsLastKnownGoodStateAlsoAcrossARestart() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, "{\"v\": 2, \"switches\": [{\"scope\": {}, \"by\": \"p\", \"because\": \"stop\"}]}");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.take(feed, feed.poll());
        Files.delete(mounted);
        board.take(feed, feed.poll());
        board.take(feed, feed.poll());
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(alarms).as("one alarm for one outage").hasSize(1);

        feeds.clear();
        SourceFeed again = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard restarted = opened();
        restarted.take(again, again.poll());
        assertThat(covering(restarted, "v2", null)).isNotNull();
        Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
        restarted.take(again, again.poll());
        assertThat(covering(restarted, "v2", null)).isNull();
        assertThat(trail).extracting(TrailEntry::type).contains("switch.source_failed", "switch.source_recovered");
    }

    @Test
    void sourceThatStaysAway_killsEverythingWhereItsOwnerSaysSo() throws IOException {
        SourceFeed feed = feed(
                SwitchSources.file("platform", directory.resolve("never there")),
                SourcePolicy.killedAfter(Duration.ofMinutes(5)));
        SwitchBoard board = opened();
        board.take(feed, feed.poll());
        board.tick();
        assertThat(covering(board, "v2", null)).isNull();
        now = now.plus(Duration.ofMinutes(6));
        board.tick();
        assertThat(covering(board, "v2", null)).isNotNull();
        Files.writeString(directory.resolve("never there"), "{\"v\": 2, \"switches\": []}");
        board.take(feed, feed.poll());
        assertThat(covering(board, "v2", null)).isNull();
    }

    @Test
    void sourceThatHangs_isNoticed() throws IOException {
        SourceFeed feed = feed(SwitchSources.inMemory("slow"), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.take(feed, feed.poll());
        now = now.plusSeconds(6); // and no read has come back
        board.tick();
        assertThat(alarms).singleElement().asString().contains("no read has come back");
    }

    private SourceFeed feed(SwitchSource source, SourcePolicy sourcePolicy) {
        SourceFeed feed = new SourceFeed(source, sourcePolicy, directory.resolve("sources"), time);
        feeds.add(feed);
        return feed;
    }
}
