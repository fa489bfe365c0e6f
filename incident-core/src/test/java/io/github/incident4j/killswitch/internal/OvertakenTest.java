// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchAuthorizer;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.killswitch.TwoPersonRule;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A kill that comes while somebody lifts stays, whoever lifts and however. */
class OvertakenTest extends SwitchFixture {
    private static final Cause PAGER = Cause.by("pager").because("it harms again");
    private static final Cause LEAD = Cause.by("lead").because("repaired");
    private static final SwitchState.Limited HALF = new SwitchState.Limited(Limit.toShare(0.5));

    /** A store in which somebody kills at the moment of a write. */
    private static final class Overtaken implements SwitchStore {
        private final InMemorySwitchStore inner = new InMemorySwitchStore("runtime");
        private Runnable beforeWrite = () -> {};

        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public SwitchSnapshot read() {
            return inner.read();
        }

        @Override
        public boolean replace(long expected, SwitchSnapshot next) throws IOException {
            Runnable once = beforeWrite;
            beforeWrite = () -> {};
            once.run();
            return inner.replace(expected, next);
        }

        @Override
        public String setAside() {
            return inner.setAside();
        }
    }

    private static SwitchState stateOf(SwitchBoard board) {
        assertThat(board.at(ROUTE)).hasSize(1);
        return board.at(ROUTE).get(0).state();
    }

    private List<String> types() {
        return trail.stream().map(TrailEntry::type).toList();
    }

