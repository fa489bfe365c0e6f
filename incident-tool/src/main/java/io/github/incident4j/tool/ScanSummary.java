// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.guardrails.scan.Screening;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What guardrails found in many texts. */
final class ScanSummary {
    private final Map<String, Integer> verdicts = new TreeMap<>();
    private final Map<String, Integer> matches = new TreeMap<>();
    private final Map<String, Integer> texts = new TreeMap<>();
    private long units;
    private long nanos;

    void add(String verdict, Screening screening, int length, long took) {
        verdicts.merge(verdict, 1, Integer::sum);
        units += length;
        nanos += took;
        Set<String> seen = new HashSet<>();
        for (Screening.Found found : screening.found()) {
            String rule = found.match().category() + "/" + found.match().rule();
            matches.merge(rule, 1, Integer::sum);
            if (seen.add(rule)) {
                texts.merge(rule, 1, Integer::sum);
            }
        }
    }

    void print(PrintWriter out) {
        int all = verdicts.values().stream().mapToInt(Integer::intValue).sum();
        out.printf(
                "%d texts, %d UTF-16 units, %.1f ns a unit%n", all, units, units == 0 ? 0.0 : (double) nanos / units);
        verdicts.forEach((verdict, count) -> out.printf("%-40s %8d%n", verdict, count));
        if (!matches.isEmpty()) {
            out.printf("%-40s %8s %8s%n", "rule", "matches", "texts");
            matches.forEach((rule, count) -> out.printf("%-40s %8d %8d%n", rule, count, texts.getOrDefault(rule, 0)));
        }
    }
}
