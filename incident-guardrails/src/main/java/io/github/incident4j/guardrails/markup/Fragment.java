// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

/** Kinds of code that an answer for a machine should not hold. */
public enum Fragment {
    /** Statements of SQL, and the usual endings of an injection. */
    SQL,

    /** Commands of a shell behind a separator, substitutions, and programs piped into a shell. */
    SHELL,

    /** Expressions of template engines, such as <code>{{…}}</code>, <code>${…}</code> and {@code <%…%>}. */
    TEMPLATE
}
