// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.audit.internal.TrailReader;
import io.github.incident4j.audit.internal.Wanted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A question to the trail. Each method returns a narrower question; all conditions must hold. Reading needs memory for
 * some hundred records, however long the trail is, and may go on while the trail is written; a time range reads only
 * the parts of the files that may hold it.
 *
 * <pre>{@code
 * try (Stream<TrailRecord> denied = AuditTrail.in(directory).query()
 *         .type("decision").model("credit-risk").segment("ageBand", "18-25").from(onset)
 *         .records()) { … }
 * }</pre>
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class TrailQuery {
    /** Stands for the values of a segment attribute that were erased, or cannot be read here. */
    public static final String UNREADABLE = "(unreadable)";

    private static final Logger LOG = LoggerFactory.getLogger(TrailQuery.class);

    private final TrailReader reader;
    private final Wanted wanted;
    private final List<Predicate<TrailRecord>> conditions;
    private final Consumer<? super String> damage;

    private TrailQuery(
            TrailReader reader,
            Wanted wanted,
            List<Predicate<TrailRecord>> conditions,
            Consumer<? super String> damage) {
        this.reader = reader;
        this.wanted = wanted;
        this.conditions = List.copyOf(conditions);
        this.damage = damage;
    }

    /**
     * Every record. Called by {@link AuditTrail#query()}.
     *
     * @param reader reads the trail
     */
    TrailQuery(TrailReader reader) {
        this(reader, Wanted.EVERYTHING, List.of(), LOG::warn);
    }

    /**
     * Only what happened at an instant or later.
     *
     * @param instant the first instant
     * @return the narrower question
     */
    public TrailQuery from(Instant instant) {
        return narrowed(wanted.since(instant));
    }

    /**
     * Only what happened before an instant.
     *
     * @param instant the first instant that is too late
     * @return the narrower question
     */
    public TrailQuery until(Instant instant) {
        return narrowed(wanted.before(instant));
    }

    /**
     * Only what stands after a record; see {@link #follow()} for a trail that grows.
     *
     * @param sequence the number of the last record that is not wanted
     * @return the narrower question
     */
    public TrailQuery after(long sequence) {
        return narrowed(wanted.behind(sequence));
    }

    /**
     * Only records that the last checkpoint attests at this moment: these are on the disk for good. The others, of the
     * last second or so, may still be taken back by a crash or an outage, and others may get their numbers then.
     *
     * @return the narrower question
     * @throws UncheckedIOException if the checkpoint cannot be read or trusted
     */
    public TrailQuery attested() {
        try {
            long size = reader.attested();
            return where(record -> record.sequence() < size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same question, with the newest answers first.
     *
     * @return the question
     */
    public TrailQuery newestFirst() {
        return narrowed(wanted.reversed());
    }

    /**
     * Only records of a type, or of a family of types.
     *
     * @param type the type, such as {@code decision}; {@code switch.} with its dot stands for all that begin so
     * @return the narrower question
     */
    public TrailQuery type(String type) {
        return holding(
                type,
                record -> type.endsWith(".")
                        ? record.type().startsWith(type)
                        : record.type().equals(type));
    }

    /**
     * Only records of a model.
     *
     * @param name the model's name
     * @return the narrower question
     */
    public TrailQuery model(String name) {
        return holding(
                name,
                record -> name.equals(record.members().get("model"))
                        || name.equals(at(record.members(), "switch", "scope", "model"))
                        || name.equals(at(record.members(), "incident", "model")));
    }

    /**
     * Only decisions that a route has answered.
     *
     * @param name the route's name
     * @return the narrower question
     */
    public TrailQuery route(String name) {
        return member("route", name);
    }

    /**
     * Only decisions of an outcome.
     *
     * @param outcome {@code answered} or {@code refused}
     * @return the narrower question
     */
    public TrailQuery outcome(String outcome) {
        return member("outcome", outcome);
    }

    /**
     * The same question, with the erasable part of each answer: see {@link TrailRecord#side()}. It takes about twice as
     * long.
     *
     * @return the question
     */
    public TrailQuery unsealed() {
        return narrowed(wanted.withSides());
    }

    /**
     * Only records about somebody. Segments that have none are not read. Who was erased is not found, and decisions of
     * guards that record no subjects ({@code AuditOptions.subject}) are about nobody. Reading fails with an
     * {@link IllegalStateException} where people are filed under a key that is not in {@code subjects}.
     *
     * @param reference the host's own reference to that person
     * @return the narrower question, with the side records
     */
    public TrailQuery subject(String reference) {
        TrailQuery narrower = unsealed()
                .where(record ->
                        record.side().subject().filter(reference::equals).isPresent());
        return narrower.narrowed(narrower.wanted.about(reference));
    }

    /**
     * Only decisions that were made in a trace.
     *
     * @param traceId the trace's id, 32 hex digits
     * @return the narrower question
     */
    public TrailQuery trace(String traceId) {
        return member("trace_id", traceId);
    }

    /**
     * Only decisions with a value of a segment attribute, which is found where the guard declares it
     * ({@code GuardBuilder.segment}) and nobody was erased. Reads the side records of all decisions of the time.
     *
     * @param attribute the attribute's name
     * @param value the value
     * @return the narrower question
     */
    public TrailQuery segment(String attribute, String value) {
        TrailQuery narrower = unsealed()
                .where(record -> record.segment(attribute).filter(value::equals).isPresent());
        return standsAsItIs(value) ? narrower.narrowed(narrower.wanted.holdingAside(value)) : narrower;
    }

    /**
     * Only decisions about which a guardrail had something to say.
     *
     * @param name the guardrail's name
     * @return the narrower question
     */
    public TrailQuery guardrail(String name) {
        return verdict("guardrail", name);
    }

    /**
     * Only decisions in which a guardrail has found something of a category, whether it acted or was only monitored.
     *
     * @param category the findings' category, such as {@code pii}
     * @return the narrower question
     */
    public TrailQuery category(String category) {
        return verdict("category", category);
    }

    private TrailQuery verdict(String member, String value) {
        return holding(
                value,
                record -> record.members().get("guardrails") instanceof List<?> verdicts
                        && verdicts.stream()
                                .anyMatch(
                                        verdict -> verdict instanceof Map<?, ?> map && value.equals(map.get(member))));
    }

    /**
     * Only signals and events of an incident.
     *
     * @param id the incident's id
     * @return the narrower question
     */
    public TrailQuery incident(String id) {
        return holding(
                id,
                record -> id.equals(record.members().get("incident"))
                        || id.equals(at(record.members(), "incident", "id")));
    }

    /**
     * Only the record of a decision, and what else names it, such as what a person decided later.
     *
     * @param id the decision's id
     * @return the narrower question
     */
    public TrailQuery decision(String id) {
        return holding(
                id,
                record -> id.equals(record.members().get("id"))
                        || id.equals(record.members().get("decision")));
    }

    /**
     * Only records with a member of a value.
     *
     * @param name the member's name, at the top of the record
     * @param value the value; numbers are compared by their text
     * @return the narrower question
     */
    public TrailQuery member(String name, Object value) {
        return holding(
                String.valueOf(value),
                record -> value.equals(record.members().get(name))
                        || String.valueOf(value)
                                .equals(String.valueOf(record.members().get(name))));
    }

    /**
     * Only records of which something holds.
     *
     * @param condition what must hold
     * @return the narrower question
     */
    public TrailQuery where(Predicate<TrailRecord> condition) {
        List<Predicate<TrailRecord>> more = new ArrayList<>(conditions);
        more.add(Objects.requireNonNull(condition, "the condition is null"));
        return new TrailQuery(reader, wanted, more, damage);
    }

    /**
     * The same question, that says what is wrong with the files that it reads. A line that is damaged answers nothing
     * and keeps no other from answering; without this it is named in the log of the service, as a warning.
     *
     * @param told takes a message for each damaged line that lies where the question looks, whether that line would be
     *     an answer or not: file and place, nothing of what stands there. Called on the thread that reads
     * @return the question
     */
    public TrailQuery reportingDamage(Consumer<? super String> told) {
        return new TrailQuery(reader, wanted, conditions, Objects.requireNonNull(told, "who is told is null"));
    }

    private TrailQuery narrowed(Wanted narrower) {
        return new TrailQuery(reader, narrower, conditions, damage);
    }

    private TrailQuery holding(String text, Predicate<TrailRecord> condition) {
        TrailQuery narrower = where(condition);
        return standsAsItIs(text) ? narrower.narrowed(narrower.wanted.holding(text)) : narrower;
    }

    /** Whether JSON has a text as it is; others may stand there in an escaped form. */
    private static boolean standsAsItIs(String text) {
        return text.matches("[A-Za-z0-9 ._:/+-]+");
    }

    private static Object at(Map<?, ?> members, String... path) {
        Object value = members;
        for (String name : path) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value == null ? "" : value;
    }

    /**
     * The answers. Close the stream.
     *
     * @return the records, read as the stream is consumed
     * @throws UncheckedIOException if a file cannot be read, also while the stream is consumed
     */
    public Stream<TrailRecord> records() {
        return reader.records(wanted, damage)
                .filter(record -> conditions.stream().allMatch(condition -> condition.test(record)));
    }

    /**
     * Follows the trail by this question, oldest first. It gives what a checkpoint attests, and so nothing that a crash
     * or an outage could take back: a second or two after it was recorded, and later while no checkpoint comes, as one
     * whose signer is away (of which there is an incident).
     *
     * @return what reads on at each look
     */
    public TrailFollower follow() {
        return new TrailFollower(reader.tail(wanted, damage), conditions);
    }

    /**
     * The first answer, in the order of the question: the first decision like this one, or the last.
     *
     * @return the record, if there is one
     * @throws UncheckedIOException if a file cannot be read
     */
    public Optional<TrailRecord> first() {
        try (Stream<TrailRecord> records = records()) {
            return records.findFirst();
        }
    }

    /**
     * How many there are.
     *
     * @return the number of records
     * @throws UncheckedIOException if a file cannot be read
     */
    public long count() {
        try (Stream<TrailRecord> records = records()) {
            return records.count();
        }
    }

    /**
     * How many decisions there are for each value of a segment attribute and each outcome. Ask once {@link #until} and
     * once {@link #from} an instant to compare before with after.
     *
     * @param attribute the attribute's name
     * @return for each value, {@code ""} where a decision has none, {@link #UNREADABLE} where it was erased, for each
     *     outcome the number
     * @throws UncheckedIOException if a file cannot be read
     */
    public Map<String, Map<String, Long>> countBySegment(String attribute) {
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        try (Stream<TrailRecord> records = type("decision").unsealed().records()) {
            records.forEach(record -> counts.computeIfAbsent(valueOf(record, attribute), value -> new TreeMap<>())
                    .merge(String.valueOf(record.members().get("outcome")), 1L, Long::sum));
        }
        return counts;
    }

    private static String valueOf(TrailRecord record, String attribute) {
        boolean readable = switch (record.side().state()) {
            case NONE, OPENED -> true;
            case UNREAD, ERASED, LOCKED, DAMAGED -> false;
        };
        return readable ? record.segment(attribute).orElse("") : UNREADABLE;
    }
}
