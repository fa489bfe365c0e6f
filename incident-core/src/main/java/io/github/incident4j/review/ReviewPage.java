// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import io.github.incident4j.incident.Assessment;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What stands in a review, in its order. */
final class ReviewPage {
    private static final List<String> NO_HEAD = List.of("", "");
    private static final List<String> PHASES = List.of("before the onset", "in the harm", "after it");

    private final Review review;
    private final Incident incident;
    private final List<Block> blocks = new ArrayList<>();

    private ReviewPage(Review review) {
        this.review = review;
        this.incident = review.incident();
    }

    static List<Block> of(Review review) {
        ReviewPage page = new ReviewPage(review);
        page.head();
        page.sixQuestions();
        page.times();
        page.traffic();
        page.changes();
        page.harm();
        page.timeline();
        page.people();
        return page.blocks;
    }

    private void head() {
        add(new Block.Heading(1, "Review of incident " + incident.id() + ": " + incident.finding()));
        List<List<String>> facts = new ArrayList<>();
        facts.add(List.of("Model", incident.model()));
        facts.add(List.of("Type", words(incident.type())));
        facts.add(List.of("Severity", incident.severity().name()));
        facts.add(List.of("State", words(incident.state())));
        incident.handling().roles().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(role -> facts.add(List.of(capital(words(role.getKey())), role.getValue())));
        add(new Block.Table(NO_HEAD, facts));
    }

    private void sixQuestions() {
        section("Six questions");
        String segment = incident.segment().map(Segment::toString).orElse("all of the traffic, as far as is known");
        add(new Block.Table(
                NO_HEAD,
                List.of(
                        List.of("What happened?", incident.finding()),
                        List.of(
                                "When?",
                                "since " + incident.onset() + " (estimated), detected " + incident.detected()
                                        + review.contained()
                                                .map(time -> ", contained " + time)
                                                .orElse(", no containment has held")
                                        + review.ended()
                                                .map(time -> ", over " + time)
                                                .orElse(", not over")),
                        List.of(
                                "Who was affected?",
                                segment + "; " + review.harmed()
                                        + " decisions between the onset and the containment or the end"),
                        List.of(
                                "Why?",
                                incident.handling()
                                        .rootCause()
                                        .map(ReviewPage::words)
                                        .orElse("to be filled in")),
                        List.of("How was it detected?", "by " + incident.source() + evidence()),
                        List.of("Why not earlier?", "to be filled in; it took " + toDetect()))));
    }

    private String evidence() {
        return incident.evidence()
                .map(found -> String.format(
                        Locale.ROOT,
                        ": %.3f at the baseline, %.3f over %d observations since the onset (statistic %.4g, threshold"
                                + " %.4g)",
                        found.baseline(),
                        found.current(),
                        found.sampleSize(),
                        found.statistic(),
                        found.threshold()))
                .orElse("");
    }

    private String toDetect() {
        long decisions = incident.detectedDecision() - incident.onsetDecision();
        return length(incident.onset(), incident.detected())
                + (incident.onsetDecision() < 0 ? "" : " and " + decisions + " decisions of the runtime");
    }

