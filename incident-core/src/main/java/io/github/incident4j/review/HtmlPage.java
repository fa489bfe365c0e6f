// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import java.util.List;

/** Writes a page as one HTML document that needs nothing from elsewhere. */
final class HtmlPage {
    private static final String STYLE = """
            body{font:15px/1.45 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
            h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #d0d7de}
            table{border-collapse:collapse;margin:.6rem 0}td,th{border:1px solid #d0d7de;padding:.3rem .55rem;\
            text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f6f8fa}
            .open{border-left:4px solid #bf8700;padding:.3rem .8rem;margin:.6rem 0;background:#fff8e5}
            svg{max-width:100%;height:auto}""";

    private final StringBuilder page = new StringBuilder();

    String of(String title, List<Block> blocks) {
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
                .append(escape(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("\n</style>\n</head>\n<body>\n");
        blocks.forEach(this::add);
        return page.append("</body>\n</html>\n").toString();
    }

    private void add(Block block) {
        if (block instanceof Block.Heading heading) {
            element("h" + heading.level(), heading.text());
        } else if (block instanceof Block.Paragraph paragraph) {
            element("p", paragraph.text());
        } else if (block instanceof Block.ToFillIn open) {
            page.append("<div class=\"open\"><strong>")
                    .append(escape(open.question()))
                    .append("</strong><br>to be filled in</div>\n");
        } else if (block instanceof Block.Table table) {
            table(table);
        } else if (block instanceof Block.Chart chart) {
            page.append(TrafficChart.svg(chart.traffic(), chart.marks())).append("\n");
        }
    }

    private void table(Block.Table table) {
        page.append("<table>\n");
        if (table.head().stream().anyMatch(cell -> !cell.isEmpty())) {
            row("th", table.head());
        }
        table.rows().forEach(cells -> row("td", cells));
        page.append("</table>\n");
    }

    private void row(String cell, List<String> cells) {
        page.append("<tr>");
        cells.forEach(text -> page.append('<')
                .append(cell)
                .append('>')
                .append(escape(text))
                .append("</")
                .append(cell)
                .append('>'));
        page.append("</tr>\n");
    }

    private void element(String name, String text) {
        page.append('<')
                .append(name)
                .append('>')
                .append(escape(text))
                .append("</")
                .append(name)
                .append(">\n");
    }

    /** What comes from outside stays text. */
    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                case '"' -> safe.append("&quot;");
                default -> safe.appendCodePoint(Character.isISOControl(c) ? ' ' : c);
            }
        });
        return safe.toString();
    }
}
