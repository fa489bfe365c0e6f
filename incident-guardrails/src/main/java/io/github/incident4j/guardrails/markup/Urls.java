// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules for links as recognisers, one for each rule. */
final class Urls {
    private static final String CATEGORY = "link";

    private Urls() {}

    /**
     * One for each rule.
     *
     * @param referencesLoad whether the destination in a link reference definition counts as fetched without a click
     */
    static List<Recogniser> recognisers(UrlOptions options, boolean referencesLoad) {
        return options.rules().stream()
                .<Recogniser>map(rule -> new Anchored(
                        rule.toString(),
                        CATEGORY,
                        Link.TRIGGERS,
                        Link::earliestStart,
                        (view, at) -> find(rule, options, referencesLoad, view, at)))
                .toList();
    }

    private static @Nullable Hit find(UrlRule rule, UrlOptions options, boolean referencesLoad, View view, int at) {
        Link link = Link.at(view, at);
        if (link == null) {
            return null;
        }
        Link judged = referencesLoad && isReference(view, link.from()) ? link.asLoading() : link;
        // The graver rules are the cheaper ones, so most links are done with before their data is looked at.
        for (UrlRule each : options.rules()) {
            if (each.holds(judged, options)) {
                return each == rule ? Anchored.sure(link.from(), link.to()) : null;
            }
            if (each == rule) {
                return null;
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
