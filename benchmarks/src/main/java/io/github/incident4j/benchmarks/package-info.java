// SPDX-License-Identifier: Apache-2.0
/** What a guarded call costs, with its peers in the same run. */
@NullMarked
package io.github.incident4j.benchmarks;

import org.jspecify.annotations.NullMarked;
