// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.PayloadKind;

/**
 * How a guard's decisions are recorded, and what says so.
 *
 * @param durability when a decision's record is on the disk, and who waits for that
 * @param subjects whether the guard says whom its decisions are about
 * @param input how much of the inputs is kept
 * @param output how much of the outputs is kept
 * @param configuration the guard's whole configuration as a JSON object
 * @param hash a digest of the configuration, which every decision names
 */
public record Recording(
        Durability durability,
        boolean subjects,
        PayloadKind input,
        PayloadKind output,
        String configuration,
        String hash) {}
