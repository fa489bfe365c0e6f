// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import io.github.incident4j.incident.Handling;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.Role;
import io.github.incident4j.incident.TimelineEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the names of people out of a review. */
final class Anonymiser {
    private static final String LIBRARY = "incident4j";
    private static final Set<TimelineEntry.Kind> BY_DETECTORS =
            EnumSet.of(TimelineEntry.Kind.OPENED, TimelineEntry.Kind.SIGNAL);

    private static final Pattern ASSIGNED = Pattern.compile("(.+?) is [a-z ]+: .*", Pattern.DOTALL);
    private static final Pattern MISSED = Pattern.compile(".*: (.+) must see to it", Pattern.DOTALL);
    private static final String NOBODY_NAMED = "somebody";

    private final Review review;
    private final Set<String> detectors = new HashSet<>(Set.of(LIBRARY));
    private final Map<String, String> names = new LinkedHashMap<>();

    Anonymiser(Review review) {
        this.review = review;
        detectors.add(review.incident().source());
        review.timeline().stream()
                .filter(entry -> BY_DETECTORS.contains(entry.kind()))
                .forEach(entry -> detectors.add(entry.by()));
        Handling handling = review.incident().handling();
        handling.acknowledgedBy().ifPresent(this::name);
        handling.roles().values().stream().sorted().forEach(this::name);
        review.timeline().forEach(this::names);
        review.changes().forEach(change -> name(change.by()));
    }

    private void names(TimelineEntry entry) {
        name(entry.by());
        Pattern naming = entry.kind() == TimelineEntry.Kind.ASSIGNED ? ASSIGNED : MISSED;
        if (entry.kind() != TimelineEntry.Kind.UPDATED) {
            Matcher named = naming.matcher(entry.what());
            if (named.matches()) {
                name(named.group(1));
            }
        }
    }

    private void name(String person) {
        if (!detectors.contains(person) && !person.equals(NOBODY_NAMED)) {
            names.computeIfAbsent(person, each -> "person " + (names.size() + 1));
        }
    }

    Review anonymised() {
        return new Review(
                of(review.incident()),
                review.timeline().stream().map(this::of).toList(),
                review.contained(),
                review.ended(),
                review.traffic(),
                review.phases(),
                review.harmed(),
                review.changes().stream()
                        .map(change ->
                                new HostChange(of(change.what()), change.at(), of(change.by()), of(change.because())))
                        .toList());
    }

    private Incident of(Incident incident) {
        Map<Role, String> roles = new EnumMap<>(Role.class);
        incident.handling().roles().forEach((role, person) -> roles.put(role, of(person)));
        Handling handling = incident.handling();
        return new Incident(
                incident.id(),
                incident.fingerprint(),
                incident.model(),
                incident.type(),
                incident.severity(),
                incident.state(),
                incident.contained(),
                incident.segment(),
                incident.source(),
                of(incident.finding()),
                incident.evidence(),
                incident.onset(),
                incident.onsetDecision(),
                incident.detected(),
                incident.detectedDecision(),
                incident.signals(),
                new Handling(
                        handling.acknowledgedBy().map(this::of),
                        roles,
                        handling.assessment(),
                        handling.rootCause(),
                        handling.mergedInto(),
                        handling.clocks()),
                incident.timeline().stream().map(this::of).toList());
    }

    private TimelineEntry of(TimelineEntry entry) {
        return new TimelineEntry(
                entry.number(),
                entry.time(),
                entry.kind(),
                detectors.contains(entry.by()) ? entry.by() : of(entry.by()),
                of(entry.what()));
    }

    /** Longer names first: one may be the beginning of another. */
    private String of(String text) {
        List<Map.Entry<String, String>> longest = new ArrayList<>(names.entrySet());
        longest.sort(Comparator.comparingInt(each -> -each.getKey().length()));
        String without = text;
        for (Map.Entry<String, String> each : longest) {
            without = Pattern.compile(Pattern.quote(each.getKey()), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                    .matcher(without)
                    .replaceAll(Matcher.quoteReplacement(each.getValue()));
        }
        return without;
    }
}
