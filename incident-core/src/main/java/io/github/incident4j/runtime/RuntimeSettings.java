// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.internal.TrailSettings;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.internal.IncidentRules;
import io.github.incident4j.killswitch.SourcePolicy;
import io.github.incident4j.killswitch.SwitchSource;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.killswitch.internal.SwitchPolicy;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.model.TraceContext;
import io.github.incident4j.notify.IncidentListener;
import io.github.incident4j.notify.internal.ChannelOutbox;
import io.github.incident4j.response.ResponsePlan;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was set, checked.
 *
 * @param directory where everything is kept, or null if nothing is
 * @param listeners who is told, by name
 * @param channels who is told by the outbox, by name
 * @param links where people find an incident
 * @param store where the runtime's own switches become durable
 * @param sources the other sources of switches
 * @param switchPolicy who may change switches
 * @param incidents how incidents are kept
 * @param plan what is done about incidents
 * @param time the clocks
 * @param trail the audit trail's part
 * @param traces tells the trace of the calling thread, if the host has one
 */
record RuntimeSettings(
        @Nullable Path directory,
        Map<String, IncidentListener> listeners,
        Map<String, ChannelOutbox.Configured> channels,
        Function<Incident, Optional<URI>> links,
        SwitchStore store,
        Map<SwitchSource, SourcePolicy> sources,
        SwitchPolicy switchPolicy,
        IncidentRules incidents,
        ResponsePlan plan,
        TimeSource time,
        TrailSettings trail,
        @Nullable Supplier<@Nullable TraceContext> traces) {}
