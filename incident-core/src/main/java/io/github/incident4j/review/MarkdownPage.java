// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import io.github.incident4j.incident.internal.MarkdownText;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a page as Markdown; charts are left out, since the tables beside them hold their figures. */
final class MarkdownPage {
    private final StringBuilder page = new StringBuilder();

    String of(List<Block> blocks) {
        blocks.forEach(this::add);
        return page.toString();
    }

    private void add(Block block) {
        if (block instanceof Block.Heading heading) {
            page.append(page.isEmpty() ? "" : "\n")
                    .append("#".repeat(heading.level()))
                    .append(' ')
                    .append(MarkdownText.escape(heading.text()))
                    .append("\n");
        } else if (block instanceof Block.Paragraph paragraph) {
            page.append("\n").append(MarkdownText.escape(paragraph.text())).append("\n");
        } else if (block instanceof Block.ToFillIn open) {
            page.append("\n**").append(MarkdownText.escape(open.question())).append("**\n\n_to be filled in_\n");
        } else if (block instanceof Block.Table table) {
            page.append("\n");
            row(table.head());
            page.append("|").append(" --- |".repeat(table.head().size())).append("\n");
            table.rows().forEach(this::row);
        }
    }

    private void row(List<String> cells) {
        page.append(cells.stream().map(MarkdownText::escape).collect(Collectors.joining(" | ", "| ", " |\n")));
    }
}
