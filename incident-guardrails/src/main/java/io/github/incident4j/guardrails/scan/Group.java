// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

/**
 * What is done about the values of some rules.
 *
 * @param action what is done; about evidence, once there is enough of it
 * @param mask what takes their place if they are redacted
 * @param flagAt how much evidence is put on record, 0 for rules that are no evidence
 * @param blockAt how much evidence blocks
 */
record Group(Action action, Mask mask, double flagAt, double blockAt) {

    static Group of(Action action, Mask mask) {
        return new Group(action, mask, 0, 0);
    }

    static Group evidence(double flagAt, double blockAt) {
        return new Group(Action.BLOCK, Mask.LABEL, flagAt, blockAt);
    }

    boolean isEvidence() {
        return flagAt > 0;
    }
}
