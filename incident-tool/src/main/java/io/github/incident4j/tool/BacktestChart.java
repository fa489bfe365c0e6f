// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.detect.Backtest;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws a backtest: for each detector its statistic on a logarithmic scale, the threshold, its alarms and the onset
 * that each names; beside it the baseline and the present mean.
 */
final class BacktestChart {
    private static final int POINTS = 1_000; // kept of each detector; twice as many for a moment
    private static final int PANELS = 24; // those with the most alarms
    private static final int WIDTH = 900;
    private static final int HEIGHT = 90;
    private static final int LEFT = 220;
    private static final int GAP = 24;
    private static final double HEADROOM = 1.15;

    private final Map<String, Panel> panels = new LinkedHashMap<>();
    private long every = 1; // row of which readings are kept

    /** One detector, of one segment. */
    private static final class Panel {
        private final List<double[]> points = new ArrayList<>(); // row, statistic
        private final List<long[]> alarms = new ArrayList<>(); // row, onset
        private double threshold = 1;
        private double baseline = Double.NaN;
        private double current = Double.NaN;
    }

    private Panel panel(String name) {
        return panels.computeIfAbsent(name, each -> new Panel());
    }

    void alarm(Signal signal) {
        Panel panel = panel(
                name(signal.detector(), signal.segment().map(Object::toString).orElse("")));
        panel.alarms.add(new long[] {signal.decision(), signal.onsetDecision()});
        panel.points.add(new double[] {signal.decision(), signal.evidence().statistic()});
        panel.threshold = signal.evidence().threshold();
        panel.baseline = signal.evidence().baseline();
        panel.current = signal.evidence().current();
    }

    void row(Backtest<Row> backtest) {
        if (backtest.rows() % every != 0) {
            return;
        }
        boolean thin = false;
        for (Reading reading : backtest.readings()) {
            Panel panel = panel(name(
                    reading.detector(), reading.segment().map(Object::toString).orElse("")));
            panel.points.add(new double[] {backtest.rows(), reading.statistic()});
            panel.threshold = reading.threshold();
            panel.baseline = reading.baseline();
            panel.current = reading.current();
            thin |= panel.points.size() >= 2 * POINTS;
        }
        if (thin) {
            every *= 2;
            panels.values().forEach(BacktestChart::halve);
        }
    }

    /** Keeps the larger one of each pair, so that no peak is lost. */
    private static void halve(Panel panel) {
        List<double[]> kept = new ArrayList<>();
        for (int i = 0; i + 1 < panel.points.size(); i += 2) {
            double[] one = panel.points.get(i);
            double[] other = panel.points.get(i + 1);
            kept.add(one[1] >= other[1] ? one : other);
        }
        panel.points.clear();
        panel.points.addAll(kept);
    }

    private static String name(String detector, String segment) {
        return segment.isEmpty() ? detector : detector + " " + segment;
    }

    /** The picture, as a document of its own. */
    String svg(long rows) {
        List<Map.Entry<String, Panel>> shown = panels.entrySet().stream()
                .sorted((one, other) -> Integer.compare(
                        other.getValue().alarms.size(), one.getValue().alarms.size()))
                .limit(PANELS)
                .toList();
        int height = shown.size() * (HEIGHT + GAP) + 2 * GAP;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                LEFT + WIDTH + GAP,
                height));
        svg.append("<text x=\"10\" y=\"16\">evidence of a change (logarithmic), threshold (dashed), alarms (red),")
                .append(" onset of each (orange)</text>\n");
        int top = GAP;
        for (Map.Entry<String, Panel> each : shown) {
            draw(svg, each.getKey(), each.getValue(), top, rows);
            top += HEIGHT + GAP;
        }
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\">row 1 to %d</text>%n</svg>%n", LEFT, height - 8, rows));
        return svg.toString();
    }

    private static void draw(StringBuilder svg, String name, Panel panel, int top, long rows) {
        double most = Math.log10(panel.threshold) * HEADROOM;
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"10\" y=\"%d\">%s</text>%n<text x=\"10\" y=\"%d\" fill=\"#555\">baseline %.4g, now %.4g</text>%n"
                        + "<text x=\"10\" y=\"%d\" fill=\"#555\">%d alarms</text>%n"
                        + "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#ccc\"/>%n",
                top + 20,
                escaped(name),
                top + 36,
                panel.baseline,
                panel.current,
                top + 52,
                panel.alarms.size(),
                LEFT,
                top,
                WIDTH,
                HEIGHT));
        for (long[] alarm : panel.alarms) {
            line(svg, x((double) alarm[1], rows), top, "#f0a030");
            line(svg, x((double) alarm[0], rows), top, "#d02020");
        }
        double threshold = y(panel.threshold, most, top);
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#888\" stroke-dasharray=\"4 3\"/>%n",
                LEFT,
                threshold,
                LEFT + WIDTH,
                threshold));
        svg.append("<polyline fill=\"none\" stroke=\"#2060a0\" points=\"");
        for (double[] point : panel.points) {
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point[0], rows), y(point[1], most, top)));
        }
        svg.append("\"/>\n");
    }

    private static void line(StringBuilder svg, double x, int top, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>%n",
                x,
                top,
                x,
                top + HEIGHT,
                colour));
    }

    private static double x(double row, long rows) {
        return LEFT + WIDTH * row / Math.max(1, rows);
    }

    private static double y(double statistic, double most, int top) {
        double log = Math.min(Math.log10(Math.max(1, statistic)), most);
        return top + HEIGHT * (1 - log / most);
    }

    private static String escaped(String text) {
        return text.replaceAll("\\p{Cntrl}", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }
}
