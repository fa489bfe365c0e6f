// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.scan.View;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Parameters of a link that hold a link of their own, by which an allowed host may send the reader on. */
final class Redirect {

    private Redirect() {}

    static boolean leadsElsewhere(Link link, UrlOptions options) {
        if (link.query().isEmpty() && link.fragment().isEmpty()) {
            return false;
        }
        String host = link.host();
        for (String parameter : (link.query() + "&" + link.fragment()).split("&", -1)) {
            String value = Payload.decoded(parameter.substring(parameter.indexOf('=') + 1));
            if (isEncoded(value)) {
                return true;
            }
            String inner = hostOf(value);
            if (inner != null
                    && !inner.equals(host)
                    && !host.endsWith("." + inner)
                    && !inner.endsWith("." + host)
                    && !options.names(inner)) {
                return true;
            }
        }
        return false;
    }

    /** Base64 of http:// and https://. */
    private static boolean isEncoded(String value) {
        return value.startsWith("aHR0cDov") || value.startsWith("aHR0cHM6");
    }

    private static @Nullable String hostOf(String value) {
        String given = value.toLowerCase(Locale.ROOT).strip();
        boolean bare = given.startsWith("//") || given.startsWith("\\\\") || given.startsWith("/\\");
        boolean absolute = given.startsWith("http:") || given.startsWith("https:");
        if (!bare && !absolute) {
            return null;
        }
        View view = View.of(bare ? "https:" + given : given);
        Link inner = Link.at(view, view.toString().indexOf(':'));
        return inner == null ? null : inner.host();
    }
}
