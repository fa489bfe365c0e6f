// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

/**
 * Puts the values of a {@link Redaction} into one answer that comes in pieces; a placeholder may be cut anywhere. What
 * it lets out is, put together, what {@link Redaction#restore} makes of the whole answer. It holds back no more than
 * the beginning of a placeholder, and keeps the answer to the end, to tell then what is garbled or missing. Used by one
 * thread at a time.
 */
public final class RestoringStream {
    private final Redaction redaction;
    private final StringBuilder answer = new StringBuilder();
    private int passed;
    private boolean ended;

    RestoringStream(Redaction redaction) {
        this.redaction = redaction;
    }

    /**
     * Takes the next piece.
     *
     * @param piece any text, the empty one too
     * @return what the answer says up to where a placeholder may have begun, with values; nothing after the end
     */
    public String append(String piece) {
        if (ended) {
            return "";
        }
        answer.append(piece);
        return restored();
    }

    /**
     * Says that the answer is complete.
     *
     * @return the rest of its text, with what is garbled or missing in all of it; the same without text when called
     *     again
     */
    public Redaction.Restored end() {
        ended = true;
        String rest = restored();
        Redaction.Restored whole = redaction.restore(answer.toString());
        return new Redaction.Restored(rest, whole.garbled(), whole.missing());
    }

    private String restored() {
        StringBuilder out = new StringBuilder();
        while (passed < answer.length()) {
            int at = answer.indexOf("[", passed);
            int next = at < 0 ? answer.length() : at;
            out.append(answer, passed, next);
            passed = next;
            if (at >= 0) {
                int end = redaction.endOfBrackets(answer, at);
                boolean toCome = end == at && !ended && answer.length() - at < redaction.longest();
                if (toCome) {
                    break;
                }
                String value = redaction.value(answer.substring(at, end));
                out.append(value == null ? "[" : value);
                passed = value == null ? at + 1 : end;
            }
        }
        return out.toString();
    }
}
