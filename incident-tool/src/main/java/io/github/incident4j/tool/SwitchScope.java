// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a switch covers. Everything has to be asked for: a forgotten option must not stop the house. */
final class SwitchScope {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--everything",
            description = "every guarded model; may be narrowed by --feature, --segment, --share")
    private boolean everything;

    @Option(names = "--model", description = "a guarded model")
    private @Nullable String model;

    @Option(names = "--route", description = "a route of that model")
    private @Nullable String route;

    @Option(names = "--feature", description = "a feature of the host's")
    private @Nullable String feature;

    @Option(names = "--segment", paramLabel = "ATTRIBUTE=VALUE", description = "a segment of the traffic")
    private @Nullable String segment;

    @Option(names = "--share", description = "a share of the traffic, above 0 and at most 1")
    private double share = 1;

    Scope scope() {
        if (everything == (model != null)) {
            throw new ParameterException(
                    spec.commandLine(), "name either a --model or --everything, so that it is clear what is meant");
        }
        try {
            return new Scope(
                    Optional.ofNullable(model),
                    Optional.ofNullable(route),
                    Optional.ofNullable(feature),
                    Optional.ofNullable(segment).map(this::parsed),
                    share);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Segment parsed(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--segment " + text + " has no value; write it as tenant=acme");
        }
        return new Segment(text.substring(0, equals), text.substring(equals + 1));
    }
}
