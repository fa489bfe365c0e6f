// SPDX-License-Identifier: Apache-2.0
/** Ready-made checks on what goes into a model and on what comes out of it. */
@SuppressWarnings("requires-automatic") // libphonenumber has no descriptor; it is optional
module io.github.incident4j.guardrails {
    requires transitive io.github.incident4j.core;
    requires com.fasterxml.jackson.core;
    requires com.github.benmanes.caffeine;
    requires static com.google.i18n.phonenumbers.libphonenumber;
    requires static org.jspecify;
    requires static re2j;

    exports io.github.incident4j.guardrails.decision;
    exports io.github.incident4j.guardrails.features;
    exports io.github.incident4j.guardrails.grounding;
    exports io.github.incident4j.guardrails.numeric;
    exports io.github.incident4j.guardrails.pii;
    exports io.github.incident4j.guardrails.plugs;
    exports io.github.incident4j.guardrails.scan;
    exports io.github.incident4j.guardrails.text;
    exports io.github.incident4j.guardrails.tools;
}
