// SPDX-License-Identifier: Apache-2.0
/** Short tours through single rooms of the library. */
@NullMarked
package io.github.incident4j.examples.tour;

import org.jspecify.annotations.NullMarked;
