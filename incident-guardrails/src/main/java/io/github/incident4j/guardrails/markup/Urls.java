// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.scan.BackwardRecogniser;
import io.github.incident4j.guardrails.scan.Look;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.SharedRecogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules for links as recognisers, one for each rule. */
final class Urls {
    private static final String CATEGORY = "link";

    private Urls() {}

    private record OfLink(String rule, Look look) implements MarkupRule, SharedRecogniser, BackwardRecogniser {
        @Override
        public String category() {
            return CATEGORY;
        }

        @Override
        public String triggers() {
            return Link.TRIGGERS;
        }

        @Override
        public int earliestStart(View view, int at) {
            return Link.earliestStart(view, at);
        }

        /** A link goes on before its trigger behind a character over which it reaches where this stands alone. */
        @Override
        public boolean mayStandBefore(char c) {
            return Link.earliestStart(View.of(String.valueOf(c)), 1) < 1;
        }
    }

    static List<Recogniser> recognisers(UrlOptions options) {
        Look look = (view, at) -> seen(options, view, at);
        return options.rules().stream()
                .<Recogniser>map(rule -> new OfLink(rule.toString(), look))
                .toList();
    }

    private static Look.@Nullable Seen seen(UrlOptions options, View view, int at) {
        Link link = Link.at(view, at);
        if (link == null || (options.schemes().isEmpty() && link.isPicture())) {
            return null;
        }
        Link judged = options.definitionsLoad() && isReference(view, link.from()) ? link.asLoading() : link;
        for (UrlRule rule : options.rules()) {
            if (rule.holds(judged, options)) {
                return new Look.Seen(rule.toString(), MarkupRule.sure(link.from(), link.to()));
            }
        }
        return null;
    }

    /** Whether a link reference definition (CommonMark 0.31, section 4.7) leads here. */
    private static boolean isReference(View view, int from) {
        int at = from - 1;
        while (at >= 0 && " \t\n\r<".indexOf(view.charAt(at)) >= 0 && from - at < Link.LONGEST) {
            at--;
        }
        return view.charAt(at) == ':' && view.charAt(at - 1) == ']';
    }
}
