// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/**
 * A guardrail's verdict on one call, when it was anything but a pass, or one of its remarks.
 *
 * @param guardrail the guardrail's name
 * @param stage which side of the model call it judged
 * @param action what the verdict asked for
 * @param finding what was found
 * @param monitored whether the guardrail is there to be watched only, so that nothing was done about it
 * @param times how many findings of its kind it stands for; more than 1 only where a stream has had so many of one
 *     guardrail that they are not listed one by one, and the finding is then the last of them
 */
public record Judgement(String guardrail, Stage stage, Action action, Finding finding, boolean monitored, int times) {
    /**
     * A verdict on one finding.
     *
     * @param guardrail the guardrail's name
     * @param stage which side of the model call it judged
     * @param action what the verdict asked for
     * @param finding what was found
     * @param monitored whether nothing was done about it
     */
    public Judgement(String guardrail, Stage stage, Action action, Finding finding, boolean monitored) {
        this(guardrail, stage, action, finding, monitored, 1);
    }

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
