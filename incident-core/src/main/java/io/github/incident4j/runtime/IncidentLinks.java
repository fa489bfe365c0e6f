// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.incident.Incident;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host's links, which harm nobody when they fail. */
final class IncidentLinks implements Function<Incident, Optional<URI>> {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentLinks.class);

    private final Function<Incident, URI> host;

    IncidentLinks(Function<Incident, URI> host) {
        this.host = host;
    }

    @Override
    @SuppressWarnings("IllegalCatch") // a notification without a link is better than none
    public Optional<URI> apply(Incident incident) {
        try {
            return Optional.ofNullable(host.apply(incident));
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            LOG.warn("incident {} has no link, as the host's function failed: {}", incident.id(), e.toString());
            return Optional.empty();
        }
    }
}
