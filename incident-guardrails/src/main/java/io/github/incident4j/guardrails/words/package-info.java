// SPDX-License-Identifier: Apache-2.0
/** Texts as sequences of words, for the guardrails of this module; not exported. */
@NullMarked
package io.github.incident4j.guardrails.words;

import org.jspecify.annotations.NullMarked;
