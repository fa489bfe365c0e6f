// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.PayloadKind;
import io.github.incident4j.model.RouteKind;
import java.util.List;

/** Guards of tests, of whose configuration nobody asks more. */
public final class GuardInfos {
    private GuardInfos() {}

    /** The guard of a model with one route, {@code v1}. */
    public static GuardInfo of(
            long runtime, String model, List<String> segments, List<String> values, Durability durability) {
        return new GuardInfo(
                runtime, model, List.of(route("v1", RouteKind.MODEL)), segments, values, recording(durability));
    }

    /** A route of which nothing more is declared. */
    public static GuardInfo.Route route(String name, RouteKind kind) {
        return new GuardInfo.Route(name, kind, null);
    }

    /** A recording without payloads. */
    public static Recording recording(Durability durability) {
        return new Recording(durability, false, PayloadKind.NONE, PayloadKind.NONE, "{}", "");
    }
}
