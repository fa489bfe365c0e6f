// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

/**
 * What the detector that has least has seen for a route.
 *
 * @param detector its name
 * @param value an e-value against "it is still out of its tolerance"; 0 where it has seen nothing
 */
public record LeastEvidence(String detector, double value) {}
