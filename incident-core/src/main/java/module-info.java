/** Guarded model calls, switches, the audit trail, detectors and incidents. */
module io.github.incident4j.core {
    requires transitive io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;

    exports io.github.incident4j.audit;
    exports io.github.incident4j.call;
    exports io.github.incident4j.detect;
    exports io.github.incident4j.guardrail;
    exports io.github.incident4j.incident;
    exports io.github.incident4j.killswitch;
    exports io.github.incident4j.model;
    exports io.github.incident4j.notify;
    exports io.github.incident4j.response;
    exports io.github.incident4j.review;
    exports io.github.incident4j.runtime;
}
