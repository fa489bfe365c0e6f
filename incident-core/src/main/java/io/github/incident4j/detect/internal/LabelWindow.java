// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.detect.Labelling;
import io.github.incident4j.model.DecisionId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last answers of a model, by their ids, until their labels come. What leaves it, since there are more than it
 * holds, is counted. Its state is the counts and where it begins; the answers themselves are read from the trail again.
 */
final class LabelWindow {
    private final int capacity;
    private final LinkedHashMap<DecisionId, Waiting> answers = new LinkedHashMap<>();
    private long labelled;
    private long unlabelled;
    private long unknown;
    private long repeated;
    private long here; // labelled ones that are still in the window
    private double delays; // the sum, in nanoseconds
    private long longest;

    /** An answer; {@code labelled} once its label has come, of which a second one is told apart from an unknown one. */
    private record Waiting(DecisionRecord decision, long epochNanos, boolean labelled) {}

    /**
     * An empty window.
     *
     * @param capacity how many answers it holds; 0 where nobody asks for labels
     */
    LabelWindow(int capacity) {
        this.capacity = capacity;
    }

    /** Whether it remembers anything at all. */
    boolean isUsed() {
        return capacity > 0;
    }

    /** Whether it remembers nothing at present. */
    boolean isEmpty() {
        return answers.isEmpty();
    }

    /** Remembers an answer of a version of the model; of other decisions no label is asked. */
    void add(DecisionId id, DecisionRecord decision, long epochNanos) {
        if (capacity == 0 || !Monitor.isByModel(decision)) {
            return;
        }
        answers.put(id, new Waiting(decision.bare(), epochNanos, false));
        if (answers.size() > capacity) {
            leave(answers.keySet().iterator().next());
        }
    }

    private void leave(DecisionId eldest) {
        Waiting gone = answers.remove(eldest);
        if (gone != null && gone.labelled()) {
            here--;
        } else {
            unlabelled++;
        }
    }

    /**
     * Joins a label to its answer.
     *
     * @param epochNanos when it came
     * @return both; empty if the answer is not here, or has its label already
     */
    Optional<Labelled> join(FeedbackRecord feedback, long epochNanos) {
        Waiting answer = answers.get(feedback.decision());
        if (answer == null || answer.labelled()) {
            unknown += answer == null ? 1 : 0;
            repeated += answer == null ? 0 : 1;
            return Optional.empty();
        }
        answers.put(feedback.decision(), new Waiting(answer.decision(), answer.epochNanos(), true));
        here++;
        labelled++;
        long delay = Math.max(0, epochNanos - answer.epochNanos()); // a clock may have been set
        delays += delay;
        longest = Math.max(longest, delay);
        return Optional.of(new Labelled(
                answer.decision(), answer.epochNanos(), feedback.label().value(), epochNanos, soFar()));
    }

    /** Forgets the answers: what was made of them is dealt with, or they are of another mix of calls. */
    void clear() {
        answers.clear();
        here = 0;
    }

    /** How the labels have come in until now. */
    Labelling soFar() {
        return new Labelling(
                labelled,
                answers.size() - here,
                unlabelled,
                unknown,
                repeated,
                Duration.ofNanos(labelled == 0 ? 0 : (long) (delays / labelled)),
                Duration.ofNanos(longest));
    }

    /** Writes what the trail does not say. */
    void save(ObjectNode into) {
        into.put("labelled", labelled)
                .put("unlabelled", unlabelled)
                .put("unknown", unknown)
                .put("repeated", repeated)
                .put("delays", delays)
                .put("longest", longest);
        if (!answers.isEmpty()) {
            Map.Entry<DecisionId, Waiting> first = answers.entrySet().iterator().next();
            into.put("first", first.getKey().toString())
                    .put("first_ns", first.getValue().epochNanos());
        }
    }

    /** When the oldest answer was given of which a state tells; empty if there was none. */
    static Optional<Instant> since(JsonNode from) {
        return from.has("first") ? Optional.of(Monitor.instant(Memory.whole(from, "first_ns"))) : Optional.empty();
    }

    /** Its id. */
    static String first(JsonNode from) {
        return from.path("first").asText();
    }

    /** Takes up the counts; the answers are there already, and what they have counted is in these. */
    void load(JsonNode from) {
        labelled = Memory.whole(from, "labelled");
        unlabelled = Memory.whole(from, "unlabelled");
        unknown = Memory.whole(from, "unknown");
        repeated = Memory.whole(from, "repeated");
        delays = Memory.decimal(from, "delays");
        longest = Memory.whole(from, "longest");
    }
}
