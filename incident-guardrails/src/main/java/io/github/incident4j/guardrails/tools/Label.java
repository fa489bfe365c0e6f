// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

/**
 * What a tool does, as far as an order of tools may be dangerous.
 *
 * @param name a name for findings; a legal name
 */
public record Label(String name) {
    /** The tool reads what outsiders must not see. */
    public static final Label READS_PRIVATE = new Label("reads-private");
    /** The tool sends, or can be made to send, something out of the house: a mail, a request with a free URL. */
    public static final Label SENDS_OUTSIDE = new Label("sends-outside");
    /** The tool brings in what outsiders have written: a page, a mail, a ticket. */
    public static final Label SEES_UNTRUSTED = new Label("sees-untrusted");
}
