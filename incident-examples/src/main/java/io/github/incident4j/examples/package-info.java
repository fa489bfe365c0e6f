// SPDX-License-Identifier: Apache-2.0
/** Stories of incidents that run from one jar: {@link io.github.incident4j.examples.Main}. */
@NullMarked
package io.github.incident4j.examples;

import org.jspecify.annotations.NullMarked;
