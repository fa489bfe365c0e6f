// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.CorruptSwitchesException;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.killswitch.TwoPersonRule;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store, and others who write it. */
class StoredSwitchesTest extends SwitchFixture {
    @Test
    void handEdit_isTakenOverAndRecorded() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        Files.writeString(file(), """
                {"v": 2, "switches": [
                  {"scope": {"model": "model", "route": "v1"}, "by": "ops", "because": "by hand"},
                  {"scope": {"feature": "chat"}, "state": "limited", "share": 0.5, "by": "ops", "because": "by hand"}
                ]}""");
        tick(board);
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
    void handEditOfAKillOverALimit_isRecordedSoThatTheTrailKnowsBoth() throws IOException {
        SwitchBoard board = opened();
        String limit = "{\"scope\": {\"model\": \"model\"}, \"state\": \"limited\", \"share\": 0.5,"
                + " \"by\": \"ops\", \"because\": \"by hand\"}";
        String kill = "{\"scope\": {\"model\": \"model\"}, \"until\": \"2026-11-20T22:41:00Z\","
                + " \"by\": \"ops\", \"because\": \"by hand\"}";
        for (String edit : List.of(kill, kill + "," + limit, limit, limit + "," + kill, kill, limit)) {
            Files.writeString(file(), "{\"v\": 2, \"switches\": [" + edit + "]}");
            tick(board);
            byte[] content = Files.readAllBytes(file());
            Files.delete(file());
            SwitchBoard rebuilt = board();
            replayInto(rebuilt);
            rebuilt.open();
            assertThat(rebuilt.active()).as(edit).containsExactlyInAnyOrderElementsOf(board.active());
            Files.write(file(), content);
        }
    }

    @Test
    void killThatIsNotStoredYet_isNotWeakenedByAnotherWriter() throws IOException {
        SwitchBoard board = opened();
        Path inTheWay =
                Files.createDirectories(directory.resolve("switches.json.next").resolve("in the way"));
        assertThat(board.kill(ROUTE, SwitchState.killedRefusing(), CAUSE).durable())
                .isFalse();
        Files.writeString(file(), """
                {"v": 2, "version": 7, "switches": [{"scope": {"model": "model", "route": "v2"},
                  "until": "2026-11-20T22:41:00Z", "by": "ops", "because": "by hand"}]}""");
        tick(board);
        Files.delete(inTheWay);
        Files.delete(directory.resolve("switches.json.next"));
        tick(board);
        assertThat(opened().active()).singleElement().satisfies(set -> {
            assertThat(set.state()).isEqualTo(SwitchState.killedRefusing());
            assertThat(set.cause().until()).isEmpty();
        });
    }

    @Test
    void twoRuntimesOnAFile_loseNoneOfTheirKills() throws Exception {
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
        tick(one);
        tick(other);
        tick(one);
        assertThat(scopes(opened())).hasSize(40);
        assertThat(scopes(one)).hasSize(40);
        assertThat(scopes(other)).hasSize(40);
    }

    @Test
    void deletedOrCorruptFileWhileRunning_keepsTheKillsAndIsWrittenAgain() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        Files.delete(file());
        tick(board);
        now = now.plusSeconds(1);
        tick(board);
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(scopes(opened())).containsExactly(ROUTE);
        for (String broken : List.of("", "{ half a fi", "{\"v\": 2, \"switches\": []} and more")) {
            Files.writeString(file(), broken);
            tick(board);
            now = now.plusSeconds(1);
            tick(board);
            tick(board);
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

        tick(board);
        assertThat(scopes(opened())).containsExactly(ROUTE);
    }

    // ---- a store that cannot be read now ----------------------------------------------------------------------

    @Test
    void storeThatCannotBeReadAtTheStart_isNeitherSetAsideNorOverwritten() throws IOException {
        Shared shared = new Shared();
        SwitchBoard other = board(shared);
        other.open();
        other.kill(ROUTE, CAUSE);
        trail.clear(); // this instance's own trail knows nothing of it

        shared.fault = new IOException("connection reset");
        SwitchBoard board = board(shared);
        assertThat(board.open().orElse("")).contains("connection reset");
        assertThat(board.kill(SEGMENT, CAUSE).durable())
                .as("not over what was not read")
                .isFalse();
        assertThat(board.restore(SEGMENT, CAUSE).inForce()).isFalse();
        assertThat(shared.scopes()).containsExactly(ROUTE);

        shared.fault = null;
        tick(board);
        assertThat(shared.setAside).isZero();
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(shared.scopes()).containsExactlyInAnyOrder(ROUTE, SEGMENT);
        assertThat(scopes(board)).containsExactlyInAnyOrder(ROUTE, SEGMENT);
    }