    private void times() {
        section("Times");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("to detect, from the onset", length(incident.onset(), incident.detected())));
        since("to acknowledge", TimelineEntry.Kind.ACKNOWLEDGED).ifPresent(rows::add);
        since("to triage", TimelineEntry.Kind.TRIAGED).ifPresent(rows::add);
        review.contained().ifPresent(time -> rows.add(List.of("to contain", length(incident.detected(), time))));
        review.ended().ifPresent(time -> rows.add(List.of("to the end", length(incident.detected(), time))));
        add(new Block.Table(List.of("from the detection", ""), rows));
    }

    private Optional<List<String>> since(String what, TimelineEntry.Kind kind) {
        return review.timeline().stream()
                .filter(entry -> entry.kind() == kind)
                .findFirst()
                .map(entry -> List.of(what, length(incident.detected(), entry.time())));
    }

    private void traffic() {
        section("Decisions by route");
        List<TrafficChart.Mark> marks = new ArrayList<>();
        marks.add(new TrafficChart.Mark("onset", incident.onset()));
        marks.add(new TrafficChart.Mark("detected", incident.detected()));
        review.contained().ifPresent(time -> marks.add(new TrafficChart.Mark("contained", time)));
        review.ended().ifPresent(time -> marks.add(new TrafficChart.Mark("over", time)));
        add(new Block.Chart(review.traffic(), marks));
        List<Traffic.Slice> phases = review.phases().slices();
        List<String> head = new ArrayList<>(List.of("route"));
        for (int i = 0; i < phases.size(); i++) {
            head.add(PHASES.get(i) + ", from " + phases.get(i).from());
        }
        List<List<String>> rows = new ArrayList<>();
        for (String route : review.phases().routes()) {
            List<String> row = new ArrayList<>(List.of(route));
            phases.forEach(phase -> row.add(share(phase, route)));
            rows.add(row);
        }
        add(new Block.Table(head, rows));
    }

    private static String share(Traffic.Slice phase, String route) {
        long count = phase.byRoute().getOrDefault(route, 0L);
        return phase.total() == 0
                ? "0"
                : String.format(Locale.ROOT, "%d (%.1f %%)", count, 100.0 * count / phase.total());
    }

    private void changes() {
        section("Changes before");
        if (review.changes().isEmpty()) {
            add(new Block.Paragraph(
                    "The host has told of no change from a week before the onset until the detection."));
        } else {
            add(new Block.Table(
                    List.of("when", "before the onset", "what", "by", "because"),
                    review.changes().stream()
                            .map(change -> List.of(
                                    change.at().toString(),
                                    change.at().isAfter(incident.onset())
                                            ? "after it"
                                            : length(change.at(), incident.onset()),
                                    change.what(),
                                    change.by(),
                                    change.because()))
                            .toList()));
        }
    }

    private void harm() {
        section("Harm and fairness");
        Optional<Assessment> assessment = incident.handling().assessment();
        if (assessment.isEmpty()) {
            add(new Block.Paragraph("Nobody has triaged the incident, so nobody has said how much harm it did."));
        } else {
            Assessment given = assessment.get();
            add(new Block.Table(
                    NO_HEAD,
                    List.of(
                            List.of("Technical impact", words(given.technical())),
                            List.of("Harm", words(given.harm())),
                            List.of(
                                    "People affected",
                                    given.affected().isPresent()
                                            ? Long.toString(given.affected().getAsLong())
                                            : "not known at the triage"),
                            List.of("Can be put right", given.isIrreversible() ? "no" : "yes"),
                            List.of("Known to the public", given.isPublic() ? "yes" : "no"))));
        }
        add(new Block.ToFillIn("Which decisions must be reversed, and who must be told?"));
    }

    private void timeline() {
        section("Timeline");
        add(new Block.Table(
                List.of("time (UTC)", "what", "by", ""),
                review.timeline().stream()
                        .map(entry -> List.of(entry.time().toString(), words(entry.kind()), entry.by(), entry.what()))
                        .toList()));
    }

    private void people() {
        section("For people to fill in");
        for (String question : List.of(
                "Why did it happen? Why that? Ask five times.",
                "What else has contributed?",
                "What went well, and what was luck?",
                "How would this kind of harm be noticed earlier?",
                "What will be done so that it does not happen again: what, by whom, until when?")) {
            add(new Block.ToFillIn(question));
        }
    }

    private void section(String title) {
        add(new Block.Heading(2, title));
    }

    private void add(Block block) {
        blocks.add(block);
    }

    private static String length(Instant from, Instant until) {
        Duration length = until.isBefore(from) ? Duration.ZERO : Duration.between(from, until);
        if (length.toDays() > 0) {
            return length.toDays() + " d " + length.toHoursPart() + " h";
        }
        return length.toHours() > 0
                ? length.toHours() + " h " + length.toMinutesPart() + " min"
                : length.toMinutes() + " min " + length.toSecondsPart() + " s";
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
