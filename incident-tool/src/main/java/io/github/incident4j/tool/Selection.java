// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which records are meant; the same options in every command that reads records. */
final class Selection {
    private static final int MAX_TOLD = 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    private final Set<String> damage = new LinkedHashSet<>();

    @Mixin
    private Directory directory = new Directory();

    @Option(
            names = "--from",
            converter = AsInstant.class,
            description = "the first instant, such as 2026-11-20T21:00:00Z")
    private @Nullable Instant from;

    @Option(names = "--until", converter = AsInstant.class, description = "the first instant that is too late")
    private @Nullable Instant until;

    @Option(names = "--type", description = "the type, such as decision; switch. stands for all that begin so")
    private @Nullable String type;

    @Option(names = "--model", description = "the model's name")
    private @Nullable String model;

    @Option(names = "--route", description = "the route that answered")
    private @Nullable String route;

    @Option(names = "--outcome", description = "answered or refused")
    private @Nullable String outcome;

    @Option(names = "--segment", paramLabel = "ATTRIBUTE=VALUE", description = "a value of a segment attribute")
    private Map<String, String> segments = Map.of();

    @Option(names = "--guardrail", description = "a guardrail that had something to say")
    private @Nullable String guardrail;

    @Option(names = "--incident", description = "an incident's id")
    private @Nullable String incident;

    @Option(names = "--decision", description = "a decision's id")
    private @Nullable String decision;

    @Option(names = "--subject", description = "the host's reference to the person whom decisions are about")
    private @Nullable String subject;

    @Option(names = "--trace", description = "the id of the trace in which decisions were made")
    private @Nullable String trace;

    @Option(
            names = "--unsealed",
            description = "read the erasable part of each record, too: subject, segments, values, payloads")
    private boolean unsealed;

    /** Reads an instant as RFC 3339 writes it. */
    static final class AsInstant implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            try {
                return Instant.parse(value);
            } catch (DateTimeException e) {
                throw new TypeConversionException("'" + value + "' is no instant; write it as 2026-11-20T21:00:00Z");
            }
        }
    }

    /** Reads how many of something are wanted. */
    static final class AsCount implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            if (!value.matches("[0-9]{1,18}")) {
                throw new TypeConversionException("'" + value + "' is no number of records");
            }
            return Long.valueOf(value);
        }
    }

    TrailQuery query() throws NoSuchFileException {
        return narrowed(everything());
    }

    /** Whether only records about one person are meant. */
    boolean isAboutSomebody() {
        return subject != null;
    }

    private TrailQuery everything() throws NoSuchFileException {
        return directory.trail().query().reportingDamage(this::tell);
    }

    /** Beside the answer, which does not have it; once, though two questions may have come upon it. */
    private void tell(String damaged) {
        if (damage.size() <= MAX_TOLD && damage.add(damaged)) {
            spec.commandLine()
                    .getErr()
                    .println(
                            damage.size() <= MAX_TOLD
                                    ? "warning: " + damaged
                                    : "warning: there is more damage; trail verify names it all");
        }
    }

    /** The number of the newest record, or of the newest attested one, whichever is meant; -1 if there is none. */
    long newest(boolean attested) throws NoSuchFileException {
        TrailQuery all = everything();
        return (attested ? all.attested() : all)
                .newestFirst()
                .first()
                .map(TrailRecord::sequence)
                .orElse(-1L);
    }

    /** The same for what reads many records and prints none before its end. */
    TrailQuery query(Progress progress) throws NoSuchFileException {
        progress.begin(directory.trail());
        return narrowed(everything().where(record -> {
            progress.at(record.sequence() + 1);
            return true;
        }));
    }

    private TrailQuery narrowed(TrailQuery everything) {
        TrailQuery query = everything;
        query = from == null ? query : query.from(from);
        query = until == null ? query : query.until(until);
        query = type == null ? query : query.type(type);
        query = model == null ? query : query.model(model);
        query = route == null ? query : query.route(route);
        query = outcome == null ? query : query.outcome(outcome);
        query = guardrail == null ? query : query.guardrail(guardrail);
        query = incident == null ? query : query.incident(incident);
        query = decision == null ? query : query.decision(decision);
        query = subject == null ? query : query.subject(subject);
        query = trace == null ? query : query.trace(trace);
        query = unsealed ? query.unsealed() : query;
        for (Map.Entry<String, String> segment : segments.entrySet()) {
            query = query.segment(segment.getKey(), segment.getValue());
        }
        return query;
    }
}
