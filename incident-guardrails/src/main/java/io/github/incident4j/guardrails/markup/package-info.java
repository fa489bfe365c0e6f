// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on links, markup and what does not show: {@link io.github.incident4j.guardrails.markup.MarkupRails}. No
 * parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.markup;

import org.jspecify.annotations.NullMarked;
