// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.model.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
