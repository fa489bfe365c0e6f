// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Look;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.SharedRecogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tags of HTML, read tolerantly as browsers do: a slash parts attributes, quotes may be missing, a tag need not end. It
 * finds and does not clean: what it leaves is not safe to put into a page for that.
 */
final class Html {
    private static final String CATEGORY = "html";
    private static final int LONGEST = 2_048;
    private static final int LONGEST_NAME = 40;

    /** Elements that run something, change how the rest is read, or show what is not the page's own. */
    private static final Set<String> DENIED = Set.of(
            "script",
            "style",
            "iframe",
            "frame",
            "frameset",
            "applet",
            "svg",
            "math",
            "template",
            "noscript",
            "noembed",
            "noframes",
            "xmp",
            "plaintext",
            "portal",
            "fencedframe");

    /** Elements that do so by their attributes; without any they are as likely a placeholder. */
    private static final Set<String> DENIED_WITH_ATTRIBUTES = Set.of(
            "object",
            "embed",
            "base",
            "meta",
            "link",
            "form",
            "input",
            "button",
            "textarea",
            "select",
            "param",
            "bgsound");

    private static final Set<String> ADDRESSES = Set.of(
            "href",
            "src",
            "action",
            "formaction",
            "data",
            "poster",
            "background",
            "xlink:href",
            "from",
            "to",
            "values",
            "srcdoc",
            "cite",
            "lowsrc",
            "dynsrc",
            "srcset",
            "content",
            "code",
            "codebase");

    /** What is wrong with a tag, the graver first. */
    private enum Fault {
        HANDLER("html-handler"),
        SCRIPT_LINK("html-script-link"),
        TAG("html-tag");

        private final String rule;

        Fault(String rule) {
            this.rule = rule;
        }
    }

    private record Tag(int end, @Nullable Fault fault) {}

    private record OfTag(String rule, Look look) implements MarkupRule, SharedRecogniser {
        @Override
        public String category() {
            return CATEGORY;
        }

        @Override
        public String triggers() {
            return "<";
        }
    }

    private Html() {}

    static List<Recogniser> recognisers(HtmlOptions options) {
        Look look = (view, at) -> seen(view, at, options);
        return Arrays.stream(Fault.values())
                .<Recogniser>map(fault -> new OfTag(fault.rule, look))
                .toList();
    }

    private static Look.@Nullable Seen seen(View view, int at, HtmlOptions options) {
        Tag tag = tag(view, at, options);
        return tag == null || tag.fault() == null
                ? null
                : new Look.Seen(tag.fault().rule, MarkupRule.sure(at, tag.end()));
    }

    private static @Nullable Tag tag(View view, int open, HtmlOptions options) {
        int start = startOfName(view, open);
        int at = endOfName(view, open);
        if (at < 0) {
            return null;
        }
        String name = name(view, start, at);
        boolean attributes = false;
        Fault fault = null;
        while (at - open < LONGEST && !view.isEnd(at) && view.charAt(at) != '>') {
            char c = view.charAt(at);
            if (isBlank(c) || c == '/') {
                at++;
                continue;
            }
            if (c == '<' && endOfName(view, at) > 0) {
                break; // a tag of its own; any other is of an attribute's name to a browser
            }
            int nameStart = at;
            while (!view.isEnd(at) && at - open < LONGEST && !isEndOfName(view.charAt(at), at > nameStart)) {
                at++;
            }
            String attribute = name(view, nameStart, at);
            int equals = afterBlanks(view, at);
            String value = "";
            if (view.charAt(equals) == '=') {
                int from = afterBlanks(view, equals + 1);
                at = endOfValue(view, from, open);
                value = letters(view, from, at);
            }
            attributes = true;
            Fault found = fault(attribute, value);
            fault = found != null && (fault == null || found.compareTo(fault) < 0) ? found : fault;
        }
        int end = view.charAt(at) == '>' && !view.isEnd(at) ? at + 1 : at;
        if (fault == null && isDenied(name, attributes, options)) {
            fault = Fault.TAG;
        }
        return new Tag(end, fault);
    }

    private static int startOfName(View view, int open) {
        return open + (view.charAt(open + 1) == '/' ? 2 : 1);
    }

    /** The index after the name of the tag that begins somewhere; -1 when none does. */
    private static int endOfName(View view, int open) {
        int start = startOfName(view, open);
        int at = start;
        while (at - start < LONGEST_NAME && (view.isWordAt(at) || view.charAt(at) == '-' || view.charAt(at) == ':')) {
            at++;
        }
        char after = view.charAt(at);
        boolean ends = isBlank(after) || after == '/' || after == '>';
        return at > start && Ascii.isLetter(view.charAt(start)) && ends ? at : -1;
    }

    private static boolean isDenied(String name, boolean attributes, HtmlOptions options) {
        return options.tags().isEmpty()
                ? DENIED.contains(name) || (attributes && DENIED_WITH_ATTRIBUTES.contains(name))
                : !options.tags().contains(name);
    }

    private static @Nullable Fault fault(String attribute, String value) {
        if (attribute.length() > 4 && attribute.startsWith("on") && isLetters(attribute) && !value.isEmpty()) {
            return Fault.HANDLER;
        }
        boolean script = value.contains("javascript:") || value.contains("vbscript:") || value.contains("data:text/");
        boolean addressed = ADDRESSES.contains(attribute) && (script || attribute.equals("srcdoc"));
        boolean styled = attribute.equals("style")
                && (script || value.contains("expression(") || value.contains("-moz-binding"));
        return addressed || styled ? Fault.SCRIPT_LINK : null;
    }

    private static boolean isLetters(String text) {
        return text.chars().allMatch(c -> c >= 'a' && c <= 'z');
    }

    private static boolean isEndOfName(char c, boolean begun) {
        return isBlank(c) || c == '/' || c == '>' || (begun && c == '=');
    }

    private static int endOfValue(View view, int from, int open) {
        char quote = view.charAt(from);
        if (quote == '"' || quote == '\'') {
            for (int at = from + 1; !view.isEnd(at) && at - open < LONGEST; at++) {
                if (view.charAt(at) == quote) {
                    return at + 1;
                }
            }
        }
        int at = from;
        while (!view.isEnd(at) && at - open < LONGEST && !isBlank(view.charAt(at)) && view.charAt(at) != '>') {
            if (view.charAt(at) == '<' && endOfName(view, at) > 0) {
                break; // a tag that is looked at by itself
            }
            at++;
        }
        return at;
    }

    private static String name(View view, int from, int to) {
        StringBuilder name = new StringBuilder(Math.max(0, to - from));
        for (int i = from; i < to; i++) {
            name.append(view.charAt(i));
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }

    /** Without blanks and quotes, as a script link is read. */
    private static String letters(View view, int from, int to) {
        StringBuilder letters = new StringBuilder(Math.max(0, to - from));
        for (int i = from; i < to; i++) {
            char c = view.charAt(i);
            if (c > ' ' && c != '"' && c != '\'') {
                letters.append(c);
            }
        }
        return letters.toString().toLowerCase(Locale.ROOT);
    }

    private static int afterBlanks(View view, int from) {
        int at = from;
        while (isBlank(view.charAt(at)) && !view.isEnd(at) && at - from < LONGEST_NAME) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }
}
