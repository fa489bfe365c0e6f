// SPDX-License-Identifier: Apache-2.0
/** What the families share; not exported. */
@NullMarked
package io.github.incident4j.guardrails.internal;

import org.jspecify.annotations.NullMarked;
