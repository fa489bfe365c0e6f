// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.List;
import java.util.stream.Stream;

/** The rules that come with the library. */
final class Secrets {

    private Secrets() {}

    /** All rules; those that know a format before those that know a name only. */
    static List<SecretRule> all() {
        return Stream.of(
                        Cloud.rules(),
                        SourceHosts.rules(),
                        Ai.rules(),
                        Messaging.rules(),
                        Payments.rules(),
                        Observability.rules(),
                        Services.rules(),
                        Keys.rules(),
                        Connections.rules(),
                        Assignments.rules())
                .flatMap(List::stream)
                .toList();
    }

    static List<Recogniser> rules() {
        return List.copyOf(all());
    }
}
