// SPDX-License-Identifier: Apache-2.0
/**
 * One linear pass over a text, for rules that know what a value looks like:
 * {@link io.github.incident4j.guardrails.scan.TextScanner}. A rule of your own is a
 * {@link io.github.incident4j.guardrails.scan.LayoutRecogniser} in a line or two. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.scan;

import org.jspecify.annotations.NullMarked;
