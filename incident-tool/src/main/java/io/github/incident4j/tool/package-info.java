// SPDX-License-Identifier: Apache-2.0
/** The operator's command line. It holds no logic of its own: it asks the library and prints. */
@NullMarked
package io.github.incident4j.tool;

import org.jspecify.annotations.NullMarked;
