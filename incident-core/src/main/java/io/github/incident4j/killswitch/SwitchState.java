// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Names;
import java.util.Optional;

/** What a switch does to what it covers. Where no switch is set, everything is on. */
public sealed interface SwitchState {

    /** {@return what a call does that it stops} */
    Instead instead();

    /**
     * Nothing passes.
     *
     * @param instead what a call does whose route is killed
     */
    record Killed(Instead instead) implements SwitchState {}

    /**
     * Only so much passes.
     *
     * @param limit how much
     * @param instead what a call does that does not pass
     */
    record Limited(Limit limit, Instead instead) implements SwitchState {
        /**
         * What does not pass is answered as the guard's own rules say.
         *
         * @param limit how much passes
         */
        public Limited(Limit limit) {
            this(limit, new Instead.ByRule());
        }
    }

    /**
     * A kill after which the guard's own rules choose the fallback, of the routes that it does not cover: where its
     * scope names no route, that is none.
     *
     * @return the state
     */
    static Killed killed() {
        return new Killed(new Instead.ByRule());
    }

    /**
     * A kill that names the fallback. Where its scope names no route, it covers all routes of a guard but this one.
     * Where a guard has no route of that name, or it was tried already or fails, its own rules choose, of the routes
     * that are not killed; what stands before the named route in the guard's order is not gone back to. It does not
     * answer for a running call of a route that is not idempotent, which a kill has stopped: who kills does not know
     * what has half happened.
     *
     * @param route the route that is to answer instead
     * @return the state
     */
    static Killed killedPreferring(String route) {
        return new Killed(new Instead.Prefer(route));
    }

    /** {@return a kill after which no fallback answers: the calls are refused} */
    static Killed killedRefusing() {
        return new Killed(new Instead.Refuse());
    }

    /** What a call does that a switch has stopped. */
    sealed interface Instead {
        /** The guard's rules choose. */
        record ByRule() implements Instead {}

        /**
         * This route answers.
         *
         * @param route its name
         */
        record Prefer(String route) implements Instead {
            /**
             * Checks the name.
             *
             * @param route the route's name
             */
            public Prefer {
                Names.check("route", route);
            }
        }

        /** The call is refused. */
        record Refuse() implements Instead {}

        /** {@return the route that is preferred, if one is} */
        default Optional<String> preferred() {
            return this instanceof Prefer prefer ? Optional.of(prefer.route()) : Optional.empty();
        }
    }
}
