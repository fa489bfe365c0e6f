// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import java.util.List;

/** A part of a page, whatever it is written in. */
sealed interface Block {

    /** A title of the page (1) or of a section (2). */
    record Heading(int level, String text) implements Block {}

    record Paragraph(String text) implements Block {}

    /** A question that only people can answer. */
    record ToFillIn(String question) implements Block {}

    /** Rows of cells under a head; a head of blanks is none. */
    record Table(List<String> head, List<List<String>> rows) implements Block {}

    /** Decisions over time, with moments that are marked. */
    record Chart(Traffic traffic, List<TrafficChart.Mark> marks) implements Block {}
}
