// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.model.Severity;
import java.util.Set;

/** What can be wrong with a link, the graver first: a link has the first that holds. */
enum UrlRule {
    SCHEME("url-scheme", Severity.P2) {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return options.schemes().isEmpty()
                    ? DENIED.contains(link.scheme())
                            || link.scheme().startsWith("ms-")
                            || link.scheme().startsWith("search-ms")
                    : !options.schemes().contains(link.scheme());
        }
    },
    DATA("url-data", Severity.P1) {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return Payload.carriesData(link);
        }
    },
    USER("url-userinfo", Severity.P3) {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return link.user() != null;
        }
    },
    LOOK_ALIKE("url-lookalike", Severity.P3) {
        @Override
        boolean holds(Link link, UrlOptions options) {
            String host = link.host();
            return !options.names(host) && (Hosts.isLookAlike(host, link.authority()) || options.resembles(host));
        }
    },
    ADDRESS("url-ip", Severity.P3) {
        @Override
        boolean holds(Link link, UrlOptions options) {
            String host = link.host();
            return Hosts.isAddress(host) && !Hosts.isLoopback(host) && !options.names(host);
        }
    },
    PORT("url-port", Severity.P3) {
        @Override
        boolean holds(Link link, UrlOptions options) {
            String port = link.port();
            return !port.isEmpty() && !options.allowsPort(port) && !Hosts.isLoopback(link.host());
        }
    },
    HOST("url-host", Severity.P3) {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return !options.hosts().isEmpty() && !link.authority().isEmpty() && !options.names(link.host());
        }
    },
    LOADING("remote-image", Severity.P2) {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return !options.names(link.host()) && link.loading();
        }
    },
    REDIRECT("url-redirect", Severity.P3) {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return Redirect.leadsElsewhere(link, options);
        }
    };

    private static final Set<String> DENIED = Set.of(
            "javascript",
            "vbscript",
            "livescript",
            "data",
            "file",
            "blob",
            "filesystem",
            "view-source",
            "jar",
            "netdoc",
            "about",
            "smb",
            "ldap",
            "ldaps",
            "gopher",
            "dict",
            "tftp",
            "phar",
            "php",
            "expect",
            "intent",
            "chrome",
            "resource");

    private final String words;
    private final Severity severity;

    UrlRule(String words, Severity severity) {
        this.words = words;
        this.severity = severity;
    }

    Severity severity() {
        return severity;
    }

    abstract boolean holds(Link link, UrlOptions options);

    @Override
    public String toString() {
        return words;
    }
}
