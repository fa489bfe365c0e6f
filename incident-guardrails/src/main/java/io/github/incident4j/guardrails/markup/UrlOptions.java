// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.internal.Faults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which links a text may hold. Each method gives new options. What is wrong with them is among the guardrail's faults.
 *
 * <pre>{@code
 * UrlOptions.options().allowHosts("example.com", "*.example.org").allowSchemes("https")
 * }</pre>
 *
 * <p>Immutable.
 */
public final class UrlOptions {
    private static final Set<Integer> USUAL_PORTS = Set.of(80, 443, 8080, 8443);
    private static final int LAST_PORT = 65_535;

    private final Set<String> hosts;
    private final Set<String> schemes;
    private final Set<Integer> ports;
    private final List<UrlRule> rules;
    private final boolean definitionsLoad;
    private final List<String> faults;
    /** What the allowed hosts look like. */
    private final Set<String> skeletons;

    private UrlOptions(
            Set<String> hosts,
            Set<String> schemes,
            Set<Integer> ports,
            Collection<UrlRule> rules,
            boolean definitionsLoad,
            List<String> faults) {
        this.hosts = Set.copyOf(hosts);
        this.schemes = Set.copyOf(schemes);
        this.ports = Set.copyOf(ports);
        this.rules = Arrays.stream(UrlRule.values()).filter(rules::contains).toList();
        this.definitionsLoad = definitionsLoad;
        this.faults = List.copyOf(faults);
        skeletons = hosts.stream()
                .map(host -> Hosts.skeleton(host.startsWith("*.") ? host.substring(2) : host))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Links to any host, by any scheme that neither runs nor reads something; images and all else that is fetched
     * without a click from nowhere; all rules.
     *
     * @return the options
     */
    public static UrlOptions options() {
        return new UrlOptions(Set.of(), Set.of(), USUAL_PORTS, EnumSet.allOf(UrlRule.class), true, List.of());
    }

    /**
     * These options with hosts that are allowed; links to all others are then found. Images may come from these hosts,
     * too.
     *
     * @param patterns hosts, such as {@code example.com}, which is that host alone, and {@code *.example.com}, which is
     *     every host below it and not itself; non-ASCII names in Unicode or in Punycode, as the links have them
     * @return the new options
     */
    public UrlOptions allowHosts(String... patterns) {
        Set<String> next = new LinkedHashSet<>(hosts);
        List<String> more = new ArrayList<>(faults);
        for (String pattern : patterns) {
            String host = String.valueOf(pattern).toLowerCase(Locale.ROOT);
            if (pattern == null || !(Hosts.isPattern(host) || host.startsWith("["))) {
                more.add(
                        "links: the host \"" + pattern
                                + "\" is none; give one such as \"example.com\" or \"*.example.com\", without scheme, port or path");
            }
            next.add(host);
        }
        return new UrlOptions(next, schemes, ports, rules, definitionsLoad, more);
    }

    /**
     * These options with an exact list of schemes in place of the list of denied ones.
     *
     * @param names the schemes, such as {@code https} and {@code mailto}; links without one count as {@code https}
     * @return the new options
     */
    public UrlOptions allowSchemes(String... names) {
        Set<String> next = new LinkedHashSet<>(schemes);
        List<String> more = new ArrayList<>(faults);
        for (String name : names) {
            String scheme = String.valueOf(name).toLowerCase(Locale.ROOT);
            if (name == null || scheme.isEmpty() || !scheme.chars().allMatch(UrlOptions::isScheme)) {
                more.add("links: the scheme \"" + name + "\" is none; give one such as \"https\", without a colon");
            }
            next.add(scheme);
        }
        return new UrlOptions(hosts, next, ports, rules, definitionsLoad, more);
    }

    private static boolean isScheme(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    }

    /**
     * These options with ports that are allowed beside 80, 443, 8080 and 8443.
     *
     * @param numbers the ports, from 1 to 65,535
     * @return the new options
     */
    public UrlOptions allowPorts(int... numbers) {
        Set<Integer> next = new LinkedHashSet<>(ports);
        List<String> more = new ArrayList<>(faults);
        for (int number : numbers) {
            if (number < 1 || number > LAST_PORT) {
                more.add("links: the port " + number + " must be from 1 to " + LAST_PORT);
            }
            next.add(number);
        }
        return new UrlOptions(hosts, schemes, next, rules, definitionsLoad, more);
    }

    /**
     * These options for texts with lists of sources such as {@code [1]: https://example.com}. A link reference
     * definition of Markdown counts as fetched without a click, because an image anywhere in the text may use it; now
     * it is a link like any other, and an image by reference is not found.
     *
     * @return the new options
     */
    public UrlOptions definitionsAsLinks() {
        return new UrlOptions(hosts, schemes, ports, rules, false, faults);
    }

    /**
     * These options without some of the rules.
     *
     * @param names the rules to leave out: {@code url-scheme}, {@code url-userinfo}, {@code url-lookalike},
     *     {@code url-ip}, {@code url-port}, {@code url-host}, {@code remote-image}, {@code url-data},
     *     {@code url-redirect}
     * @return the new options
     */
    public UrlOptions without(String... names) {
        Set<UrlRule> next = new LinkedHashSet<>(rules);
        List<String> more = new ArrayList<>(faults);
        for (String name : names) {
            if (Arrays.stream(UrlRule.values())
                    .noneMatch(rule -> rule.toString().equals(name))) {
                more.add("links: there is no rule \"" + name + "\"; the rules are "
                        + Arrays.stream(UrlRule.values()).map(UrlRule::toString).collect(Collectors.joining(", ")));
            }
            next.removeIf(rule -> rule.toString().equals(name));
        }
        return new UrlOptions(hosts, schemes, ports, next, definitionsLoad, more);
    }

    Set<String> hosts() {
        return hosts;
    }

    Set<String> schemes() {
        return schemes;
    }

    /** Whether a host is one of those allowed by name. */
    boolean names(String host) {
        if (hosts.contains(host)) {
            return true;
        }
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            if (hosts.contains("*" + host.substring(dot))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a host, or one above it, looks like one that is allowed. */
    boolean resembles(String host) {
        if (skeletons.isEmpty()) {
            return false;
        }
        String skeleton = Hosts.skeleton(host);
        for (String allowed : skeletons) {
            if (skeleton.equals(allowed) || skeleton.startsWith(allowed + ".") || skeleton.endsWith("." + allowed)) {
                return !hosts.contains(host) && !isBelow(host);
            }
        }
        return false;
    }

    /** Whether a host belongs to an allowed one and is merely not on the list. */
    private boolean isBelow(String host) {
        for (String pattern : hosts) {
            String top = pattern.startsWith("*.") ? pattern.substring(2) : pattern;
            if (host.equals(top) || host.endsWith("." + top)) {
                return true;
            }
        }
        return false;
    }

    boolean allowsPort(String port) {
        return port.length() <= 5
                && port.chars().allMatch(c -> c >= '0' && c <= '9')
                && ports.contains(Integer.parseInt(port));
    }

    boolean definitionsLoad() {
        return definitionsLoad;
    }

    /** The rules that are in force, the graver first. */
    List<UrlRule> rules() {
        return rules;
    }

    void check(Faults found) {
        found.all(faults).when(rules.isEmpty(), "there is no rule left; keep at least one");
    }
}
