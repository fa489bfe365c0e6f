// SPDX-License-Identifier: Apache-2.0
/** Guardrails on texts: {@link io.github.incident4j.guardrails.text.TextRails}. No parameter or result is null. */
@NullMarked
package io.github.incident4j.guardrails.text;

import org.jspecify.annotations.NullMarked;
