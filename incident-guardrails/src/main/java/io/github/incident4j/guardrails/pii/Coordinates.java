// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Latitude and longitude (ISO 6709, annex D, and the usual decimal pairs). Four decimals are some eleven metres. */
final class Coordinates {
    private static final Set<String> CONTEXT = Pii.words("latitude longitude lat lon lng long coordinates coordinate"
            + " coords gps geo geolocation location position koordinaten breitengrad längengrad coordonnées coordenadas"
            + " coordinate latitud longitud latitudine longitudine");

    private static final String OPERATORS = "=+*/^<>\u2248\u00B1\u00D7";

    private Coordinates() {}

    static List<Recogniser> rules() {
        return List.of(new Anchored("coordinates", "0123456789+-NSns", true, CONTEXT, Coordinates::find));
    }

    private static @Nullable Hit find(View view, int at) {
        char before = view.charAt(at - 1);
        boolean signed = (before == '-' || before == '+') && !view.isWordAt(at - 2);
        if (signed || before == '.' || before == ',') {
            return null;
        }
        Angle first = Angle.read(view, at);
        if (first == null) {
            return null;
        }
        int next = first.to;
        char separator = view.charAt(next);
        next += separator == ',' || separator == ';' || separator == '/' ? 1 : 0;
        next += view.charAt(next) == ' ' ? 1 : 0;
        Angle second = next == first.to ? null : Angle.read(view, next);
        if (second != null && first.isLatitude() && second.isLongitude() && !view.isWordAt(second.to)) {
            boolean precise = first.isPrecise()
                    && second.isPrecise()
                    && (first.isNamed() || second.isNamed() || !isFormula(view, at, first, second));
            return precise || first.decimals + second.decimals >= 4
                    ? new Hit(at, second.to, precise ? 0.65 : 0.2, 0.95)
                    : null;
        }
        boolean alone = first.decimals >= 3 && !view.isWordAt(first.to);
        return alone ? new Hit(at, first.to, 0.05, 0.85) : null;
    }

    /** Whether a pair is two numbers of a formula: among more, behind a function's name, of a term, both below one. */
    private static boolean isFormula(View view, int at, Angle first, Angle second) {
        char before = view.charAt(at - 1) == ' ' ? view.charAt(at - 2) : view.charAt(at - 1);
        int sign = view.charAt(at - 1) == ' ' ? at - 2 : at - 1;
        boolean argument = (before == '(' || before == '[') && view.isWordAt(sign - 1);
        boolean later = (before == ',' || before == ';') && view.isDigitAt(sign - 1);
        int to = second.to;
        int next = view.charAt(to) == ' ' ? to + 1 : to;
        boolean term = OPERATORS.indexOf(before) >= 0 || OPERATORS.indexOf(view.charAt(next)) >= 0;
        boolean fractions = first.degrees < 1 && second.degrees < 1;
        return argument || later || term || fractions || (view.charAt(to) == ',' && isDecimal(view, to + 1));
    }

    private static boolean isDecimal(View view, int from) {
        int to = view.charAt(from) == ' ' ? from + 1 : from;
        to += view.charAt(to) == '-' ? 1 : 0;
        int start = to;
        while (to - start < 4 && view.isDigitAt(to)) {
            to++;
        }
        return to > start && view.charAt(to) == '.' && view.isDigitAt(to + 1);
    }

    /** One angle: decimal degrees, or degrees with minutes and seconds, with or without the letter of a direction. */
    private static final class Angle {
        private final View view;
        private int to;
        private double degrees;
        private int decimals;
        private char direction;
        private boolean marked;

        private Angle(View view, int at) {
            this.view = view;
            to = at;
        }

        static @Nullable Angle read(View view, int at) {
            Angle angle = new Angle(view, at);
            return angle.read() ? angle : null;
        }

        boolean isLatitude() {
            return degrees <= 90 && "EW".indexOf(direction) < 0;
        }

        boolean isLongitude() {
            return degrees <= 180 && "NS".indexOf(direction) < 0;
        }

        /** Whether degrees are what it is measured in, without a doubt. */
        boolean isNamed() {
            return marked || direction != ' ';
        }

        /** Four decimals, or minutes, or a direction to some decimals. */
        boolean isPrecise() {
            return marked || decimals >= 4 || (direction != ' ' && decimals >= 2);
        }

        private boolean read() {
            direction = direction();
            to += direction != ' ' && view.charAt(to) == ' ' ? 1 : 0;
            char sign = view.charAt(to);
            to += sign == '-' || sign == '+' ? 1 : 0;
            int start = to;
            degrees = number();
            if (to == start || degrees > 180) {
                return false;
            }
            if (view.charAt(to) == '\u00B0') {
                to++;
                minutes();
            }
            if (direction == ' ') {
                int space = view.charAt(to) == ' ' ? 1 : 0;
                to += space;
                direction = direction();
                to -= direction == ' ' ? space : 0;
            }
            return decimals > 0 || marked;
        }

        /** Minutes and seconds: what makes the angle one without a doubt. */
        private void minutes() {
            int from = to;
            to += view.charAt(to) == ' ' ? 1 : 0;
            int start = to;
            double minutes = number();
            if (to == start || minutes >= 60 || !isMinute(view.charAt(to))) {
                to = from;
                return;
            }
            to++;
            marked = true;
            int end = to;
            to += view.charAt(to) == ' ' ? 1 : 0;
            start = to;
            double seconds = number();
            boolean twice = isMinute(view.charAt(to)) && isMinute(view.charAt(to + 1));
            if (to > start && seconds < 60 && (view.charAt(to) == '"' || view.charAt(to) == '\u201D' || twice)) {
                to += twice ? 2 : 1;
            } else {
                to = end;
            }
        }

        private static boolean isMinute(char c) {
            return c == '\'' || c == '\u2032' || c == '\u2019';
        }

        /** A direction's letter that is no word's beginning, or a space. */
        private char direction() {
            char c = Character.toUpperCase(view.charAt(to));
            boolean letter = "NSEW".indexOf(c) >= 0;
            boolean word = view.isWordAt(to + 1) && !view.isDigitAt(to + 1);
            if (!letter || word) {
                return ' ';
            }
            to++;
            return c;
        }

        private double number() {
            double number = 0;
            int start = to;
            while (to - start < 3 && view.isDigitAt(to)) {
                number = number * 10 + view.charAt(to++) - '0';
            }
            if (to > start && view.charAt(to) == '.' && view.isDigitAt(to + 1)) {
                int point = to++;
                while (to - point <= 16 && view.isDigitAt(to)) {
                    to++;
                }
                decimals = to - point - 1;
                number += 0.1 * (view.charAt(point + 1) - '0');
            }
            return number;
        }
    }
}
