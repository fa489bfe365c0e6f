// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/**
 * Thrown by a guarded call that nobody answered and in which no route threw an exception of its own. It has no stack
 * trace: a refusal is an ordinary outcome, and the audit trail knows the rest under {@link #id()}.
 */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient DecisionId id;
    private final transient String model;
    private final transient Failure failure;

    /**
     * Creates the exception; the library does this.
     *
     * @param id the decision's id
     * @param model the guarded model's name
     * @param failure why the call was refused
     */
    public RefusedException(DecisionId id, String model, Failure failure) {
        super(null, null, true, false);
        this.id = id;
        this.model = model;
        this.failure = failure;
    }

    /** {@return the model, the failure and the decision in one line; made when it is asked for} */
    @Override
    public String getMessage() {
        // Only a copy that came through serialization lacks the parts.
        return failure == null
                ? "a guarded call was refused"
                : "model '" + model + "' refused the call (" + failure.code() + "): " + failure.message()
                        + " [decision " + id + "]";
    }

    /** {@return the decision's id} */
    public DecisionId id() {
        return id;
    }

    /** {@return why the call was refused} */
    public Failure failure() {
        return failure;
    }
}
