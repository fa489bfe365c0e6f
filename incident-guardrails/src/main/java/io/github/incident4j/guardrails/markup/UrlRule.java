// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import java.util.Set;

/** What can be wrong with a link, the graver first: a link has the first that holds. */
enum UrlRule {
    SCHEME("url-scheme") {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return options.schemes().isEmpty()
                    ? DENIED.contains(link.scheme())
                            || link.scheme().startsWith("ms-")
                            || link.scheme().startsWith("search-ms")
                    : !options.schemes().contains(link.scheme());
        }
    },
    USER("url-userinfo") {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return link.user() != null;
        }
    },
    LOOK_ALIKE("url-lookalike") {
        @Override
        boolean holds(Link link, UrlOptions options) {
            String host = link.host();
            return !options.names(host) && (Hosts.isLookAlike(host, link.authority()) || options.resembles(host));
        }
    },
    ADDRESS("url-ip") {
        @Override
        boolean holds(Link link, UrlOptions options) {
            String host = link.host();
            return Hosts.isAddress(host) && !Hosts.isLoopback(host) && !options.names(host);
        }
    },
    PORT("url-port") {
        @Override
        boolean holds(Link link, UrlOptions options) {
            String port = link.port();
            return !port.isEmpty() && !options.allowsPort(port) && !Hosts.isLoopback(link.host());
        }
    },
    HOST("url-host") {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return !options.hosts().isEmpty() && !link.authority().isEmpty() && !options.names(link.host());
        }
    },
    LOADING("remote-image") {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return !options.names(link.host()) && link.loading();
        }
    },
    DATA("url-data") {
        @Override
        boolean holds(Link link, UrlOptions options) {
            return Payload.carriesData(link);
        }
    },
    REDIRECT("url-redirect") {
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

    UrlRule(String words) {
        this.words = words;
    }

    abstract boolean holds(Link link, UrlOptions options);

    @Override
    public String toString() {
        return words;
    }
}
