// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.model.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the trail has of each call beyond the decision itself: whom it was about, what the model saw and said, what it
 * took. Private unless told otherwise. Immutable: each setting returns another value.
 *
 * <pre>{@code
 * .audit(AuditOptions.<Application, Score>options()
 *         .subject(Application::customer)
 *         .input(PayloadPolicy.full(PayloadEncoder.json())))
 * }</pre>
 *
 * @param <I> the model's input
 * @param <O> the model's output; of a stream, its {@link StreamSummary}
 */
public final class AuditOptions<I, O> {
    private static final AuditOptions<Object, Object> NONE =
            new AuditOptions<>(null, PayloadPolicy.none(), PayloadPolicy.none(), null);

    private final @Nullable Function<? super I, @Nullable String> subject;
    private final PayloadPolicy<? super I> input;
    private final PayloadPolicy<? super O> output;
    private final @Nullable Function<? super O, @Nullable TokenUsage> usage;

    private AuditOptions(
            @Nullable Function<? super I, @Nullable String> subject,
            PayloadPolicy<? super I> input,
            PayloadPolicy<? super O> output,
            @Nullable Function<? super O, @Nullable TokenUsage> usage) {
        this.subject = subject;
        this.input = input;
        this.output = output;
        this.usage = usage;
    }

    /**
     * Nothing beyond the decision itself.
     *
     * @param <I> the model's input
     * @param <O> the model's output
     * @return the options
     */
    @SuppressWarnings("unchecked") // nothing in it looks at a value
    public static <I, O> AuditOptions<I, O> options() {
        return (AuditOptions<I, O>) NONE;
    }

    /**
     * Says whom a call is about. The log has a keyed digest of it, the sealed side record the reference itself;
     * {@code IncidentRuntime.erase} destroys both. A call's {@link CallContext} may say it, too, and outranks this.
     *
     * @param reference reads the host's own reference to the person, such as a customer's number; null or an exception
     *     where nobody is known
     * @return the options with that
     */
    public AuditOptions<I, O> subject(Function<? super I, @Nullable String> reference) {
        return new AuditOptions<>(reference, input, output, usage);
    }

    /**
     * Says how much of the inputs is kept: of what the model saw, after the input guardrails; of an input that was
     * blocked, as it came.
     *
     * @param policy the policy
     * @return the options with that policy
     */
    public AuditOptions<I, O> input(PayloadPolicy<? super I> policy) {
        return new AuditOptions<>(subject, policy, output, usage);
    }

    /**
     * Says how much of the outputs is kept: of what the caller got, after the output guardrails.
     *
     * @param policy the policy
     * @return the options with that policy
     */
    public AuditOptions<I, O> output(PayloadPolicy<? super O> policy) {
        return new AuditOptions<>(subject, input, policy, usage);
    }

    /**
     * Says how many tokens an answer took.
     *
     * @param tokens reads them; null or an exception where they are unknown
     * @return the options with that
     */
    public AuditOptions<I, O> usage(Function<? super O, @Nullable TokenUsage> tokens) {
        return new AuditOptions<>(subject, input, output, tokens);
    }

    /** {@return reads the subject, if that is declared} */
    public @Nullable Function<? super I, @Nullable String> subject() {
        return subject;
    }

    /** {@return how much of the inputs is kept} */
    public PayloadPolicy<? super I> input() {
        return input;
    }

    /** {@return how much of the outputs is kept} */
    public PayloadPolicy<? super O> output() {
        return output;
    }

    /** {@return reads the tokens, if that is declared} */
    public @Nullable Function<? super O, @Nullable TokenUsage> usage() {
        return usage;
    }

    boolean isNone() {
        return this.equals(NONE);
    }

    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (input == null || output == null) {
            faults.add("a payload policy is null; PayloadPolicy.none() keeps nothing");
            return faults;
        }
        faults.addAll(input.faults("input"));
        faults.addAll(output.faults("output"));
        return faults;
    }
}
