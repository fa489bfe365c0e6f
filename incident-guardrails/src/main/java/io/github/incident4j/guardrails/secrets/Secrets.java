// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rules that come with the library. */
final class Secrets {

    private Secrets() {}

    /** The rules by the kind of issuer; those that know a format before those that know a name only. */
    static Map<String, List<SecretRule>> groups() {
        Map<String, List<SecretRule>> groups = new LinkedHashMap<>();
        groups.put("Clouds", Cloud.rules());
        groups.put("Source hosts, registries, build tools", SourceHosts.rules());
        groups.put("Models", Ai.rules());
        groups.put("Messages and mail", Messaging.rules());
        groups.put("Payment and trade", Payments.rules());
        groups.put("Observing", Observability.rules());
        groups.put("Other services", Services.rules());
        groups.put("Private keys, signed tokens, hashes of passwords", Keys.rules());
        groups.put("Addresses, headers, files of command lines", Connections.rules());
        groups.put("Values by their names", Assignments.rules());
        return groups;
    }

    static List<SecretRule> all() {
        return groups().values().stream().flatMap(List::stream).toList();
    }

    /** The names of the rules whose values open the most: keys of clouds, and private keys. */
    static String[] gravest() {
        Stream<SecretRule> privateKeys = Keys.rules().stream()
                .filter(rule -> rule.rule().contains("private") || rule.rule().equals("age-secret-key"));
        return Stream.concat(Cloud.rules().stream(), privateKeys)
                .map(SecretRule::rule)
                .toArray(String[]::new);
    }

    static List<Recogniser> rules() {
        return List.copyOf(all());
    }
}
