// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.model.Finding;
import java.util.List;

/**
 * What has left a stream of one route: something, and with it what guardrails have found and let through. For
 * detectors; the trail has it among the judgements.
 *
 * @param route the route's number
 * @param findings one of each category and severity
 */
public record LetOut(int route, List<Finding> findings) {}
