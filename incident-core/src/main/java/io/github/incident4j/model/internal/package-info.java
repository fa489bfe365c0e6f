// SPDX-License-Identifier: Apache-2.0
/** What rooms need to speak of shared values. Not exported. */
@NullMarked
package io.github.incident4j.model.internal;

import org.jspecify.annotations.NullMarked;
