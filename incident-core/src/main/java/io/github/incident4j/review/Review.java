// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The post-incident review of an incident as far as the audit trail can write it: what happened, since when, to whom,
 * what was done, what was changed before. What only people know is left to be filled in. No figure in it comes from
 * anywhere but the trail.
 *
 * @param incident the incident as it stood last
 * @param timeline everything that happened in it, oldest first
 * @param contained when the containment that held first was put in force, if one held
 * @param ended when it was resolved or dismissed last, if it is not open
 * @param traffic the decisions of the model from before the onset until after the end
 * @param phases the same decisions before the onset, from then to the containment or the end, and after that
 * @param harmed how many decisions the model made between the onset and the containment or the end, of an open incident
 *     the newest record; of the affected segment alone if the incident has one, and then without those of people who
 *     were erased since. Of an incident of several episodes it is about all of them together
 * @param changes the changes that the host has told from a week before the onset until the detection, the latest first
 */
public record Review(
        Incident incident,
        List<TimelineEntry> timeline,
        Optional<Instant> contained,
        Optional<Instant> ended,
        Traffic traffic,
        Traffic phases,
        long harmed,
        List<HostChange> changes) {
    /**
     * Keeps unmodifiable copies.
     *
     * @param incident the incident
     * @param timeline everything that happened in it
     * @param contained when the containment that held first was put in force
     * @param ended when it was resolved or dismissed last
     * @param traffic the decisions of the model
     * @param phases the same decisions before, in and after the harm
     * @param harmed how many decisions there were between the onset and the containment
     * @param changes the changes that the host has told
     */
    public Review {
        timeline = List.copyOf(timeline);
        changes = List.copyOf(changes);
    }

    /**
     * Reads the review of an incident from a trail: one pass over the incident's records and two over the model's
     * decisions around it.
     *
     * @param trail the trail
     * @param incident the incident's id
     * @return the review
     * @throws NoSuchElementException if the trail has no incident of this id
     * @throws java.io.UncheckedIOException if the trail cannot be read
     */
    public static Review of(AuditTrail trail, String incident) {
        return new ReviewReader(trail).read(incident);
    }

    /** {@return the review as a Markdown page} */
    public String markdown() {
        return new MarkdownPage().of(ReviewPage.of(this));
    }

    /** {@return the review as one HTML page that needs nothing else: charts as inline SVG, no scripts} */
    public String html() {
        return new HtmlPage().of("Review of incident " + incident.id(), ReviewPage.of(this));
    }

    /** {@return the review as a JSON object} */
    public String json() {
        return new ReviewJson().of(this);
    }

    /**
     * The same review without the names of people: those who did something in the incident, have a role in it or have
     * told of changes are called {@code person 1} and so on, also where their names stand in texts. The library and the
     * detectors keep their names. Other things by which people may be known, such as small segments, are not found.
     *
     * @return the review
     */
    public Review anonymised() {
        return new Anonymiser(this).anonymised();
    }
}
