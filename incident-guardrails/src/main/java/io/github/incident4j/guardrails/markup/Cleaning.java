// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

/** Makes HTML safe. */
@FunctionalInterface
interface Cleaning {
    String cleaned(String html);
}
