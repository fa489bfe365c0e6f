// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.audit.PayloadKind;
import io.github.incident4j.guardrail.Guardrail;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of the inputs or outputs of a guarded model the trail keeps. Texts that are kept lie sealed outside the log
 * and are erased with their subject. Immutable.
 *
 * <pre>{@code
 * PayloadPolicy.full(PayloadEncoder.json())
 * PayloadPolicy.redacted(PayloadEncoder.text(), List.of(rail))
 * }</pre>
 *
 * @param <T> what is recorded
 */
public final class PayloadPolicy<T> {
    private static final int DEFAULT_LENGTH = 1 << 20;
    private static final int LONGEST = 16 << 20;
    private static final PayloadPolicy<Object> NONE = new PayloadPolicy<>(PayloadKind.NONE, null, List.of(), 0);

    private final PayloadKind kind;
    private final @Nullable PayloadEncoder<? super T> encoder;
    private final List<Guardrail<T>> redactions;
    private final int maxLength;

    private PayloadPolicy(
            PayloadKind kind,
            @Nullable PayloadEncoder<? super T> encoder,
            List<Guardrail<T>> redactions,
            int maxLength) {
        this.kind = kind;
        this.encoder = encoder;
        this.redactions = redactions;
        this.maxLength = maxLength;
    }

    /**
     * Keeps nothing. The default.
     *
     * @param <T> what is not recorded
     * @return the policy
     */
    @SuppressWarnings("unchecked") // it never looks at a value
    public static <T> PayloadPolicy<T> none() {
        return (PayloadPolicy<T>) NONE;
    }

    /**
     * Keeps a digest under the subject's secret: whoever has the text can show that it was this one.
     *
     * @param encoder makes the text
     * @param <T> what is recorded
     * @return the policy
     */
    public static <T> PayloadPolicy<T> digest(PayloadEncoder<? super T> encoder) {
        return new PayloadPolicy<>(PayloadKind.DIGEST, encoder, List.of(), DEFAULT_LENGTH);
    }

    /**
     * Keeps the text of what guardrails leave of the value: what they rewrite is kept as rewritten, what they block is
     * not kept at all.
     *
     * @param encoder makes the text
     * @param redactions the guardrails, in their order; at least one
     * @param <T> what is recorded
     * @return the policy
     */
    public static <T> PayloadPolicy<T> redacted(
            PayloadEncoder<? super T> encoder, List<? extends Guardrail<T>> redactions) {
        return new PayloadPolicy<>(PayloadKind.REDACTED, encoder, List.copyOf(redactions), DEFAULT_LENGTH);
    }

    /**
     * Keeps the whole text.
     *
     * @param encoder makes the text
     * @param <T> what is recorded
     * @return the policy
     */
    public static <T> PayloadPolicy<T> full(PayloadEncoder<? super T> encoder) {
        return new PayloadPolicy<>(PayloadKind.FULL, encoder, List.of(), DEFAULT_LENGTH);
    }

    /**
     * Limits the length of a text that is kept; a longer one is cut, and the record says so. By default 1,048,576.
     *
     * @param characters 1 to 16,777,216
     * @return the policy with that limit
     */
    public PayloadPolicy<T> atMost(int characters) {
        return new PayloadPolicy<>(kind, encoder, redactions, characters);
    }

    /** {@return how much is kept} */
    public PayloadKind kind() {
        return kind;
    }

    /** {@return makes the text; null where nothing is kept} */
    public @Nullable PayloadEncoder<? super T> encoder() {
        return encoder;
    }

    /** {@return the guardrails that redact} */
    public List<Guardrail<T>> redactions() {
        return redactions;
    }

    /** {@return how long a text may be that is kept} */
    public int maxLength() {
        return maxLength;
    }

    /** What is wrong with the policy. */
    List<String> faults(String of) {
        List<String> faults = new ArrayList<>();
        if (kind != PayloadKind.NONE && encoder == null) {
            faults.add("the payload policy of the " + of + "s has no encoder; name one, such as PayloadEncoder.json()");
        }
        if (kind == PayloadKind.REDACTED && redactions.isEmpty()) {
            faults.add("the payload policy of the " + of + "s redacts nothing; name a guardrail, or use full(…)");
        }
        redactions.forEach(rail -> faults.addAll(rail.faults()));
        if (kind != PayloadKind.NONE && (maxLength < 1 || maxLength > LONGEST)) {
            faults.add("a payload of at most " + maxLength + " characters is out of range; use 1 to " + LONGEST);
        }
        return faults;
    }
}