    @Test
    void storeThatCannotBeReadAtTheStart_outranksTheTrailOnceItIs() throws IOException {
        Shared shared = new Shared();
        SwitchBoard earlier = board(shared);
        earlier.open();
        earlier.kill(ROUTE, CAUSE);
        earlier.kill(SEGMENT, CAUSE);
        shared.store.replace(
                shared.read().version(),
                new SwitchSnapshot(99, List.of(shared.read().switches().get(0)), Optional.empty()));

        shared.fault = new IOException("connection reset");
        SwitchBoard board = board(shared);
        replayInto(board);
        assertThat(board.open()).isPresent();
        assertThat(scopes(board)).as("what the trail knows").containsExactly(ROUTE, SEGMENT);
        shared.fault = null;
        tick(board);
        assertThat(scopes(board)).as("what another has lifted meanwhile").containsExactly(ROUTE);
    }

    @Test
    void storeThatCannotBeReadForAWhile_keepsWhatIsKnownAndLosesNoOtherWritersKill() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.kill(ROUTE, CAUSE);
        SwitchBoard other = board(shared);
        other.open();
        other.kill(SEGMENT, CAUSE);
        for (int outage = 0; outage < 2; outage++) {
            shared.fault = new IOException("connection reset");
            tick(board);
            tick(board);
            assertThat(covering(board, "v2", null)).isNotNull();
            shared.fault = null;
            tick(board);
        }
        assertThat(shared.setAside).isZero();
        assertThat(shared.scopes()).containsExactlyInAnyOrder(ROUTE, SEGMENT);
        assertThat(covering(board, "v1", "18-25")).isNotNull();
        assertThat(alarms).as("one alarm for one outage").hasSize(2);
    }

    @Test
    void storeThatThrowsUnexpectedly_isAFailureAndNoException() throws IOException {
        SwitchBoard board = board(new SwitchStore() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public SwitchSnapshot read() {
                return SwitchSnapshot.EMPTY;
            }

            @Override
            public boolean replace(long expected, SwitchSnapshot next) {
                if (!next.switches().isEmpty()) {
                    throw new IllegalStateException("the client is closed");
                }
                return true;
            }

            @Override
            public String setAside() {
                return "nowhere";
            }
        });
        board.open();
        SwitchResult result = board.kill(ROUTE, CAUSE);
        assertThat(result.outcome()).isEqualTo(SwitchResult.Outcome.NOT_DURABLE);
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.killed");
    }

    /** Such as a client of which a class is missing, or one that is written in Kotlin. */
    @Test
    void storeThatThrowsAnythingAtAll_losesNoKill() throws IOException {
        List<Throwable> thrown = List.of(
                new NoClassDefFoundError("some/Client"), new TimeoutException("undeclared"), new StackOverflowError());
        for (Throwable each : thrown) {
            Shared shared = new Shared();
            SwitchBoard board = board(shared);
            board.open();
            trail.clear();
            alarms.clear();
            shared.thrown = each;
            assertThat(board.kill(ROUTE, CAUSE).outcome()).as("%s", each).isEqualTo(SwitchResult.Outcome.NOT_DURABLE);
            assertThat(covering(board, "v2", null)).isNotNull();
            assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.killed");
            assertThat(board.restore(ROUTE, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.FAILED);
            assertThat(covering(board, "v2", null)).isNotNull();
            tick(board);
            tick(board);
            assertThat(alarms)
                    .as("one alarm for one outage")
                    .singleElement()
                    .asString()
                    .contains(each.toString());
            shared.thrown = null;
            tick(board);
            assertThat(shared.scopes()).containsExactly(ROUTE);
            assertThat(trail).extracting(TrailEntry::type).last().isEqualTo("switch.stored");
        }
    }

    /** The detector thread must not wait for a store that hangs. */
    @Test
    void containment_isInForceAndOnRecordBeforeItIsStored() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        assertThat(board.contain(ROUTE, SwitchState.killed(), CAUSE).inForce()).isTrue();
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(shared.scopes()).isEmpty();
        SwitchBoard crashed = board(new Shared());
        replayInto(crashed);
        crashed.open();
        assertThat(scopes(crashed)).as("the trail knows it").containsExactly(ROUTE);
        assertThat(trail)
                .as("and that it is stored by then")
                .extracting(TrailEntry::type)
                .containsExactly("switch.killed", "switch.stored");
        trail.clear();
        tick(board);
        assertThat(shared.scopes()).containsExactly(ROUTE);
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.stored");
        tick(board);
        assertThat(trail).hasSize(1);
        assertThat(board.restore(ROUTE, CAUSE).durable()).isTrue();
        board.kill(ROUTE, CAUSE);
        SwitchState.Limited limit = new SwitchState.Limited(Limit.toShare(0.5));
        assertThat(board.contain(ROUTE, limit, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.NOTHING_TO_DO);
    }

    /** A ramp may have one route at a smaller share already: that is no reason to leave the others as they are. */
    @Test
    void containmentByALimit_loosensNoneThatIsThere() throws IOException {
        SwitchBoard board = board(new Shared());
        board.open();
        SwitchState.Limited half = new SwitchState.Limited(Limit.toShare(0.5));
        SwitchState.Limited rated = new SwitchState.Limited(Limit.toRate(5, Duration.ofSeconds(1)));
        board.limit(ROUTE, Limit.toShare(0.05), CAUSE);
        assertThat(board.contain(ROUTE, half, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.NOTHING_TO_DO);
        assertThat(board.active())
                .extracting(Switch::state)
                .containsExactly(new SwitchState.Limited(Limit.toShare(0.05)));
        assertThat(board.contain(ROUTE, rated, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.DONE);
        assertThat(board.active())
                .extracting(Switch::state)
                .containsExactly(
                        new SwitchState.Limited(new Limit(0.05, rated.limit().rate())));
        SwitchState.Limited seldom = new SwitchState.Limited(Limit.toRate(50, Duration.ofSeconds(60)));
        SwitchResult result = board.contain(ROUTE, seldom, CAUSE);
        assertThat(result.message())
                .isEqualTo("the limit of on-call is stricter in part and stays so: 5 % of the traffic, 5 calls per 6s");
        SwitchState.Limited ending = new SwitchState.Limited(Limit.toShare(0.1));
        board.limit(SEGMENT, ending, CAUSE.until(now.plusSeconds(60)));
        assertThat(board.contain(SEGMENT, half, CAUSE).message())
                .contains("stays so: 10 % of the traffic; it does not end any more with the limit of on-call, at ");
    }

    /** Whichever of the two is there first. */
    @Test
    void twoRates_haveAStricterOneOfBoth() throws IOException {
        for (long calls : List.of(1L, 55L, 71L, 1_000L, 1_000_000L)) {
            for (Duration one : List.of(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofDays(1))) {
                for (Duration other : List.of(Duration.ofMillis(1), Duration.ofMinutes(1), Duration.ofDays(1))) {
                    for (Limit wanted : List.of(Limit.toRate(calls, other), Limit.toRate(7 * calls, other))) {
                        SwitchBoard board = board(new Shared());
                        board.open();
                        board.limit(ROUTE, Limit.toRate(calls, one), CAUSE);
                        board.contain(ROUTE, new SwitchState.Limited(wanted), CAUSE);
                        Limit set = ((SwitchState.Limited) board.active().get(0).state()).limit();
                        assertThat(set.isAsStrictAs(wanted))
                                .as("%s of %s", set, wanted)
                                .isTrue();
                        assertThat(set.isAsStrictAs(Limit.toRate(calls, one))).isTrue();
                        assertThat(board.contain(ROUTE, new SwitchState.Limited(wanted), CAUSE)
                                        .outcome())
                                .isEqualTo(SwitchResult.Outcome.NOTHING_TO_DO);
                    }
                }
            }
        }
    }

    @Test
    void rateThatIsStricterInAll_isSetAsItIs() throws IOException {
        for (int calls = 1; calls < 200; calls++) {
            SwitchBoard board = board(new Shared());
            board.open();
            board.limit(ROUTE, Limit.toRate(60L * calls, Duration.ofMinutes(1)), CAUSE);
            SwitchState.Limited wanted = new SwitchState.Limited(Limit.toRate(calls, Duration.ofSeconds(1)));
            assertThat(board.contain(ROUTE, wanted, CAUSE).message()).isEmpty();
            assertThat(board.active()).extracting(Switch::state).containsExactly(wanted);
        }
    }

    /** The tool has no trail in which it could say so. */
    @Test
    void switchThatAnotherWriterFoundOver_isRecordedAsOver() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.kill(ROUTE, CAUSE.until(now.plusSeconds(10)));
        now = now.plusSeconds(10);
        shared.write(List.of());
        tick(board);
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.killed", "switch.expired");
    }

    /** Its end is on record, and the other writer has only tidied up. */
    @Test
    void switchThatHasEndedAndIsRemovedByAnotherWriter_isRecordedAsOverOnce() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.kill(ROUTE, CAUSE.until(now.plusSeconds(10)));
        now = now.plusSeconds(10);
        shared.readOnly = true;
        tick(board);
        shared.write(killed(SEGMENT));
        tick(board);
        assertThat(trail)
                .extracting(TrailEntry::type)
                .containsExactly("switch.killed", "switch.expired", "switch.killed");
        assertThat(scopes(board)).containsExactly(SEGMENT);
    }

    @Test
    void containmentWhileTheStoreTakesItsTime_isStoredByTheNextLook() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        shared.meanwhile = () -> board.contain(ROUTE, SwitchState.killed(), CAUSE);
        assertThat(board.kill(SEGMENT, CAUSE).durable()).isTrue();
        tick(board);
        assertThat(shared.scopes()).containsExactlyInAnyOrder(SEGMENT, ROUTE);
        assertThat(trail).last().extracting(TrailEntry::type).isEqualTo("switch.stored");
    }

    /** No record in between says that all before it is stored: neither the other change's nor that of the look. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void containmentThatNoStoreHasTakenSince_survivesARestart(boolean byAPerson) throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        shared.meanwhile = () -> {
            board.contain(ROUTE, SwitchState.killed(), CAUSE);
            shared.thrown = new IOException("the database is gone");
        };
        if (byAPerson) {
            board.kill(SEGMENT, CAUSE);
        } else {
            board.contain(SEGMENT, SwitchState.killed(), CAUSE);
        }
        tick(board);
        tick(board);
        assertThat(shared.scopes()).containsExactly(SEGMENT);
        shared.thrown = null;
        assertThat(scopes(restarted(shared))).containsExactlyInAnyOrder(SEGMENT, ROUTE);
    }

    /** What another writer has done is on record while the store is tried again, and says nothing of what is owed. */
    @Test
    void containmentThatIsOwedWhileAnotherWriterIsFaster_survivesARestart() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.contain(ROUTE, SwitchState.killed(), CAUSE);
        shared.meanwhile = () -> {
            shared.write(killed(Scope.model("another")));
            shared.meanwhile = () -> {
                throw SwitchFixture.<RuntimeException>sneak(new IOException("the database is gone"));
            };
        };
        assertThat(board.kill(SEGMENT, CAUSE).durable()).isFalse();
        assertThat(scopes(restarted(shared))).containsExactlyInAnyOrder(ROUTE, SEGMENT, Scope.model("another"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void containmentThatIsOwedWhereAnotherWriterLoosens_survivesARestart(boolean lifted) throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.limit(ROUTE, new SwitchState.Limited(Limit.toShare(0.1)), CAUSE);
        board.contain(ROUTE, SwitchState.killed(), CAUSE);
        shared.write(
                lifted
                        ? List.of()
                        : List.of(new Switch(ROUTE, new SwitchState.Limited(Limit.toShare(0.5)), CAUSE, now)));
        shared.meanwhile = () -> {
            throw SwitchFixture.<RuntimeException>sneak(new IOException("the database is gone"));
        };
        board.upkeep().lookAtStore();
        assertThat(covering(board, "v2", null)).isNotNull();
        assertThat(restarted(shared).active())
                .anyMatch(each -> each.scope().equals(ROUTE) && each.state() instanceof SwitchState.Killed);
    }

    /** Its record comes behind that of the containment, and would lift it in a replay. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void containmentWhileALimitOrAKillOfTheSameScopeIsStored_survivesARestart(boolean limited) throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        shared.meanwhile = () -> {
            board.contain(ROUTE, SwitchState.killed(), CAUSE);
            throw SwitchFixture.<RuntimeException>sneak(new IOException("the database is gone"));
        };
        if (limited) {
            board.limit(ROUTE, new SwitchState.Limited(Limit.toShare(0.1)), CAUSE);
        } else {
            board.kill(ROUTE, CAUSE.until(now.plusSeconds(60)));
        }
        assertThat(restarted(shared).active())
                .anyMatch(each -> each.state() instanceof SwitchState.Killed
                        && each.cause().until().isEmpty());
    }

    /** The limit is recorded again, as it is owed; so must be the kill beside it. */
    @Test
    void killOfAnotherWriterBesideALimitThatIsOwed_isKnownToTheTrail() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.contain(ROUTE, new SwitchState.Limited(Limit.toShare(0.1)), CAUSE);
        shared.write(killed(ROUTE));
        tick(board);
        assertThat(restarted(new Shared()).active())
                .anyMatch(each -> each.scope().equals(ROUTE) && each.state() instanceof SwitchState.Killed);
    }

    @Test
    void limitThatWasNotStored_liftsNoKillThatCameIntoTheStoreMeanwhile() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.contain(ROUTE, new SwitchState.Limited(Limit.toShare(0.1)), CAUSE);
        shared.write(killed(ROUTE));
        assertThat(restarted(shared).active())
                .anyMatch(each -> each.scope().equals(ROUTE) && each.state() instanceof SwitchState.Killed);
    }

    private List<Switch> killed(Scope scope) {
        return List.of(new Switch(scope, SwitchState.killed(), CAUSE, now));
    }

    /** Between a look's end and its record; the clock is asked for the record. */
    @Test
    void containmentBeforeTheRecordOfALook_isStillOwed() throws IOException {
        Shared shared = new Shared();
        AtomicReference<Runnable> atTheNextRecord = new AtomicReference<>(() -> {});
        SwitchBoard board = boardWhoseClockDoes(atTheNextRecord, shared);
        board.open();
        board.contain(SEGMENT, SwitchState.killed(), CAUSE);
        shared.meanwhile = () -> atTheNextRecord.set(() -> board.contain(ROUTE, SwitchState.killed(), CAUSE));
        board.upkeep().lookAtStore();
        assertThat(shared.scopes()).containsExactly(SEGMENT);
        assertThat(scopes(restarted(shared))).containsExactlyInAnyOrder(SEGMENT, ROUTE);
    }

    /** The record of the restore would lift it in a replay. */
    @Test
    void containmentOfWhatIsJustRestored_isOnRecordBehindTheRestore() throws IOException {
        Shared shared = new Shared();
        AtomicReference<Runnable> atTheNextRecord = new AtomicReference<>(() -> {});
        SwitchBoard board = boardWhoseClockDoes(atTheNextRecord, shared);
        board.open();
        board.kill(ROUTE, CAUSE);
        shared.meanwhile = () -> atTheNextRecord.set(() -> board.contain(ROUTE, SwitchState.killed(), CAUSE));
        board.restore(ROUTE, CAUSE);
        assertThat(scopes(board)).containsExactly(ROUTE);
        assertThat(shared.scopes()).isEmpty();
        assertThat(scopes(restarted(shared))).containsExactly(ROUTE);
    }

    private SwitchBoard boardWhoseClockDoes(AtomicReference<Runnable> once, SwitchStore store) {
        TimeSource clock = new TimeSource() {
            @Override
            public long nanoTime() {
                Objects.requireNonNull(once.getAndSet(() -> {})).run();
                return 0;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        return new SwitchBoard(store, feeds, clock, trail::add, alarms::add, scope -> Optional.empty());
    }

    private SwitchBoard restarted(SwitchStore store) throws IOException {
        SwitchBoard restarted = board(store);
        replayInto(restarted);
        restarted.open();
        return restarted;
    }

    /** Its record alone would say that all of them are missing in the store. */
    @Test
    void killOfAnotherWriterThatHeLiftsWhileWeAreDown_isNotSetAgain() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        shared.readOnly = true;
        board.contain(ROUTE, SwitchState.killed(), CAUSE);
        shared.write(killed(SEGMENT));
        tick(board);
        assertThat(scopes(board)).containsExactlyInAnyOrder(ROUTE, SEGMENT);
        shared.write(List.of());
        shared.readOnly = false;
        assertThat(scopes(restarted(shared))).containsExactly(ROUTE);
    }

    @Test
    void killThatWasNotStored_weakensAndShortensNoneThatCameIntoTheStoreMeanwhile() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        shared.readOnly = true;
        board.kill(ROUTE, CAUSE.until(now.plusSeconds(60)));
        board.kill(SEGMENT, CAUSE.until(now.plusSeconds(60)));
        shared.readOnly = false;
        shared.write(List.of(new Switch(ROUTE, SwitchState.killedRefusing(), CAUSE, now)));
        SwitchBoard soon = restarted(shared);
        now = now.plusSeconds(61);
        tick(soon);
        assertThat(soon.active()).singleElement().satisfies(set -> {
            assertThat(set.scope()).isEqualTo(ROUTE);
            assertThat(set.state()).isEqualTo(SwitchState.killedRefusing());
        });
    }

    @Test
    void containmentWhileWhatIsOverIsTakenOut_survivesALostStore() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.kill(ROUTE, CAUSE.until(now.plusSeconds(60)));
        now = now.plusSeconds(61);
        shared.meanwhile = () -> board.contain(ROUTE, SwitchState.killed(), CAUSE);
        board.upkeep().lookAtStore();
        assertThat(trail).extracting(TrailEntry::type).last().isEqualTo("switch.expired");
        assertThat(scopes(restarted(new Shared()))).containsExactly(ROUTE);
    }

    @Test
    void killThatIsStoredBeforeItsRecord_isOnRecordAsStored() throws IOException {
        Shared shared = new Shared();
        AtomicReference<Runnable> atTheNextRecord = new AtomicReference<>(() -> {});
        SwitchBoard board = boardWhoseClockDoes(atTheNextRecord, shared);
        board.open();
        shared.meanwhile = () -> {
            atTheNextRecord.set(() -> board.upkeep().lookAtStore());
            throw SwitchFixture.<RuntimeException>sneak(new IOException("connection reset"));
        };
        assertThat(board.kill(ROUTE, CAUSE).durable()).isFalse();
        assertThat(shared.scopes()).containsExactly(ROUTE);
        shared.write(List.of());
        assertThat(restarted(shared).active()).isEmpty();
    }

    @Test
    void whatARefusedRestoreHasStoredAlong_isOnRecordAsStored() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.kill(ROUTE, CAUSE);
        board.contain(SEGMENT, SwitchState.killed(), CAUSE);
        shared.meanwhile = () -> board.contain(ROUTE, SwitchState.killedRefusing(), CAUSE);
        assertThat(board.restore(ROUTE, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        tick(board);
        assertThat(shared.scopes()).containsExactlyInAnyOrder(ROUTE, SEGMENT);
        shared.write(List.of());
        assertThat(restarted(shared).active()).isEmpty();
    }

    /** Who edits by hand leaves out since when; a store of the host's may date that at each reading. */
    @Test
    void storeThatDatesItsSwitchesAtEachReading_isRecordedOnce() throws IOException {
        InMemorySwitchStore store = new InMemorySwitchStore("dating");
        SwitchBoard board = board(new SwitchStore() {
            @Override
            public String name() {
                return store.name();
            }

            @Override
            public SwitchSnapshot read() {
                SwitchSnapshot read = store.read();
                List<Switch> dated = read.switches().stream()
                        .map(each -> new Switch(each.scope(), each.state(), each.cause(), now))
                        .toList();
                return new SwitchSnapshot(read.version(), dated, read.freeze());
            }

            @Override
            public boolean replace(long expected, SwitchSnapshot next) {
                throw SwitchFixture.<RuntimeException>sneak(new IOException("the disk is full"));
            }

            @Override
            public String setAside() {
                return store.setAside();
            }
        });
        store.replace(0, new SwitchSnapshot(1, killed(ROUTE), Optional.empty()));
        board.open();
        board.contain(SEGMENT, SwitchState.killed(), CAUSE);
        int records = trail.size();
        for (int look = 0; look < 3; look++) {
            now = now.plusSeconds(1);
            tick(board);
        }
        assertThat(trail).hasSize(records);
    }

    /** Such a store dates them at each reading; the first date counts. */
    @Test
    void switchThatIsDatedAtEachReading_isRestoredByTwoPersons() throws IOException {
        SwitchBoard board = opened();
        String kill = "{\"v\": 2, \"switches\": [{\"scope\": {\"model\": \"model\", \"route\": \"v2\"},"
                + " \"by\": \"ops\", \"because\": \"by hand\"}]}";
        Files.writeString(file(), kill);
        tick(board);
        PermittedSwitches switches = new PermittedSwitches(
                board, new SwitchPolicy(SwitchPolicy.EVERYBODY, TwoPersonRule.within(Duration.ofMinutes(15))), time);
        assertThat(switches.restore(ROUTE, Cause.by("ada").because("fixed")).outcome())
                .isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
        now = now.plusSeconds(5);
        Files.writeString(file(), kill + "\n"); // an edit that dates all anew
        SwitchTable before = board.table();
        tick(board);
        assertThat(board.table()).as("nothing has changed").isSameAs(before);
        assertThat(switches.restore(ROUTE, Cause.by("bob").because("fixed")).outcome())
                .isEqualTo(SwitchResult.Outcome.DONE);
    }

    /**
     * What is recorded while a look takes over what another writer has done must not say that it is in force nowhere.
     */
    @Test
    void recordInTheMidstOfALook_doesNotHideAnotherWritersKill() throws Exception {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        shared.write(killed(ROUTE));
        Thread looking = new Thread(() -> board.upkeep().lookAtStore());
        List<TrailEntry> crashed;
        synchronized (board.memory()) {
            looking.start();
            Eventually.until(() -> looking.getState() == Thread.State.BLOCKED);
            board.records().changed(SwitchRecord.RESTORED, SwitchRecord.about(ROUTE, CAUSE, now), List.of());
            crashed = List.copyOf(trail);
        }
        looking.join();
        trail.clear();
        trail.addAll(crashed);
        assertThat(scopes(restarted(shared))).containsExactly(ROUTE);
        assertThat(shared.scopes()).containsExactly(ROUTE);
    }

    @Test
    void storeThatDoesNotCountItsVersions_losesNothingAtTheStart() throws IOException {
        List<Switch> held = new ArrayList<>(killed(ROUTE));
        int[] writes = {0};
        SwitchBoard board = board(new SwitchStore() {
            @Override
            public String name() {
                return "uncounted";
            }

            @Override
            public SwitchSnapshot read() {
                return new SwitchSnapshot(0, held, Optional.empty());
            }

            @Override
            public boolean replace(long expected, SwitchSnapshot next) {
                writes[0]++;
                held.clear();
                held.addAll(next.switches());
                return true;
            }

            @Override
            public String setAside() {
                return "nowhere";
            }
        });
        board.open();
        assertThat(scopes(board)).containsExactly(ROUTE);
        tick(board);
        tick(board);
        assertThat(held).hasSize(1);
        assertThat(writes[0]).as("nothing has changed").isZero();
    }

    @Test
    void storeThatCannotBeWrittenAtTheStart_keepsNobodyFromStarting() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.kill(ROUTE, CAUSE.until(now.plusSeconds(60)));
        shared.readOnly = true;
        board.kill(SEGMENT, CAUSE);
        now = now.plusSeconds(61);
        tick(board);
        SwitchBoard restarted = board(shared);
        replayInto(restarted);
        assertThat(restarted.open().orElse("")).contains("the disk is full");
        assertThat(scopes(restarted)).contains(SEGMENT);
        shared.readOnly = false;
        tick(restarted);
        assertThat(shared.scopes()).containsExactly(SEGMENT);
    }

    @Test
    void limitThatIsOver_doesNotOutliveItselfInAnotherOne() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        shared.readOnly = true;
        board.limit(ROUTE, new SwitchState.Limited(Limit.toShare(0.01)), CAUSE.until(now.plusSeconds(60)));
        now = now.plusSeconds(61);
        SwitchState.Limited half = new SwitchState.Limited(Limit.toShare(0.5));
        shared.write(List.of(new Switch(ROUTE, half, CAUSE, now)));
        shared.readOnly = false;
        assertThat(restarted(shared).active())
                .singleElement()
                .satisfies(set -> assertThat(set.state()).isEqualTo(half));
    }

    @Test
    void limitsThatCannotBeCompared_holdBoth() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        shared.readOnly = true;
        board.limit(ROUTE, new SwitchState.Limited(Limit.toShare(0.05)), CAUSE);
        now = now.plusSeconds(1);
        shared.write(List.of(
                new Switch(ROUTE, new SwitchState.Limited(Limit.toRate(10, Duration.ofSeconds(1))), CAUSE, now)));
        tick(board);
        assertThat(board.active())
                .singleElement()
                .satisfies(set -> assertThat(set.state())
                        .isEqualTo(new SwitchState.Limited(Limit.toShare(0.05).andRate(10, Duration.ofSeconds(1)))));
    }

    /** What was in it when it was lost is known to nobody; only what came into it since is another writer's word. */
    @Test
    void storeThatWasLostAndIsMadeAnewByAnother_liftsNothing() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.kill(ROUTE, CAUSE);
        shared.fault = new CorruptSwitchesException("half of it is missing", new IOException("a brace"));
        shared.readOnly = true;
        tick(board);
        now = now.plusSeconds(2);
        tick(board);
        shared.fault = null;
        shared.write(killed(SEGMENT));
        tick(board);
        assertThat(scopes(board)).containsExactlyInAnyOrder(ROUTE, SEGMENT);
        shared.readOnly = false;
        tick(board);
        assertThat(shared.scopes()).containsExactlyInAnyOrder(ROUTE, SEGMENT);
    }

    @Test
    void freezeOverALongerOne_doesNotShortenIt() throws IOException {
        SwitchBoard board = opened();
        board.freeze(CAUSE);
        SwitchResult second =
                board.freeze(Cause.by("release").because("an audit").until(now.plusSeconds(60)));
        assertThat(second.durable()).isTrue();
        assertThat(second.message()).contains("the freeze of on-call ends later and stays");
        now = now.plusSeconds(61);
        tick(board);
        assertThat(board.frozen()).contains(CAUSE);
    }

    /** Thousands of scopes are compared scope by scope. */
    @Test
    void manySwitches_areTakenOverAndRecordedInLittleTime() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.contain(ROUTE, SwitchState.killed(), CAUSE);
        List<Switch> many = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            many.addAll(killed(Scope.everything().segment("tenant", "t" + i)));
        }
        shared.write(many);
        shared.readOnly = true;
        assertTimeout(Duration.ofSeconds(60), () -> {
            tick(board);
            assertThat(scopes(restarted(shared))).hasSize(20_001);
        });
    }

    @Test
    void anotherWritersKill_stopsRunningCallsBeforeItIsRecorded() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        List<Integer> recordsWhenStopped = new ArrayList<>();
        board.onRestriction(() -> recordsWhenStopped.add(trail.size()));
        shared.write(killed(ROUTE));
        tick(board);
        assertThat(recordsWhenStopped).containsExactly(0);
        assertThat(trail).hasSize(1);
    }

    @Test
    void thawOfAFreezeThatSomebodyElseReplaced_isRefused() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.freeze(CAUSE);
        Cause another = Cause.by("release").because("an audit");
        shared.meanwhile = () -> board.freeze(another);
        assertThat(board.thaw(CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(board.frozen()).contains(another);
        tick(board);
        assertThat(shared.read().freeze()).contains(another);
        assertThat(restarted(new Shared()).frozen()).contains(another);
    }

    @Test
    void thawThatCannotBeStored_isRecordedAndChangesNothing() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        board.freeze(CAUSE);
        shared.thrown = new IllegalStateException("the client is closed");
        assertThat(board.thaw(CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.FAILED);
        assertThat(board.frozen()).contains(CAUSE);
        assertThat(trail).extracting(TrailEntry::type).containsExactly("switch.frozen", "switch.failed");
        SwitchBoard restarted = board(new Shared());
        replayInto(restarted);
        restarted.open();
        assertThat(restarted.frozen()).contains(CAUSE);
    }

    @Test
    void storeThatThrowsAnInterruption_leavesTheCallerInterrupted() throws IOException {
        Shared shared = new Shared();
        SwitchBoard board = board(shared);
        board.open();
        shared.thrown = new InterruptedException();
        assertThat(board.kill(ROUTE, CAUSE).outcome()).isEqualTo(SwitchResult.Outcome.NOT_DURABLE);
        assertThat(Thread.interrupted()).isTrue();
    }

    // ---- edits in several steps -------------------------------------------------------------------------------

    private static final String EDIT = "{\"v\": 2, \"switches\": [{\"scope\": {\"model\": \"model\","
            + " \"route\": \"v2\"}, \"by\": \"me\", \"because\": \"by hand\"}]}";

    /** As editors write in place, and as those do that move the old file away first. */
    @Test
    void handEditInSteps_isWaitedForAndTakenOver() throws IOException {
        for (boolean inPlace : List.of(true, false)) {
            SwitchBoard board = opened();
            board.restore(ROUTE, CAUSE);
            board.kill(SEGMENT, CAUSE);
            if (inPlace) {
                Files.writeString(file(), "");
            } else {
                Files.delete(file());
            }
            tick(board);
            now = now.plusMillis(900);
            tick(board);
            assertThat(covering(board, "v1", "18-25")).as("last known good").isNotNull();
            if (inPlace) {
                Files.writeString(file(), EDIT.substring(0, 40));
                tick(board);
                now = now.plusMillis(900);
                tick(board);
            }
            Files.writeString(file(), EDIT);
            now = now.plusSeconds(10);
            tick(board);
            assertThat(scopes(board)).containsExactly(ROUTE);
            assertThat(Files.readString(file())).isEqualTo(EDIT);
        }
        assertThat(alarms).isEmpty();
        assertThat(directory.resolve("switches.json.broken")).doesNotExist();
    }

    @Test
    void killDuringAHandEdit_isInForceAndStoredAfterwards() throws IOException {
        SwitchBoard board = opened();
        board.restore(ROUTE, CAUSE);
        Files.writeString(file(), EDIT.substring(0, 40));
        assertThat(board.kill(SEGMENT, CAUSE).durable()).isFalse();
        assertThat(covering(board, "v1", "18-25")).isNotNull();
        Files.writeString(file(), EDIT);
        tick(board);
        assertThat(scopes(opened())).containsExactlyInAnyOrder(ROUTE, SEGMENT);
        assertThat(directory.resolve("switches.json.broken")).doesNotExist();
    }

    @Test
    void fileThatIsNoLongerCorrupt_isNotSetAside() throws IOException {
        FileSwitchStore store = new FileSwitchStore("runtime", file(), time);
        Files.writeString(file(), EDIT.substring(0, 40));
        org.assertj.core.api.Assertions.assertThatThrownBy(store::read).hasMessageContaining("40 bytes is corrupt");
        Files.writeString(file(), EDIT);
        org.assertj.core.api.Assertions.assertThatThrownBy(store::setAside).hasMessageContaining("changed meanwhile");
        assertThat(Files.readString(file())).isEqualTo(EDIT);
    }

    @Test
    void fileThatIsMissing_isCreatedAndLeavesNothingElse() throws IOException {
        SwitchBoard board = opened();
        Files.delete(file());
        assertThat(board.kill(ROUTE, CAUSE).durable()).isTrue();
        assertThat(scopes(opened())).containsExactly(ROUTE);
        try (java.util.stream.Stream<java.nio.file.Path> files = Files.list(directory)) {
            assertThat(files)
                    .extracting(each -> String.valueOf(each.getFileName()))
                    .containsExactlyInAnyOrder("switches.json", "switches.json.lock");
        }
    }
}
