// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.SourcePolicy;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchSource;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SwitchSourcesTest extends SwitchFixture {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @Test
    void otherSources_restrictTooAndARestoreNamesThem() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, """
                {"v": 2, "switches": [{"scope": {"model": "model"}, "by": "platform", "because": "bad release"}]}""");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        board.kill(ROUTE, CAUSE);
        SwitchResult restored = board.restore(ROUTE, CAUSE);
        assertThat(restored.durable()).isTrue();
        assertThat(restored.stillHeld())
                .singleElement()
                .satisfies(held -> assertThat(held.source()).isEqualTo("platform"));
        assertThat(restored.message()).contains("still held by 'platform' (model)");
        assertThat(covering(board, "v2", null)).isNotNull();
        Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
        board.upkeep().look(feed);
        assertThat(covering(board, "v2", null)).isNull();
    }

    @Test
    void switchOfASourceThatEnds_saysSoOnceAlsoAfterARestart() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, """
                {"v": 2, "switches": [{"scope": {"model": "model"}, "by": "platform", "because": "load test",
                                       "until": "2026-11-20T22:00:00Z"}]}""");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        board.upkeep().age();
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.killed");
        now = Instant.parse("2026-11-20T22:00:00Z");
        board.upkeep().look(feed);
        board.upkeep().age();
        board.upkeep().age();
        assertThat(covering(board, "v2", null)).isNull();
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.killed", "switch.expired");
        assertThat(((SwitchRecord) trail.get(1)).source()).isEqualTo("platform");

        now = now.plusSeconds(120);
        board.upkeep().look(feed); // and keeps what it knows, and when it knew it
        feeds.clear();
        SourceFeed again = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard restarted = opened();
        restarted.upkeep().look(again);
        restarted.upkeep().age();
        assertThat(trail).as("nothing is new").hasSize(2);
    }

    /** It has ended by itself, whenever its owner tidies up. */
    @Test
    void switchOfASourceThatIsRemovedAfterItsEnd_isNotSaidToBeRestored() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        for (boolean seen : List.of(true, false)) {
            trail.clear();
            Files.writeString(mounted, """
                    {"v": 2, "switches": [{"scope": {"model": "model"}, "by": "platform", "because": "load test",
                                           "until": "%s"}]}""".formatted(now.plusSeconds(4)));
            board.upkeep().look(feed);
            now = now.plusSeconds(4);
            if (seen) {
                board.upkeep().age();
            }
            Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
            board.upkeep().look(feed);
            board.upkeep().age();
            assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.killed", "switch.expired");
        }
    }

    /** Such as a flag service that drops a flag by itself, of which the answer takes a while to come. */
    @Test
    void switchOfASourceThatEndsWhileItIsRead_isRecordedAsOver() throws IOException {
        Switch set = new Switch(ROUTE, SwitchState.killed(), CAUSE.until(now.plusSeconds(4)), now);
        List<SwitchSnapshot> answers = new ArrayList<>(List.of(
                new SwitchSnapshot(1, List.of(set), Optional.empty()),
                new SwitchSnapshot(2, List.of(), Optional.empty())));
        SourceFeed feed = feed(
                new SwitchSource() {
                    @Override
                    public String name() {
                        return "platform";
                    }

                    @Override
                    public SwitchSnapshot read() {
                        now = now.plusSeconds(answers.size() == 1 ? 4 : 0);
                        return answers.remove(0);
                    }
                },
                SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        board.upkeep().age();
        board.upkeep().look(feed);
        board.upkeep().age();
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.killed", "switch.expired");
        assertThat(covering(board, "v2", null)).isNull();
    }

    private static String mounted(Instant until) {
        return """
                {"v": 2, "switches": [{"scope": {"model": "model"}, "by": "platform", "because": "load test",
                                       "until": "%s"}]}""".formatted(until);
    }

    private List<String> types() {
        return trail.stream().map(TrailEntry::type).toList();
    }

    /** Such as of a wrong time zone. The trail's last word on it would be that it is killed, for ever. */
    @Test
    void switchOfASourceThatIsOverWhenItIsFirstRead_hasNeverHeld() throws IOException {
        Path file = directory.resolve("mounted.json");
        Files.writeString(file, mounted(now.minusSeconds(1)));
        SourceFeed feed = feed(SwitchSources.file("platform", file), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        board.upkeep().age();
        assertThat(covering(board, "v2", null)).isNull();
        assertThat(trail).isEmpty();
        Files.writeString(file, mounted(now.plusSeconds(4)));
        board.upkeep().look(feed);
        assertThat(types()).as("it holds now").containsExactly("switch.killed");
        now = now.plusSeconds(4);
        Files.writeString(file, mounted(now.plusSeconds(4)));
        board.upkeep().look(feed);
        board.upkeep().age();
        assertThat(types())
                .as("one that is extended after its end, in the order of what held")
                .containsExactly("switch.killed", "switch.expired", "switch.killed");
        now = now.plusSeconds(4);
        Files.writeString(file, "{\"v\": 2, \"switches\": []}");
        board.upkeep().look(feed);
        board.upkeep().age();
        assertThat(types()).endsWith("switch.killed", "switch.expired").hasSize(4);
    }

    /** The disk of the trail may be full, or the host's clock may throw. */
    @Test
    void killOfASource_isInForceAndStopsWhatRunsThoughNothingCanBeRecorded() throws IOException {
        Path file = directory.resolve("mounted.json");
        Files.writeString(file, mounted(now.plusSeconds(4)));
        SourceFeed feed = feed(SwitchSources.file("platform", file), SourcePolicy.lastKnownGood());
        List<Boolean> stopped = new ArrayList<>();
        SwitchBoard board = new SwitchBoard(
                SwitchSources.inMemory("runtime"),
                feeds,
                time,
                entry -> {
                    trail.add(entry);
                    if (entry.type().equals("switch.expired")) {
                        throw new IllegalStateException("no room");
                    }
                },
                alarms::add,
                scope -> Optional.empty());
        board.open();
        board.upkeep().look(feed);
        board.onRestriction(() -> stopped.add(true));
        now = now.plusSeconds(4);
        Files.writeString(
                file, "{\"v\": 2, \"switches\": [{\"scope\": {}, \"by\": \"platform\", \"because\": \"b\"}]}");
        assertThatThrownBy(() -> board.upkeep().look(feed)).hasMessage("no room");
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(stopped).isNotEmpty();
        assertThat(types()).containsExactly("switch.killed", "switch.expired", "switch.killed");
    }

    @Test
    void freezeOfASourceThatEnds_saysSoOnceAndNotThatSomebodyHasLiftedIt() throws IOException {
        Path file = directory.resolve("mounted.json");
        SourceFeed feed = feed(SwitchSources.file("platform", file), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        for (boolean seen : List.of(true, false)) {
            trail.clear();
            Files.writeString(file, """
                    {"v": 2, "freeze": {"by": "platform", "because": "audit week", "until": "%s"}, "switches": []}""".formatted(now.plusSeconds(4)));
            board.upkeep().look(feed);
            now = now.plusSeconds(4);
            if (seen) {
                board.upkeep().age();
                board.upkeep().look(feed);
            }
            assertThat(board.frozen()).isEmpty();
            Files.writeString(file, "{\"v\": 2, \"switches\": []}");
            board.upkeep().look(feed);
            board.upkeep().age();
            assertThat(types()).containsExactly("switch.frozen", "switch.thawed");
            SwitchRecord thawed = (SwitchRecord) trail.get(1);
            assertThat(thawed.source()).isEqualTo("platform");
            assertThat(thawed.toString()).contains("the end of the freeze has come", "audit week");
        }
    }

    /** It was told within the minute in which nothing else is written down. */
    @Test
    void endOfASourcesSwitch_isNotToldAgainByTheNextRun() throws IOException {
        Path file = directory.resolve("mounted.json");
        Files.writeString(file, mounted(now.plusSeconds(4)));
        SourceFeed feed = feed(SwitchSources.file("platform", file), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        now = now.plusSeconds(4);
        board.upkeep().age();
        board.upkeep().look(feed);
        assertThat(types()).containsExactly("switch.killed", "switch.expired");
        feeds.clear();
        SourceFeed again = feed(SwitchSources.file("platform", file), SourcePolicy.lastKnownGood());
        SwitchBoard restarted = opened();
        restarted.upkeep().look(again);
        restarted.upkeep().age();
        assertThat(trail).as("nothing is new").hasSize(2);
    }

    /** Its owner has lifted it a moment before its end, and whoever records that comes a moment after it. */
    @Test
    void switchOfASourceThatIsLiftedRightBeforeItsEnd_isRecordedAsRestored() {
        Switch set = new Switch(ROUTE, SwitchState.killed(), CAUSE.until(now.plusSeconds(4)), now);
        SwitchDifferences differences = new SwitchDifferences(time);
        now = now.plusSeconds(4);
        assertThat(differences.between(
                        "platform", new SwitchSnapshot(1, List.of(set), Optional.empty()), SwitchSnapshot.EMPTY))
                .extracting(TrailEntry::type)
                .containsExactly("switch.restored");
    }

    /** Who looks four times a second makes work for itself and for every guard only when something has changed. */
    @Test
    void table_isMadeAnewOnlyWhenTimeHasChangedWhatHolds() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, """
                {"v": 2, "switches": [{"scope": {"model": "model"}, "by": "platform", "because": "load test",
                                       "until": "2026-11-20T22:00:00Z"}]}""");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.killedAfter(Duration.ofHours(1)));
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        Instant end = Instant.parse("2026-11-20T22:00:00Z");
        Set<SwitchTable> tables = new LinkedHashSet<>();
        for (Instant at : List.of(NOW, end.minusSeconds(1), end, end.plusSeconds(1))) {
            now = at;
            board.upkeep().look(feed);
            tick(board);
            tables.add(board.table());
            tick(board);
            tables.add(board.table());
            assertThat(covering(board, "v2", null) == null).isEqualTo(!at.isBefore(end));
        }
        assertThat(tables).as("one while it holds, and one after it").hasSize(2);
        now = end.minusSeconds(1);
        tick(board);
        assertThat(covering(board, "v2", null)).as("a clock that is set back").isNotNull();
        now = end.plus(Duration.ofHours(2));
        tick(board);
        SwitchTable stale = board.table();
        assertThat(covering(board, "v2", null)).as("too old").isNotNull();
        now = now.plusSeconds(1);
        tick(board);
        assertThat(board.table()).isSameAs(stale);
    }

    /** The runtime waits for a source before its first call, and for none of them longer than two seconds. */
    @Test
    void sourceThatIsSlowAtTheStart_isWaitedFor() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        SwitchSource slow = new SwitchSource() {
            @Override
            public String name() {
                return "slow";
            }

            @Override
            public SwitchSnapshot read() {
                asked.countDown();
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Switch all = new Switch(Scope.everything(), SwitchState.killed(), CAUSE, NOW);
                return new SwitchSnapshot(1, List.of(all), Optional.empty());
            }
        };
        try (SwitchWatch watch = new SwitchWatch(
                SwitchSources.inMemory("runtime"),
                Map.of(slow, SourcePolicy.lastKnownGood()),
                null,
                TimeSource.system(),
                trail::add,
                alarms::add,
                set -> Optional.empty())) {
            watch.board().open();
            Thread opener = new Thread(watch::start);
            opener.start();
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(900);
            while (System.nanoTime() < end) { // in which the other two threads have looked several times
                assertThat(opener.isAlive()).as("it waits").isTrue();
                Thread.onSpinWait();
            }
            answer.countDown();
            opener.join();
            assertThat(watch.board().table().mayTouch("model", "v1"))
                    .as("the first call sees it")
                    .isTrue();
        }
    }

    @Test
    void freezeOfASource_isReadAndNotThawedHere() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, """
                {"v": 2, "freeze": {"by": "platform", "because": "audit week"}, "switches": []}""");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        assertThat(board.frozen())
                .hasValueSatisfying(cause -> assertThat(cause.by()).isEqualTo("platform"));
        board.freeze(CAUSE);
        board.thaw(CAUSE);
        assertThat(board.frozen()).as("it is the source's").isPresent();
        assertThat(trail)
                .extracting(TrailEntry::type)
                .containsExactly("switch.frozen", "switch.frozen", "switch.thawed");
        Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
        board.upkeep().look(feed);
        assertThat(board.frozen()).isEmpty();
    }

    @Test
    void strictestKillOfAllSources_wins() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, """
                {"v": 2, "switches": [{"scope": {"model": "model", "route": "v2"}, "instead": "refuse",
                                       "by": "platform", "because": "bad release"}]}""");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        board.kill(ROUTE, CAUSE);
        board.kill(Scope.everything(), CAUSE);
        assertThat(covering(board, "v2", null))
                .extracting(Switch::state)
                .as("neither a wider kill nor one of the runtime's own is a way round a refusal")
                .isEqualTo(SwitchState.killedRefusing());
        assertThat(covering(board, "v1", null)).extracting(Switch::state).isEqualTo(SwitchState.killed());
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
        board.upkeep().look(feed);
        assertThat(covering(board, "v2", null)).isNull();
        // the swap of the directory behind the link
        Files.createSymbolicLink(directory.resolve("..new"), two);
        Files.move(directory.resolve("..new"), data, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        board.upkeep().look(feed);
        assertThat(covering(board, "v2", null)).isNotNull();
        // an older and an equal time stamp
        java.nio.file.attribute.FileTime stamp = Files.getLastModifiedTime(two.resolve("switches.json"));
        Files.writeString(two.resolve("switches.json"), none);
        Files.setLastModifiedTime(
                two.resolve("switches.json"), java.nio.file.attribute.FileTime.fromMillis(stamp.toMillis() - 60_000));
        board.upkeep().look(feed);
        assertThat(covering(board, "v2", null)).isNull();
        Files.writeString(two.resolve("switches.json"), kill);
        Files.setLastModifiedTime(
                two.resolve("switches.json"), java.nio.file.attribute.FileTime.fromMillis(stamp.toMillis() - 60_000));
        board.upkeep().look(feed);
        assertThat(covering(board, "v2", null)).isNotNull();
        // an editor that replaces the file
        Files.writeString(two.resolve("edited"), none);
        Files.move(
                two.resolve("edited"), two.resolve("switches.json"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        board.upkeep().look(feed);
        assertThat(covering(board, "v2", null)).isNull();
    }

    @Test
    void sourceThatFails_keepsItsLastKnownGoodStateAlsoAcrossARestart() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, "{\"v\": 2, \"switches\": [{\"scope\": {}, \"by\": \"p\", \"because\": \"stop\"}]}");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        Files.delete(mounted);
        lookUntilSettled(board, feed);
        board.upkeep().look(feed);
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(alarms).as("one alarm for one outage").hasSize(1);

        feeds.clear();
        SourceFeed again = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard restarted = opened();
        lookUntilSettled(restarted, again);
        assertThat(covering(restarted, "v2", null)).isNotNull();
        Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
        restarted.upkeep().look(again);
        assertThat(covering(restarted, "v2", null)).isNull();
        assertThat(trail).extracting(TrailEntry::type).contains("switch.source_failed", "switch.source_recovered");
    }

    /** The switches of a source that is away, too, are gone with it. */
    @Test
    void lastKnownGoodStateThatIsCorrupt_isAnIncident() throws IOException {
        Path cache = Files.createDirectories(directory.resolve("sources")).resolve("flags.json");
        Files.writeString(cache, "{ half a fi");
        SourceFeed feed = feed(SwitchSources.inMemory("flags"), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        assertThat(alarms).singleElement().asString().contains("'flags'", cache.toString(), "none of its switches");
        board.upkeep().look(feed);
        opened();
        assertThat(alarms).as("it was written anew").hasSize(1);
    }

    @Test
    void sourceThatStaysAway_killsEverythingWhereItsOwnerSaysSo() throws IOException {
        SourceFeed feed = feed(
                SwitchSources.file("platform", directory.resolve("never there")),
                SourcePolicy.killedAfter(Duration.ofMinutes(5)));
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        tick(board);
        assertThat(covering(board, "v2", null))
                .as("what was never read may say anything")
                .isNotNull();
        Files.writeString(directory.resolve("never there"), "{\"v\": 2, \"switches\": []}");
        board.upkeep().look(feed);
        assertThat(covering(board, "v2", null)).isNull();
        Files.delete(directory.resolve("never there"));
        now = now.plus(Duration.ofMinutes(4));
        board.upkeep().look(feed);
        tick(board);
        assertThat(covering(board, "v2", null)).isNull();
        now = now.plus(Duration.ofMinutes(2));
        board.upkeep().look(feed);
        tick(board);
        assertThat(covering(board, "v2", null)).isNotNull();
    }

    @Test
    void sourceWithoutASwitchFromTheFirstReadOn_isNotTakenForOneThatStaysAway() throws IOException {
        SourceFeed feed = feed(SwitchSources.inMemory("flags"), SourcePolicy.killedAfter(Duration.ofMinutes(5)));
        SwitchBoard board = opened();
        assertThat(covering(board, "v2", null)).isNotNull();
        board.upkeep().look(feed);
        assertThat(covering(board, "v2", null)).isNull();
        assertThat(alarms).isEmpty();
    }

    @Test
    void sourceThatStaysAway_growsOlderThroughRestarts() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
        for (int minute = 0; minute < 10; minute++) { // nothing changes, and still each read counts
            SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.killedAfter(TEN_MINUTES));
            SwitchBoard board = opened();
            board.upkeep().look(feed);
            now = now.plusSeconds(60);
            board.upkeep().look(feed);
            assertThat(covering(board, "v2", null)).isNull();
            feeds.clear();
        }
        Files.delete(mounted);
        now = now.plus(Duration.ofMinutes(6));
        SourceFeed young = feed(SwitchSources.file("platform", mounted), SourcePolicy.killedAfter(TEN_MINUTES));
        SwitchBoard restarted = opened();
        restarted.upkeep().look(young);
        tick(restarted);
        assertThat(covering(restarted, "v2", null)).isNull();
        feeds.clear();
        now = now.plus(Duration.ofMinutes(6));
        SourceFeed old = feed(SwitchSources.file("platform", mounted), SourcePolicy.killedAfter(TEN_MINUTES));
        SwitchBoard again = opened();
        assertThat(covering(again, "v2", null)).as("before anything was read").isNotNull();
        again.upkeep().look(old);
        tick(again);
        assertThat(covering(again, "v2", null)).isNotNull();
        assertThat(alarms).last().asString().contains("everything is killed");
    }

    private void lookUntilSettled(SwitchBoard board, SourceFeed feed) {
        board.upkeep().look(feed);
        now = now.plusSeconds(1);
        board.upkeep().look(feed);
    }

    /** As while somebody writes the file, or swaps what is mounted. */
    @Test
    void fileThatIsReadWhileItIsReplaced_isNoIncidentUnlessItStaysLikeThat() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        String kill = "{\"v\": 2, \"switches\": [{\"scope\": {}, \"by\": \"p\", \"because\": \"stop\"}]}";
        Files.writeString(mounted, kill);
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        trail.clear();
        for (String torn : List.of("", kill.substring(0, 20), "gone")) {
            if (torn.equals("gone")) {
                Files.delete(mounted);
            } else {
                Files.writeString(mounted, torn);
            }
            board.upkeep().look(feed);
            now = now.plusMillis(500);
            board.upkeep().look(feed);
            assertThat(covering(board, "v2", null)).isNotNull();
            Files.writeString(mounted, kill);
            board.upkeep().look(feed);
            now = now.plusSeconds(60);
        }
        assertThat(alarms).isEmpty();
        assertThat(trail).isEmpty();

        Files.writeString(mounted, "{");
        board.upkeep().look(feed);
        now = now.plusMillis(600);
        Files.delete(mounted);
        board.upkeep().look(feed);
        now = now.plusMillis(400);
        board.upkeep().look(feed);
        assertThat(alarms).as("in steps that are wrong each").hasSize(1);
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.source_failed");
        assertThat(covering(board, "v2", null)).isNotNull();
    }

    @Test
    void sourceThatHangs_isNoticed() throws IOException {
        SourceFeed feed = feed(SwitchSources.inMemory("slow"), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        board.upkeep().look(feed);
        now = now.plusSeconds(6); // and no read has come back
        tick(board);
        assertThat(alarms).singleElement().asString().contains("no read has come back");
    }

    @Test
    void sourceThatThrowsAnythingAtAll_isNoticedAtOnce() throws IOException {
        List<Throwable> thrown = List.of(
                new NoClassDefFoundError("some/Client"), new TimeoutException("undeclared"), new StackOverflowError());
        for (Throwable each : thrown) {
            SwitchSource broken = new SwitchSource() {
                @Override
                public String name() {
                    return "broken";
                }

                @Override
                public SwitchSnapshot read() {
                    throw SwitchFixture.<RuntimeException>sneak(each);
                }
            };
            SourceFeed feed = feed(broken, SourcePolicy.lastKnownGood());
            SwitchBoard board = opened();
            board.upkeep().look(feed);
            board.upkeep().look(feed);
            assertThat(alarms)
                    .as("one alarm for one outage")
                    .singleElement()
                    .asString()
                    .contains("'broken'", each.getClass().getSimpleName());
            feeds.clear();
            alarms.clear();
        }
    }

    /** Else it would be read in a loop without a pause for ever. */
    @Test
    void sourceThatLeavesItsThreadInterrupted_isReadFourTimesASecondAllTheSame() throws Exception {
        List<Long> reads = new CopyOnWriteArrayList<>();
        SwitchSource source = new SwitchSource() {
            @Override
            public String name() {
                return "platform";
            }

            @Override
            public SwitchSnapshot read() {
                reads.add(System.nanoTime());
                Thread.currentThread().interrupt();
                return SwitchSnapshot.EMPTY;
            }
        };
        try (SwitchWatch watch = watch(SwitchSources.inMemory("runtime"), source)) {
            watch.board().open();
            watch.start();
            Eventually.until(() -> reads.size() >= 2);
            assertThat(Duration.ofNanos(reads.get(1) - reads.get(0))).isGreaterThan(Duration.ofMillis(200));
        }
    }

    /** Such as a flag service that is away when the service starts, and when it ends. */
    @Test
    void watchAndClose_thatThrowOrHang_holdUpNeitherStartNorEnd() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> closed = new CopyOnWriteArrayList<>();
        Runnable throwing = () -> {
            throw SwitchFixture.<RuntimeException>sneak(new TimeoutException("no connection"));
        };
        Runnable hanging = () -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        SwitchWatch watch = watch(
                SwitchSources.inMemory("runtime"),
                new Connected("watch-throws", throwing, () -> closed.add("watch-throws")),
                new Connected("watch-hangs", hanging, () -> closed.add("watch-hangs")),
                new Connected("close-throws", () -> {}, throwing),
                new Connected("close-hangs", () -> {}, hanging),
                new Connected("sound", () -> {}, () -> closed.add("sound")));
        watch.board().open();
        long start = System.nanoTime();
        watch.start();
        assertThat(watch.board().inForce())
                .as("all were read, and so was what watches none")
                .hasSize(5);
        watch.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("a second, and what a busy machine takes")
                .isLessThan(Duration.ofSeconds(10));
        assertThat(closed).containsExactlyInAnyOrder("watch-throws", "watch-hangs", "sound");
        goOn.countDown();
    }

    /** A source with a connection; one thread reads and closes it, another one watches. */
    private record Connected(String name, Runnable watching, Runnable closing, AtomicReference<@Nullable Thread> user)
            implements SwitchSource {
        Connected(String name, Runnable watching, Runnable closing) {
            this(name, watching, closing, new AtomicReference<>());
        }

        @Override
        public SwitchSnapshot read() {
            user.compareAndSet(null, Thread.currentThread());
            check();
            Switch stop = new Switch(Scope.model(name), SwitchState.killed(), CAUSE, NOW);
            return new SwitchSnapshot(1, List.of(stop), Optional.empty());
        }

        private void check() {
            assertThat(user.get()).isEqualTo(Thread.currentThread());
        }

        @Override
        public void watch(Runnable changed) {
            assertThat(user.get()).as("it may wait for changes there").isNotEqualTo(Thread.currentThread());
            watching.run();
        }

        @Override
        public void close() {
            check();
            closing.run();
        }
    }

    private static SwitchWatch watch(SwitchStore store, SwitchSource... sources) {
        Map<SwitchSource, SourcePolicy> policies = new LinkedHashMap<>();
        List.of(sources).forEach(source -> policies.put(source, SourcePolicy.lastKnownGood()));
        return new SwitchWatch(
                store, policies, null, TimeSource.system(), entry -> {}, what -> {}, set -> Optional.empty());
    }

    /** A named pipe that nobody reads stands for a disk that hangs. */
    @Test
    void sourceWhoseCacheHangs_isInForceAndHoldsUpNoKill() throws Exception {
        Path caches = Files.createDirectories(directory.resolve("sources"));
        Path hanging = caches.resolve("platform.json.next");
        assumeTrue(new ProcessBuilder("mkfifo", hanging.toString()).start().waitFor() == 0, "there are named pipes");
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, """
                {"v": 2, "switches": [{"scope": {"model": "other"}, "by": "platform", "because": "bad release"}]}""");
        SourceFeed feed = feed(SwitchSources.file("platform", mounted), SourcePolicy.lastKnownGood());
        SwitchBoard board = opened();
        Thread looking = new Thread(() -> board.upkeep().look(feed));
        looking.start();
        try {
            Eventually.until(() -> !board.inForce().isEmpty());
            Thread killing = new Thread(() -> board.kill(ROUTE, CAUSE));
            killing.start();
            killing.join(10_000);
            assertThat(killing.isAlive()).as("the kill waits for the disk").isFalse();
            assertThat(covering(board, "v2", null)).isNotNull();
            assertThat(looking.isAlive()).as("the disk hangs still").isTrue();
        } finally {
            Files.readAllBytes(hanging); // lets it go on
            looking.join();
        }
    }

    /** Its switches are in force by themselves then, so whoever runs is stopped as by any kill. */
    @Test
    void sourceThatGrowsTooOld_isToldAndStopsWhatRuns() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
        SourceFeed feed =
                feed(SwitchSources.file("platform", mounted), SourcePolicy.killedAfter(Duration.ofMinutes(5)));
        SwitchBoard board = opened();
        AtomicInteger stops = new AtomicInteger();
        board.onRestriction(() -> {
            if (covering(board, "v2", null) != null) {
                stops.incrementAndGet();
            }
        });
        for (int outage = 1; outage <= 2; outage++) {
            board.upkeep().look(feed);
            tick(board);
            Files.delete(mounted);
            lookUntilSettled(board, feed);
            assertThat(alarms).hasSize(2 * outage - 1).last().asString().contains("stays in force");
            now = now.plus(Duration.ofMinutes(6));
            tick(board);
            tick(board);
            board.upkeep().look(feed);
            assertThat(covering(board, "v2", null)).isNotNull();
            assertThat(stops).hasValue(outage);
            assertThat(alarms).hasSize(2 * outage).last().asString().contains("platform", "everything is killed");
            assertThat(trail)
                    .extracting(TrailEntry::type)
                    .filteredOn("switch.source_too_old"::equals)
                    .hasSize(outage);
            Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
        }
    }

    @Test
    void storeThatHangs_keepsNoSourceYoungAndNoSwitchOn() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean hanging = new AtomicBoolean();
        AtomicBoolean hangs = new AtomicBoolean();
        SwitchStore inMemory = SwitchSources.inMemory("runtime");
        SwitchStore store = new SwitchStore() {
            @Override
            public String name() {
                return "runtime";
            }

            @Override
            public SwitchSnapshot read() throws IOException {
                if (hanging.get()) {
                    hangs.set(true);
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                return inMemory.read();
            }

            @Override
            public boolean replace(long expected, SwitchSnapshot next) throws IOException {
                return inMemory.replace(expected, next);
            }

            @Override
            public String setAside() throws IOException {
                return inMemory.setAside();
            }
        };
        AtomicReference<Instant> clock = new AtomicReference<>(NOW);
        TimeSource ticking = TimeSource.following(() -> java.util.Objects.requireNonNull(clock.get()));
        AtomicBoolean down = new AtomicBoolean();
        SwitchSource source = new SwitchSource() {
            @Override
            public String name() {
                return "platform";
            }

            @Override
            public SwitchSnapshot read() throws IOException {
                if (down.get()) {
                    throw new IOException("connection refused");
                }
                return new SwitchSnapshot(1, List.of(), Optional.empty());
            }
        };
        try (SwitchWatch watch = new SwitchWatch(
                store,
                Map.of(source, SourcePolicy.killedAfter(Duration.ofMinutes(5))),
                null,
                ticking,
                entry -> {},
                what -> {},
                scope -> Optional.empty())) {
            SwitchBoard board = watch.board();
            assertThat(board.open()).isEmpty();
            board.kill(ROUTE, CAUSE.until(NOW.plusSeconds(60)));
            AtomicInteger looks = new AtomicInteger();
            watch.alsoLook(looks::incrementAndGet);
            watch.start();
            down.set(true);
            hanging.set(true);
            Eventually.until(hangs::get);
            int before = looks.get();
            Eventually.until(() -> looks.get() > before + 1);
            clock.set(NOW.plusSeconds(120));
            Eventually.until(() -> covering(board, "v2", null) == null);
            clock.set(NOW.plusSeconds(600));
            Eventually.until(() -> covering(board, "v2", null) != null);
            goOn.countDown();
        }
    }

    /** The read itself does not come back, as of a mount that is gone. */
    @Test
    void sourceThatHangs_holdsUpNeitherTheStartNorKillsNorOtherSources() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        SwitchSource hanging = new SwitchSource() {
            @Override
            public String name() {
                return "hanging";
            }

            @Override
            public SwitchSnapshot read() throws IOException {
                hangs.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return SwitchSnapshot.EMPTY;
            }
        };
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
        AtomicReference<Instant> clock = new AtomicReference<>(NOW);
        List<String> told = new CopyOnWriteArrayList<>();
        try (SwitchWatch watch = new SwitchWatch(
                SwitchSources.inMemory("runtime"),
                Map.of(
                        hanging,
                        SourcePolicy.lastKnownGood(),
                        SwitchSources.file("platform", mounted),
                        SourcePolicy.lastKnownGood()),
                null,
                TimeSource.following(() -> java.util.Objects.requireNonNull(clock.get())),
                entry -> {},
                told::add,
                scope -> Optional.empty())) {
            SwitchBoard board = watch.board();
            assertThat(board.open()).isEmpty();
            long start = System.nanoTime();
            watch.start();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("two seconds, and what a busy machine takes")
                    .isLessThan(Duration.ofSeconds(10));
            assertThat(hangs.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(board.kill(ROUTE, CAUSE).durable()).isTrue();
            assertThat(covering(board, "v2", null)).isNotNull();
            assertThat(board.restore(ROUTE, CAUSE).durable()).isTrue();
            assertThat(covering(board, "v2", null)).isNull();
            Path next = directory.resolve("next.json"); // whole at once, or half of it may be read
            Files.writeString(next, """
                    {"v": 2, "switches": [{"scope": {"model": "model"}, "by": "platform", "because": "bad release"}]}""");
            Files.move(next, mounted, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            Eventually.until(() -> covering(board, "v2", null) != null);
            assertThat(told).isEmpty();
            clock.set(NOW.plusSeconds(6));
            Eventually.until(() -> told.stream()
                    .anyMatch(each -> each.contains("'hanging'") && each.contains("no read has come back")));
            goOn.countDown();
        }
    }
}
