// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.StoredRecord;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is read again when a guard is built. */
class DetectorStatesTest {
    private static final Instant NOW = hour(1_000);

    private final DetectorStates states = new DetectorStates();
    private long sequence;

    private static Instant hour(int hour) {
        return Instant.EPOCH.plusSeconds(3_600L * hour);
    }

    private static ObjectNode json() {
        return JsonNodeFactory.instance.objectNode();
    }

    private long replay(int hour, String type, ObjectNode json) {
        states.replay(new StoredRecord(++sequence, hour(hour), type, json));
        return sequence;
    }

    private void opened(int hour) {
        replay(hour, "runtime.opened", json());
    }

    private void built(int hour) {
        replay(hour, "guard.built", json().put("model", "credit"));
    }

    /** A mark at which all of a model is in its states; of a guard without detectors there are none. */
    private long mark(int hour) {
        String id = "at-" + hour;
        long place = replay(hour, MarkRecord.TYPE, json().put("mark", id));
        ObjectNode marked = json().put("mark", id);
        marked.putArray("models").addObject().put("model", "credit").put("states", 0);
        replay(hour, MarkedRecord.TYPE, marked);
        return place;
    }

    @Test
    void decisionsOfTheRunBefore_areThoseBehindTheMark() {
        opened(1);
        built(1);
        long mark = mark(2);
        assertThat(states.missing("credit", NOW)).hasValueSatisfying(span -> {
            assertThat(span.after()).isEqualTo(mark);
            assertThat(span.before()).isEqualTo(Long.MAX_VALUE);
            assertThat(span.until()).isAfter(NOW);
        });
    }

    /** What other models have decided since is no part of it. */
    @Test
    void decisionsOfAModelThatWasNotGuardedLately_endWithTheRunThatGuardedIt() {
        opened(1);
        built(1);
        long mark = mark(2);
        opened(5);
        long next = sequence;
        opened(900);
        assertThat(states.missing("credit", NOW)).hasValueSatisfying(span -> {
            assertThat(span.after()).isEqualTo(mark);
            assertThat(span.before()).isEqualTo(next);
            assertThat(span.until()).isBefore(hour(7));
        });
    }

    @Test
    void runWithoutDetectors_isNotReadAgain() {
        opened(1);
        built(1);
        mark(2);
        opened(5);
        built(5);
        long last = mark(800);
        assertThat(states.missing("credit", NOW).orElseThrow().after()).isEqualTo(last);
    }

    @Test
    void modelOfWhichNothingIsKnown_missesNothing() {
        opened(1);
        built(1);
        assertThat(states.missing("credit", NOW)).isEmpty();
    }

    @Test
    void relearn_endsWhatWasKnown() {
        opened(1);
        built(1);
        mark(2);
        states.forget("credit");
        assertThat(states.missing("credit", NOW)).isEmpty();
    }

    @Test
    void maintenanceThatIsProlonged_goesOnSinceItsBeginning() {
        states.maintain("credit", hour(10), hour(11));
        states.maintain("credit", hour(10).plusSeconds(1_800), hour(12));
        assertThat(states.maintenance("credit")).isEqualTo(new DetectorStates.Maintenance(hour(10), hour(12)));
    }

    @Test
    void maintenanceThatIsEnded_wasOneUntilThen() {
        states.maintain("credit", hour(10), hour(20));
        states.maintain("credit", hour(12), Instant.EPOCH);
        assertThat(states.maintenance("credit")).isEqualTo(new DetectorStates.Maintenance(hour(10), hour(12)));
        states.maintain("credit", hour(15), hour(16));
        assertThat(states.maintenance("credit")).isEqualTo(new DetectorStates.Maintenance(hour(15), hour(16)));
    }
}