    @Test
    void killDuringTheWriteOfARestore_staysAndIsDurable() throws Exception {
        Overtaken store = new Overtaken();
        SwitchBoard board = board(store);
        board.open();
        board.kill(ROUTE, CAUSE);
        Thread[] pager = new Thread[1];
        store.beforeWrite = () -> pager[0] = killedMeanwhile(board);
        SwitchResult restored = board.restore(ROUTE, LEAD);
        pager[0].join();
        assertThat(restored.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(restored.message()).contains("somebody else has changed");
        assertThat(board.at(ROUTE)).extracting(Switch::cause).containsExactly(PAGER);
        assertThat(covering(board, "v2", null)).as("in force").isNotNull();
        assertThat(store.read().switches()).extracting(Switch::cause).containsExactly(PAGER);
        assertThat(types()).doesNotContain("switch.restored");
    }

    /** Its kill is in memory when this returns; it waits for the store, which is being written. */
    private Thread killedMeanwhile(SwitchBoard board) {
        now = now.plusMillis(1);
        Thread thread = new Thread(() -> board.kill(ROUTE, PAGER));
        thread.start();
        Eventually.until(
                () -> board.at(ROUTE).stream().anyMatch(each -> each.cause().equals(PAGER)));
        return thread;
    }

    /** By another process, such as the tool: the store has it before the memory does. */
    @Test
    void killOfAnotherWriterDuringALift_staysInTheStore() throws IOException {
        for (boolean limited : new boolean[] {false, true}) {
            trail.clear();
            Overtaken store = new Overtaken();
            SwitchBoard board = board(store);
            board.open();
            if (limited) {
                board.limit(ROUTE, HALF, CAUSE);
            }
            List<Switch> seen = board.at(ROUTE);
            Switch kill = new Switch(ROUTE, SwitchState.killed(), PAGER.until(NOW.plusSeconds(600)), now.plusMillis(1));
            store.beforeWrite = () -> store.inner.replace(
                    store.inner.read().version(),
                    new SwitchSnapshot(
                            store.inner.read().version() + 1,
                            Stream.concat(seen.stream(), Stream.of(kill)).toList(),
                            Optional.empty()));
            SwitchState.Limited tenth = new SwitchState.Limited(Limit.toShare(0.9));
            assertThat(board.lift(ROUTE, seen, tenth, LEAD).outcome())
                    .as("limited: %s", limited)
                    .isEqualTo(Outcome.REFUSED);
            assertThat(board.at(ROUTE)).contains(kill);
            assertThat(store.read().switches()).as("limited: %s", limited).contains(kill);
        }
    }

    @Test
    void whatWasSetSinceItWasLookedAt_isNotLifted() throws IOException {
        SwitchBoard board = opened();
        board.kill(ROUTE, CAUSE);
        List<Switch> seen = board.at(ROUTE);
        now = now.plusMillis(1);
        board.kill(ROUTE, PAGER);
        assertThat(board.lift(ROUTE, seen, null, LEAD).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(board.lift(ROUTE, seen, HALF, LEAD).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(board.restrict(ROUTE, HALF, LEAD).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(stateOf(board)).isInstanceOf(SwitchState.Killed.class);
        assertThat(board.lift(ROUTE, board.at(ROUTE), HALF, LEAD).outcome()).isEqualTo(Outcome.DONE);
        assertThat(stateOf(board)).isEqualTo(HALF);
    }

    @Test
    void killWhileTheAuthorizerThinks_needsTheSecondPersonAllTheSame() throws IOException {
        SwitchBoard board = opened();
        SwitchAuthorizer slow = request -> {
            if (request.cause().by().equals("lead")) {
                board.kill(ROUTE, PAGER);
            }
            return Optional.empty();
        };
        PermittedSwitches permitted = new PermittedSwitches(
                board, new SwitchPolicy(slow, TwoPersonRule.within(Duration.ofMinutes(15))), time);
        assertThat(permitted.limit(ROUTE, HALF, LEAD).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(stateOf(board)).isInstanceOf(SwitchState.Killed.class);

        board.restore(ROUTE, CAUSE);
        assertThat(permitted.restore(ROUTE, LEAD).outcome())
                .as("nothing was set when it was asked for")
                .isEqualTo(Outcome.REFUSED);
        assertThat(stateOf(board)).isInstanceOf(SwitchState.Killed.class);
    }

    @Test
    void secondPerson_agreesToTheLiftOfThisKillAndOfNoLaterOne() throws IOException {
        SwitchBoard board = opened();
        PermittedSwitches permitted = new PermittedSwitches(
                board, new SwitchPolicy(SwitchPolicy.EVERYBODY, TwoPersonRule.within(Duration.ofMinutes(15))), time);
        board.kill(ROUTE, CAUSE);
        assertThat(permitted.restore(ROUTE, LEAD).outcome()).isEqualTo(Outcome.NEEDS_SECOND_PERSON);
        now = now.plusSeconds(1);
        board.kill(ROUTE, PAGER);
        assertThat(permitted.restore(ROUTE, CAUSE).outcome())
                .as("the first person has not seen this kill")
                .isEqualTo(Outcome.NEEDS_SECOND_PERSON);
        assertThat(permitted.restore(ROUTE, LEAD).outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    @Timeout(60)
    void authorizerThatHangs_holdsUpNoKillAndRefusesWhatLoosens() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        SwitchBoard board = opened();
        SwitchAuthorizer hanging = request -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.of("never said");
        };
        PermittedSwitches permitted = new PermittedSwitches(board, new SwitchPolicy(hanging, null), time);
        try {
            Thread.currentThread().interrupt();
            assertThat(permitted.kill(ROUTE, CAUSE).outcome()).isEqualTo(Outcome.DONE);
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            assertThat(permitted.restore(ROUTE, LEAD).outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(stateOf(board)).isInstanceOf(SwitchState.Killed.class);
        } finally {
            over.countDown();
        }
    }

    @Test
    void thawOfNothing_saysSo() throws IOException {
        SwitchBoard board = opened();
        assertThat(board.thaw(LEAD).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
        assertThat(trail).isEmpty();
    }

    @Test
    void restore_namesNarrowerSwitchesToo() throws IOException {
        SwitchBoard board = opened();
        board.kill(SEGMENT, CAUSE);
        board.kill(ROUTE.route("v1"), CAUSE);
        SwitchResult restored = board.restore(ROUTE.route("v1"), LEAD);
        assertThat(restored.stillHeld()).extracting(each -> each.set().scope()).containsExactly(SEGMENT);
        assertThat(restored.message()).contains("runtime", "18-25");
    }
}
