// SPDX-License-Identifier: Apache-2.0
/** Ready-made checks on what goes into a model and on what comes out of it. */
@SuppressWarnings("requires-automatic") // RE2/J and libphonenumber have no descriptors; both are optional
module io.github.incident4j.guardrails {
    requires transitive io.github.incident4j.core;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.github.benmanes.caffeine;
    requires java.xml;
    requires static com.google.i18n.phonenumbers.libphonenumber;
    requires static com.networknt.schema;
    requires static org.jspecify;
    requires static org.jsoup;
    requires static re2j;

    exports io.github.incident4j.guardrails.decision;
    exports io.github.incident4j.guardrails.features;
    exports io.github.incident4j.guardrails.grounding;
    exports io.github.incident4j.guardrails.injection;
    exports io.github.incident4j.guardrails.markup;
    exports io.github.incident4j.guardrails.numeric;
    exports io.github.incident4j.guardrails.pii;
    exports io.github.incident4j.guardrails.plugs;
    exports io.github.incident4j.guardrails.presets;
    exports io.github.incident4j.guardrails.scan;
    exports io.github.incident4j.guardrails.secrets;
    exports io.github.incident4j.guardrails.structure;
    exports io.github.incident4j.guardrails.text;
    exports io.github.incident4j.guardrails.tools;
}
