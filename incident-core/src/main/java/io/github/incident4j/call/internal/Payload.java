// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.PayloadKind;
import io.github.incident4j.call.PayloadEncoder;
import io.github.incident4j.call.PayloadPolicy;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Makes the texts of payloads as a policy wants them. Whatever goes wrong costs the payload, never the call.
 *
 * @param what the payload's name in records
 * @param policy the policy
 */
record Payload<T>(String what, PayloadPolicy<T> policy) {

    boolean isNone() {
        return policy.kind() == PayloadKind.NONE;
    }

    /** The text, or null with the reason in the notes. */
    @Nullable
    String textOf(T value, CallNotes notes) {
        PayloadEncoder<? super T> encoder = policy.encoder();
        if (isNone() || encoder == null) {
            return null;
        }
        try {
            T redacted = redacted(value, notes);
            String text = redacted == null ? null : encoder.encode(redacted);
            if (text == null || text.length() <= policy.maxLength() || policy.kind() == PayloadKind.DIGEST) {
                return text;
            }
            fault(notes, "cut at " + policy.maxLength() + " of " + text.length() + " characters");
            return text.substring(0, policy.maxLength());
        } catch (Throwable e) { // the host's own code, for a record's sake
            Interruptions.keep(e);
            fault(notes, e.getClass().getName());
            return null;
        }
    }

    private @Nullable T redacted(T value, CallNotes notes) {
        T left = value;
        for (Guardrail<T> rail : policy.redactions()) {
            Verdict<T> verdict = rail.check(left);
            if (verdict instanceof Verdict.Rewrite<T> rewrite) {
                left = rewrite.value();
            } else if (!(verdict instanceof Verdict.Pass) && !(verdict instanceof Verdict.Flag)) {
                fault(notes, "withheld by guardrail " + rail.name());
                return null;
            }
        }
        return left;
    }

    private void fault(CallNotes notes, String why) {
        notes.fault = (notes.fault == null ? "" : notes.fault + "; ") + what + ": " + why;
    }
}
