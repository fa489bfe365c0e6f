// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Draws decisions by route over time as stacked bars, with moments marked by lines. */
final class TrafficChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 300;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int PLOT_WIDTH = WIDTH - LEFT - 10;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
    private static final int MARK_LINE = 12;
    private static final int LEGEND_STEP = 150;

    /** Tells eight routes apart, also for those who do not see all colours (Okabe and Ito, 2008). */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999");

    private final Traffic traffic;
    private final StringBuilder svg = new StringBuilder();

    private TrafficChart(Traffic traffic) {
        this.traffic = traffic;
    }

    /** A moment. */
    record Mark(String name, Instant at) {}

    static String svg(Traffic traffic, List<Mark> marks) {
        return new TrafficChart(traffic).drawn(marks);
    }

    private String drawn(List<Mark> marks) {
        svg.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"decisions by"
                        + " route over time\" font-family=\"sans-serif\" font-size=\"11\">%n",
                WIDTH,
                HEIGHT));
        List<String> routes = List.copyOf(traffic.routes());
        long most = Math.max(
                1,
                traffic.slices().stream().mapToLong(Traffic.Slice::total).max().orElse(1));
        bars(routes, most);
        axis(most);
        lines(marks);
        legend(routes);
        return svg.append("</svg>").toString().replace("\r\n", "\n");
    }

    private void bars(List<String> routes, long most) {
        double width = (double) PLOT_WIDTH / traffic.slices().size();
        for (int i = 0; i < traffic.slices().size(); i++) {
            Traffic.Slice slice = traffic.slices().get(i);
            double y = TOP + PLOT_HEIGHT;
            for (int route = 0; route < routes.size(); route++) {
                long count = slice.byRoute().getOrDefault(routes.get(route), 0L);
                double height = (double) PLOT_HEIGHT * count / most;
                if (count > 0) {
                    y -= height;
                    svg.append(String.format(
                            Locale.ROOT,
                            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s, %s:"
                                    + " %d</title></rect>%n",
                            LEFT + i * width,
                            y,
                            Math.max(1, width - 1),
                            height,
                            colour(route),
                            slice.from(),
                            HtmlPage.escape(routes.get(route)),
                            count));
                }
            }
        }
    }

    private static String colour(int route) {
        return COLOURS.get(route % COLOURS.size());
    }

    private void axis(long most) {
        int floor = TOP + PLOT_HEIGHT;
        line(LEFT, floor, LEFT + PLOT_WIDTH, floor, "#57606a", "");
        text(LEFT - 6, TOP + 4, "end", Long.toString(most));
        text(LEFT - 6, floor, "end", "0");
        Instant from = traffic.slices().get(0).from();
        Instant until = traffic.slices().get(traffic.slices().size() - 1).until();
        text(LEFT, floor + 16, "start", from.toString());
        text(LEFT + PLOT_WIDTH, floor + 16, "end", until.toString());
    }

    /** Names that would stand on one another are put on lines of their own. */
    private void lines(List<Mark> marks) {
        Instant from = traffic.slices().get(0).from();
        Instant until = traffic.slices().get(traffic.slices().size() - 1).until();
        double whole = Math.max(1, seconds(from, until));
        List<Mark> sorted = new ArrayList<>(marks);
        sorted.sort(Comparator.comparing(Mark::at));
        for (int i = 0; i < sorted.size(); i++) {
            double share = Math.min(1, Math.max(0, seconds(from, sorted.get(i).at()) / whole));
            double x = LEFT + PLOT_WIDTH * share;
            line(x, TOP - 4, x, TOP + PLOT_HEIGHT, "#cf222e", " stroke-dasharray=\"4 3\"");
            text(x, MARK_LINE + MARK_LINE * (i % 2), "middle", sorted.get(i).name());
        }
    }

    private static double seconds(Instant from, Instant until) {
        return Duration.between(from, until).toMillis() / 1_000.0;
    }

    private void legend(List<String> routes) {
        for (int i = 0; i < routes.size(); i++) {
            int x = LEFT + i % 6 * LEGEND_STEP;
            int y = HEIGHT - 18 + i / 6 * 14;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>%n",
                    x,
                    y,
                    colour(i)));
            text(x + 14, y + 9, "start", routes.get(i));
        }
    }

    private void line(double x1, double y1, double x2, double y2, String colour, String more) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                more));
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                HtmlPage.escape(text)));
    }
}
