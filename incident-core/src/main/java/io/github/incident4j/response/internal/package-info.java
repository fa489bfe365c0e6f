// SPDX-License-Identifier: Apache-2.0
/** How a response plan is carried out. Not exported; only the runtime uses it. */
@NullMarked
package io.github.incident4j.response.internal;

import org.jspecify.annotations.NullMarked;
