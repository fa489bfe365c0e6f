// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.AuditSigner;
import io.github.incident4j.audit.CheckpointAnchor;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.internal.DurableFiles;
import io.github.incident4j.audit.internal.TrailSettings;
import io.github.incident4j.incident.Deadlines;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.Responsibilities;
import io.github.incident4j.incident.SeverityRules;
import io.github.incident4j.incident.internal.IncidentRules;
import io.github.incident4j.killswitch.SourcePolicy;
import io.github.incident4j.killswitch.SwitchAuthorizer;
import io.github.incident4j.killswitch.SwitchSource;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.killswitch.TwoPersonRule;
import io.github.incident4j.killswitch.internal.FileSwitchStore;
import io.github.incident4j.killswitch.internal.InMemorySwitchStore;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.killswitch.internal.SwitchPolicy;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.model.TraceContext;
import io.github.incident4j.model.internal.Durations;
import io.github.incident4j.notify.Channel;
import io.github.incident4j.notify.DeliveryPolicy;
import io.github.incident4j.notify.IncidentListener;
import io.github.incident4j.notify.internal.ChannelOutbox;
import io.github.incident4j.response.ResponsePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a runtime. Obtained from {@link IncidentRuntime#builder()}. Settings do not throw; {@link #build()} reports
 * all faults together. Used by one thread.
 */
public final class RuntimeBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeBuilder.class);
    private static final int DEFAULT_WAITING = 16_384;
    private static final int MIN_WAITING = 64;
    private static final int MAX_WAITING = 1 << 24;
    private static final long DEFAULT_WAITING_PAYLOAD = 32L << 20;
    private static final Duration LEAST_AGE = Duration.ofSeconds(1);
    private static final Duration MAX_WAIT = Duration.ofDays(1);
    private static final Duration DEFAULT_MAX_WAIT = Duration.ofMillis(100);

    private final Map<String, IncidentListener> listeners = new LinkedHashMap<>();
    private final Map<SwitchSource, SourcePolicy> sources = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final List<AuditSigner> signers = new ArrayList<>();
    private final List<CheckpointAnchor> anchors = new ArrayList<>();
    private @Nullable Path directory;
    private boolean ephemeral;
    private final Map<String, ChannelOutbox.Configured> channels = new LinkedHashMap<>();
    private Function<Incident, Optional<URI>> links = incident -> Optional.empty();
    private @Nullable SwitchStore store;
    private SwitchAuthorizer authorizer = SwitchPolicy.EVERYBODY;
    private @Nullable TwoPersonRule twoPersonRule;
    private ResponsePlan plan = ResponsePlan.standard();
    private Deadlines deadlines = Deadlines.standard();
    private Responsibilities responsibilities = Responsibilities.none();
    private SeverityRules severityRules = SeverityRules.standard();
    private Duration recurrence = IncidentRules.STANDARD.recurrence();
    private TimeSource time = TimeSource.system();
    private int maxWaitingDecisions = DEFAULT_WAITING;
    private Duration maxWait = DEFAULT_MAX_WAIT;
    private Retention retention = Retention.forever();
    private long maxWaitingPayload = DEFAULT_WAITING_PAYLOAD;
    private @Nullable Supplier<@Nullable TraceContext> traces;

    RuntimeBuilder() {}

    /**
     * Sets where trail and switches live; they survive restarts. Each runtime needs a directory of its own, on a local
     * disk. Obligatory but for {@link #ephemeral()} ones.
     *
     * @param newDirectory the directory; it is created if it is missing
     * @return this builder
     */
    public RuntimeBuilder directory(Path newDirectory) {
        this.directory = newDirectory;
        return this;
    }

    /**
     * Adds somebody who is told of incidents, such as a pager.
     *
     * @param listener the listener
     * @return this builder
     */
    public RuntimeBuilder listener(IncidentListener listener) {
        return namedListener("listener-" + (listeners.size() + 1), listener);
    }

    /**
     * Adds somebody who is told of incidents, under a name that stays the same when listeners are added or removed:
     * what it was told is remembered across restarts under this name.
     *
     * @param name its name, unique within the runtime
     * @param listener the listener
     * @return this builder
     */
    public RuntimeBuilder namedListener(String name, IncidentListener listener) {
        Names.faultOf("listener name", name).ifPresent(faults::add);
        if (listener == null) {
            faults.add("listener '" + name + "' is null");
        } else if (listeners.putIfAbsent(name, listener) != null) {
            faults.add("two listeners have the name '" + name + "'");
        }
        return this;
    }

    /**
     * Adds a way to tell people of incidents, such as {@code Channels.pagerDuty("…")}, as
     * {@link DeliveryPolicy#standard()} says. What it is told survives restarts and outages of the receiver under this
     * name.
     *
     * @param name its name, unique among the channels of the runtime
     * @param channel the channel
     * @return this builder
     */
    public RuntimeBuilder channel(String name, Channel channel) {
        return channel(name, channel, DeliveryPolicy.standard());
    }

    /**
     * Adds a way to tell people of incidents.
     *
     * @param name its name, unique among the channels of the runtime
     * @param channel the channel
     * @param policy of what it is told, how often, and for how long it is tried
     * @return this builder
     */
    public RuntimeBuilder channel(String name, Channel channel, DeliveryPolicy policy) {
        Names.faultOf("channel name", name).ifPresent(faults::add);
        if (channel == null || policy == null) {
            faults.add("channel '" + name + "' or its policy is null");
        } else if (channels.putIfAbsent(name, new ChannelOutbox.Configured(channel, policy)) != null) {
            faults.add("two channels have the name '" + name + "'");
        } else {
            channel.faults().forEach(fault -> faults.add("channel '" + name + "': " + fault));
        }
        return this;
    }

    /**
     * Says where people find an incident: notifications link there. Where it throws there is no link.
     *
     * @param newLinks makes the link of an incident
     * @return this builder
     */
    public RuntimeBuilder incidentLinks(Function<Incident, URI> newLinks) {
        if (newLinks == null) {
            faults.add("the incident links are null; leave incidentLinks(…) out for none");
            return this;
        }
        this.links = new IncidentLinks(newLinks);
        return this;
    }

    /**
     * Keeps nothing on a disk, for tests and for containers that may write nowhere: a restart forgets kills, incidents
     * and records. In the place of {@link #directory}.
     *
     * @return this builder
     */
    public RuntimeBuilder ephemeral() {
        this.ephemeral = true;
        return this;
    }

    /**
     * Adds switches from elsewhere, such as {@code SwitchSources.file("platform", path)}. While they cannot be read the
     * last known good ones stay.
     *
     * @param source the source
     * @return this builder
     */
    public RuntimeBuilder switchSource(SwitchSource source) {
        return switchSource(source, SourcePolicy.lastKnownGood());
    }

    /**
     * Adds switches from elsewhere.
     *
     * @param source the source
     * @param policy what holds while it cannot be read
     * @return this builder
     */
    public RuntimeBuilder switchSource(SwitchSource source, SourcePolicy policy) {
        if (source == null || policy == null) {
            faults.add("a switch source or its policy is null");
        } else {
            Names.faultOf("switch source name", source.name()).ifPresent(faults::add);
            boolean taken = source.name().equals(SwitchBoard.OWN)
                    || sources.keySet().stream().anyMatch(each -> each.name().equals(source.name()));
            if (taken) {
                faults.add("two switch sources have the name '" + source.name() + "'");
            }
            faultOf(policy).ifPresent(fault -> faults.add("switch source '" + source.name() + "': " + fault));
            sources.put(source, policy);
        }
        return this;
    }

    private static Optional<String> faultOf(SourcePolicy policy) {
        if (policy.limit() == null || policy.then() == null) {
            return Optional.of("a part of its policy is null; use SourcePolicy.lastKnownGood() or killedAfter(limit)");
        }
        if (policy.limit().isEmpty()) {
            return policy.then() == SourcePolicy.Stale.STAY
                    ? Optional.empty()
                    : Optional.of("it never grows too old without a limit; use killedAfter(…) or lastKnownGood()");
        }
        Duration limit = policy.limit().get();
        return limit.compareTo(LEAST_AGE) >= 0
                ? Optional.empty()
                : Optional.of("a limit of " + Durations.text(limit) + " for its age is out of range; use "
                        + Durations.text(LEAST_AGE) + " or more, as it is read four times a second");
    }

    /**
     * Sets where the runtime's own switches become durable; by default {@code switches.json} in the directory. Each
     * runtime needs a store of its own; what several share is a {@link #switchSource(SwitchSource) source}.
     *
     * @param newStore the store
     * @return this builder
     */
    public RuntimeBuilder switchStore(SwitchStore newStore) {
        this.store = newStore;
        return this;
    }

    /**
     * Sets who decides who may change switches; by default everybody may.
     *
     * @param newAuthorizer the authorizer
     * @return this builder
     */
    public RuntimeBuilder switchAuthorizer(SwitchAuthorizer newAuthorizer) {
        this.authorizer = newAuthorizer;
        return this;
    }

    /**
     * Makes what loosens need a second person; by default it does not.
     *
     * @param rule the rule
     * @return this builder
     */
    public RuntimeBuilder twoPersonRule(TwoPersonRule rule) {
        this.twoPersonRule = rule;
        return this;
    }

    /**
     * Sets what is done about incidents; by default {@link ResponsePlan#standard()}.
     *
     * @param newPlan the plan
     * @return this builder
     */
    public RuntimeBuilder responsePlan(ResponsePlan newPlan) {
        this.plan = newPlan;
        return this;
    }

    /**
     * Sets how long people have to acknowledge, triage and contain incidents, to say how they stand, and to review
     * them; by default {@link Deadlines#standard()}.
     *
     * @param newDeadlines the deadlines
     * @return this builder
     */
    public RuntimeBuilder deadlines(Deadlines newDeadlines) {
        this.deadlines = newDeadlines;
        return this;
    }

    /**
     * Sets who is responsible for which model and in which incidents; by default nobody is named.
     *
     * @param newResponsibilities who
     * @return this builder
     */
    public RuntimeBuilder responsibilities(Responsibilities newResponsibilities) {
        this.responsibilities = newResponsibilities;
        return this;
    }

    /**
     * Sets how bad an incident is by what a person says of it at its triage; by default
     * {@link SeverityRules#standard()}.
     *
     * @param rules the rules
     * @return this builder
     */
    public RuntimeBuilder severityRules(SeverityRules rules) {
        this.severityRules = rules;
        return this;
    }

    /**
     * Sets for how long after its end an incident is opened again when the same harm comes back; by default a day.
     *
     * @param window how long, not negative; zero opens a new incident each time
     * @return this builder
     */
    public RuntimeBuilder recurrenceWindow(Duration window) {
        this.recurrence = window;
        return this;
    }

    /**
     * Sets the clocks, for tests and replays; by default those of the system.
     *
     * @param newTime the clocks
     * @return this builder
     */
    public RuntimeBuilder time(TimeSource newTime) {
        this.time = newTime;
        return this;
    }

    /**
     * Sets how many decisions may wait for the journal, and how many calls that will not go without a record (DURABLE,
     * or those that require the trail) may run at a time: as many less 1,024, and 1,024 at least.
     *
     * @param decisions 64 to 16,777,216, by default 16,384
     * @return this builder
     */
    public RuntimeBuilder maxWaitingDecisions(int decisions) {
        this.maxWaitingDecisions = decisions;
        return this;
    }

    /**
     * Sets how long a call waits when that many decisions already wait. After that its record is dropped, and the trail
     * gets a record of the gap; one that will not go without a record waits before the model is asked, and is refused.
     *
     * @param limit zero or more, by default 100 ms
     * @return this builder
     */
    public RuntimeBuilder maxWaitForTrail(Duration limit) {
        this.maxWait = limit;
        return this;
    }

    /**
     * Adds a key that signs the audit trail's checkpoints, such as one in a key management service; by default a key
     * that is made in {@code audit.key} in the directory. While keys are changed, add the new one first and the old one
     * after it: both sign. A trail that none of its keys has signed is attested no more from its beginning.
     *
     * @param signer the key
     * @return this builder
     */
    public RuntimeBuilder auditSigner(AuditSigner signer) {
        if (signer == null) {
            faults.add("an audit signer is null");
        } else {
            signers.add(signer);
        }
        return this;
    }

    /**
     * Adds a place outside the directory that keeps the audit trail's checkpoints, so that nobody who has the directory
     * can make the trail shorter or rewrite it unnoticed.
     *
     * @param anchor the place, such as one of {@link io.github.incident4j.audit.CheckpointAnchors}
     * @return this builder
     */
    public RuntimeBuilder checkpointAnchor(CheckpointAnchor anchor) {
        if (anchor == null) {
            faults.add("a checkpoint anchor is null");
        } else {
            anchors.add(anchor);
        }
        return this;
    }

    /**
     * Limits how many characters of payload may wait to be written, beside the {@linkplain #maxWaitingDecisions number}
     * of decisions; by default 33,554,432, which take twice as many bytes. What finds it full waits as in a full queue.
     * A call that will not go without a record reserves the length of its input and, where answers are recorded, 65,536
     * or their {@code maxLength}, if that is less: 512 such calls at a time by default.
     *
     * @param characters 1 or more
     * @return this builder
     */
    public RuntimeBuilder maxWaitingPayload(long characters) {
        if (characters < 1) {
            faults.add("a limit of " + characters + " characters of waiting payload takes none; use 1 or more");
        }
        this.maxWaitingPayload = characters;
        return this;
    }

    /**
     * Limits how long the audit trail is kept; by default for ever.
     *
     * @param limits the limits
     * @return this builder
     */
    public RuntimeBuilder retention(Retention limits) {
        if (limits == null) {
            faults.add("the retention is null; leave retention(…) out to keep everything");
        } else {
            faults.addAll(limits.faults());
            this.retention = limits;
        }
        return this;
    }

    /**
     * Has decisions name the trace in which they were made, for the way from a trace to the decision and back.
     *
     * @param current tells the trace and span of the calling thread, null if there is none, such as by OpenTelemetry's
     *     {@code Span.current()}; quick; one that throws has none
     * @return this builder
     */
    public RuntimeBuilder traceContext(Supplier<@Nullable TraceContext> current) {
        if (current == null) {
            faults.add("the function that tells the trace is null; leave traceContext(…) out if there is none");
        }
        this.traces = current;
        return this;
    }

    /**
     * Opens the runtime: takes the directory, sets a torn end of the trail aside, finds the switches and incidents of
     * earlier runs.
     *
     * @return the runtime
     * @throws ConfigurationException if anything is wrong with the settings; it names all faults
     * @throws UncheckedIOException if the directory cannot be used: not writable, full, or in use by another runtime
     */
    public IncidentRuntime build() {
        check();
        Path chosen = directory;
        if (chosen == null) {
            return buildEphemeral();
        }
        try {
            DurableFiles.createDirectories(chosen);
            DirectoryLock lock = DirectoryLock.acquire(chosen, time.instant());
            try {
                return new IncidentRuntime(settings(), lock);
            } catch (Throwable e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the directory " + chosen + " cannot be used: " + e.getMessage()
                            + ". Choose a directory on a local disk that this process may write and that has free"
                            + " space",
                    e);
        }
    }

    private IncidentRuntime buildEphemeral() {
        try {
            IncidentRuntime runtime = new IncidentRuntime(settings(), null);
            LOG.warn("this runtime is ephemeral: it keeps no audit trail, and a restart forgets kills and incidents");
            return runtime;
        } catch (IOException e) {
            throw new UncheckedIOException("the switch store cannot be used: " + e.getMessage(), e);
        }
    }

    private RuntimeSettings settings() {
        return new RuntimeSettings(
                directory,
                listeners,
                channels,
                links,
                chosenStore(),
                sources,
                new SwitchPolicy(authorizer, twoPersonRule),
                new IncidentRules(deadlines, responsibilities, severityRules, recurrence),
                plan,
                time,
                new TrailSettings(maxWaitingDecisions, maxWaitingPayload, maxWait, signers, anchors, retention),
                traces);
    }

    private SwitchStore chosenStore() {
        if (store != null) {
            return store;
        }
        return directory == null
                ? new InMemorySwitchStore(SwitchBoard.OWN)
                : new FileSwitchStore(SwitchBoard.OWN, directory.resolve("switches.json"), time);
    }

    private void check() {
        List<String> found = new ArrayList<>(faults);
        if (directory == null && !ephemeral) {
            found.add("no directory is set; add directory(Path.of(\"var/incident4j\")), or ephemeral() for a"
                    + " runtime that keeps nothing");
        } else if (directory != null && ephemeral) {
            found.add("a runtime has either a directory or is ephemeral(); leave one of them out");
        }
        if (authorizer == null) {
            found.add("the switch authorizer is null; leave switchAuthorizer(…) out to allow everybody");
        }
        if (deadlines == null || responsibilities == null || severityRules == null) {
            found.add("the deadlines, the responsibilities or the severity rules are null; leave them out for the"
                    + " standard ones");
        }
        if (recurrence == null || recurrence.isNegative()) {
            found.add("a recurrence window of " + recurrence + " is none; use zero or more");
        }
        if (maxWaitingDecisions < MIN_WAITING || maxWaitingDecisions > MAX_WAITING) {
            found.add("a limit of " + maxWaitingDecisions + " waiting decisions is out of range; use " + MIN_WAITING
                    + " to " + MAX_WAITING);
        }
        if (plan == null) {
            found.add("the response plan is null; leave responsePlan(…) out for the standard one");
        }
        if (time == null) {
            found.add("the time source is null; leave time(…) out for the system's clocks");
        }
        if (maxWait == null || maxWait.isNegative() || maxWait.compareTo(MAX_WAIT) > 0) {
            found.add("a wait for the trail of " + maxWait + " is not possible; use zero to " + MAX_WAIT);
        }
        if (!found.isEmpty()) {
            throw new ConfigurationException("incident runtime", found);
        }
    }
}
