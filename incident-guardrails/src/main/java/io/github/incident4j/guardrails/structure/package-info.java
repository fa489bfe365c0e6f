// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on the form of a text that a machine reads:
 * {@link io.github.incident4j.guardrails.structure.StructureRails}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.structure;

import org.jspecify.annotations.NullMarked;
