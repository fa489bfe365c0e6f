// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/**
 * A guardrail's verdict on one call, when it was anything but a pass.
 *
 * @param guardrail the guardrail's name
 * @param stage which side of the model call it judged
 * @param action what the verdict asked for
 * @param finding what was found
 */
public record Judgement(String guardrail, Stage stage, Action action, Finding finding) {
    /** Which side of the model call was judged. */
    public enum Stage {
        /** What goes into the model. */
        INPUT,
        /** What comes out of it. */
        OUTPUT
    }

    /** What the verdict asked for. */
    public enum Action {
        /** The value was replaced. */
        REWRITE,
        /** The value was let through and remarked upon. */
        FLAG,
        /** The value was refused. */
        BLOCK,
        /** The model was asked again. */
        RETRY
    }
}
