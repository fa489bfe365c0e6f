// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What teams do by hand: one {@link Pattern} a rule, each over the whole text. For credentials they are made of the
 * formats in SECRETS.md, for personal data they are written here. They check less than our rules (no checksum, no
 * entropy, no context words, no disguise, no encoding), which is in their favour.
 */
final class PlainPatterns {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9-]+)` \\| (.*?) \\|");
    private static final Pattern FORMAT = Pattern.compile("`([^`]+)`( behind (.*))?");
    /** What is said in words, and braces that are themselves. */
    private static final Pattern PROSE = Pattern.compile("\\{(?:SSHA|token68|base64 of [^}]*)}");

    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("digit", "[0-9]"),
            Map.entry("hex", "[0-9a-f]"),
            Map.entry("HEX", "[0-9A-F]"),
            Map.entry("anyhex", "[0-9a-fA-F]"),
            Map.entry("lower", "[a-z]"),
            Map.entry("low", "[0-9a-z]"),
            Map.entry("up", "[0-9A-Z]"),
            Map.entry("alpha", "[a-zA-Z]"),
            Map.entry("alnum", "[0-9a-zA-Z]"),
            Map.entry("word", "[0-9a-zA-Z_]"),
            Map.entry("url", "[0-9a-zA-Z_-]"),
            Map.entry("urlcolon", "[0-9a-zA-Z_:/-]"),
            Map.entry("urleq", "[0-9a-zA-Z_=-]"),
            Map.entry("dotted", "[0-9a-zA-Z_.-]"),
            Map.entry("azure", "[0-9a-zA-Z_.~-]"),
            Map.entry("path", "[0-9a-zA-Z_/-]"),
            Map.entry("base32", "[2-7A-Z]"),
            Map.entry("base58", "[1-9A-HJ-NP-Za-km-z]"),
            Map.entry("base64", "[0-9a-zA-Z+/]"),
            Map.entry("crypt", "[0-9a-zA-Z./]"),
            Map.entry("pct", "[0-9a-zA-Z%]"),
            Map.entry("pad", "="));

    private static final List<String> PERSONAL = List.of(
            "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}",
            "\\b(?:\\d[ -]?){13,19}\\b",
            "\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\\b",
            "\\b\\d{3}-\\d{2}-\\d{4}\\b",
            "\\b(?:\\+?\\d{1,3}[ .-]?)?\\(?\\d{2,4}\\)?[ .-]?\\d{3,4}[ .-]?\\d{3,4}\\b",
            "\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b",
            "\\b(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}\\b",
            "\\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\\b",
            "[a-z][a-z0-9+.-]*://[^\\s:/@]+:[^\\s@/]+@[^\\s]+",
            "\\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]\\b",
            "\\b\\d{3} ?\\d{3} ?\\d{4}\\b",
            "\\b[0-9XYZ]\\d{7}[A-Z]\\b",
            "\\b[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]\\b",
            "\\b[1-9]\\d{10}\\b",
            "\\b[12] ?\\d{2} ?\\d{2} ?\\d{2} ?\\d{3} ?\\d{3} ?\\d{2}\\b",
            "\\b\\d{4} ?\\d{4} ?\\d{4}\\b",
            "\\b[A-Z]{5}\\d{4}[A-Z]\\b",
            "\\b\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}\\b",
            "\\b[STFG]\\d{7}[A-Z]\\b",
            "\\b\\d{6}[-+]?\\d{4}\\b",
            "\\b(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25,62}\\b",
            "\\b0x[0-9a-fA-F]{40}\\b",
            "\\b[A-HJ-NPR-Z0-9]{17}\\b",
            "\\b\\d{1,5} [A-Z][a-z]+ (?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Dr|Boulevard|Blvd)\\b",
            "\\b\\d{5}(?:-\\d{4})?\\b",
            "-?\\d{1,3}\\.\\d{4,},\\s*-?\\d{1,3}\\.\\d{4,}",
            "\\b\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{4}\\b");

    private final List<Pattern> patterns = new ArrayList<>();

    PlainPatterns(Path formats) {
        PERSONAL.forEach(each -> patterns.add(Pattern.compile(each)));
        try {
            for (String line : Files.readAllLines(formats)) {
                Matcher row = ROW.matcher(line);
                Matcher format = FORMAT.matcher(row.find() ? row.group(2) : "");
                if (format.matches() && !PROSE.matcher(format.group(1)).find()) {
                    String value = pattern(format.group(1).replace("\\|", "|"));
                    String names = format.group(3);
                    patterns.add(Pattern.compile(
                            names == null
                                    ? "\\b" + value
                                    : "(?i:" + Pattern.quote(names).replace(", ", "\\E|\\Q") + ")[^\\n]{0,60}?"
                                            + value));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("SECRETS.md, of which the peer is made, cannot be read", e);
        }
    }

    private static String pattern(String format) {
        StringBuilder pattern = new StringBuilder();
        String rest = format.replace("{uuid}", "{anyhex 8}-{anyhex 4}-{anyhex 4}-{anyhex 4}-{anyhex 12}");
        while (!rest.isEmpty()) {
            int open = rest.indexOf('{');
            int close = rest.indexOf('}');
            if (open != 0 || close < 0) {
                int end = open <= 0 ? rest.length() : open;
                pattern.append(Pattern.quote(rest.substring(0, end)));
                rest = rest.substring(end);
            } else {
                pattern.append(part(rest.substring(1, close)));
                rest = rest.substring(close + 1);
            }
        }
        return pattern.toString();
    }

    private static String part(String inside) {
        int space = inside.indexOf(' ');
        String known = CLASSES.get(space < 0 ? inside : inside.substring(0, space));
        if (known == null) {
            return "(?:" + Pattern.quote(inside).replace("|", "\\E|\\Q") + ")";
        }
        return space < 0 ? known : known + "{" + inside.substring(space + 1).replace('-', ',') + "}";
    }

    List<Pattern> all() {
        return List.copyOf(patterns);
    }

    /** How many matches there are. */
    int count(String text) {
        int count = 0;
        for (Pattern pattern : patterns) {
            Matcher matcher = pattern.matcher(text);
            while (matcher.find()) {
                count++;
            }
        }
        return count;
    }
}
