// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.internal.Erasable;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.Label;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The record of what has turned out to be true of a decision. The label is sealed: it tells of a person, as the
 * decision does.
 *
 * @param model the guarded model
 * @param decision the decision
 * @param label what is true
 * @param nanoTime when it became known to us, on the monotonic clock
 */
public record FeedbackRecord(String model, DecisionId decision, Label label, long nanoTime)
        implements TrailEntry, Erasable {
    /** The type of these records. */
    public static final String TYPE = "feedback";

    private static final String DECISION = "decision";
    private static final String LABEL = "label";

    /**
     * Reads a record back.
     *
     * @param record the record, unsealed
     * @return what it says; empty if its label was erased or cannot be understood
     */
    public static Optional<FeedbackRecord> read(TrailRecord record) {
        try {
            return record.side().members().get(LABEL) instanceof String label
                    ? Optional.of(new FeedbackRecord(
                            String.valueOf(record.members().get("model")),
                            DecisionId.parse(String.valueOf(record.members().get(DECISION))),
                            Label.of(label),
                            0))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // one label less is known
        }
    }

    /** What names it in a {@link SeenRecord}; of several of one decision only the first is seen. */
    String seenName() {
        return seenName(decision);
    }

    /**
     * What names the label of a decision where it is said how far the detectors had come.
     *
     * @param decision the decision
     * @return the name
     */
    public static String seenName(DecisionId decision) {
        return TYPE + " " + decision;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public boolean yields() {
        return true;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("model", Text.clean(model));
        json.writeStringField(DECISION, decision.toString());
    }

    @Override
    public Erasable erasable() {
        return this;
    }

    @Override
    public @Nullable String subject() {
        return label.subject().orElse(null);
    }

    @Override
    public void writeSide(JsonGenerator json) throws IOException {
        json.writeStringField(LABEL, Text.clean(label.value()));
    }

    @Override
    public void writeDigests(JsonGenerator json, UnaryOperator<String> digest) {
        // the log has no text of it
    }
}
