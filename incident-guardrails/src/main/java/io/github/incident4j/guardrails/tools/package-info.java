// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on the tool calls of agents: which tools, with which arguments, how often, in which order, and with whose
 * approval.
 *
 * <p>Start with {@link io.github.incident4j.guardrails.tools.ToolRails}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.tools;

import org.jspecify.annotations.NullMarked;
