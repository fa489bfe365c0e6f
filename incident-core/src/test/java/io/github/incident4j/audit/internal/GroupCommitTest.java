// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.model.TimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** For whom a force waits; times are in nanoseconds of any clock. */
class GroupCommitTest {
    private static final long FORCE = 1_000;

    private final SmallTrail small = new SmallTrail(Path.of("."), TimeSource.system());
    private final GroupCommit group = new GroupCommit(new ArrayList<>());

    private void add(int count, long now) {
        for (int i = 0; i < count; i++) {
            group.add(new Awaited(small.text("t", 1)), now);
        }
    }

    private void force() {
        group.forced(FORCE);
        group.tell(true);
    }

    @Test
    void whoeverComesFirst_isNotKeptWaiting() {
        add(1, 0);
        assertThat(group.isDue(0)).isTrue();
    }

    @Test
    void thoseOfTheLastGroup_areWaitedForHalfAForceAtMost() {
        add(3, 0);
        force();
        add(2, 10);
        assertThat(group.isDue(10)).isFalse();
        assertThat(group.patience(10)).isEqualTo(FORCE / 2 + 1);
        assertThat(group.isDue(10 + FORCE / 2 + 1)).isTrue();
        add(1, 20);
        assertThat(group.isDue(20)).as("complete").isTrue();
    }

    @Test
    void whoCameLateForAGroup_doesNotMakeTheNextOneGoWithoutSomebodyElse() {
        add(3, 0);
        force();
        add(2, 10);
        force(); // without the third, who comes now
        add(2, 20);
        assertThat(group.isDue(20)).isFalse();
        add(1, 30);
        assertThat(group.isDue(30)).isTrue();
    }

    @Test
    void whoStaysAway_isForgottenAfterTwoForces() {
        add(3, 0);
        force();
        add(1, 10);
        force();
        add(1, 20);
        assertThat(group.isDue(20)).isFalse();
        force();
        add(1, 30);
        assertThat(group.isDue(30)).isTrue();
    }
}
