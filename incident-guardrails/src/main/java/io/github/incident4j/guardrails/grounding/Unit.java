// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a number counts.
 *
 * @param dimension what can be compared with each other; blank for a mere multiple, such as million
 * @param factor how much it is of the dimension's base
 */
record Unit(String dimension, double factor) {
    static final String PERCENT = "share";

    private static final Map<String, Unit> UNITS = new HashMap<>();

    static {
        add("", 1e2, "hundred hundert cent cento");
        add("", 1e3, "k thousand tausend tsd mille mila mil duizend tysięcy 千");
        add("", 1e4, "万 萬");
        add(
                "",
                1e6,
                "million millions mio mln millionen millón millones milione milioni milhão milhões miljoen milion"
                        + " milionów");
        add("", 1e8, "亿 億");
        add(
                "",
                1e9,
                "billion billions bn milliarde milliarden mrd milliard milliards miliardo miliardi miljard miliardów");
        add("", 1e12, "trillion trillions tn billionen");
        add(PERCENT, 0.01, "% percent prozent pourcent procent");
        add(PERCENT, 0.001, "‰");
        add("length", 1e-3, "mm millimeter millimeters millimetre millimetres");
        add("length", 1e-2, "cm centimeter centimeters centimetre centimetres zentimeter");
        add("length", 1, "m meter meters metre metres metern");
        add("length", 1e3, "km kilometer kilometers kilometre kilometres kilometern kilómetros chilometri");
        add("length", 0.3048, "ft foot feet");
        add("length", 1609.344, "mile miles mi");
        add("mass", 1e-3, "mg milligram milligrams milligramm");
        add("mass", 1, "g gram grams gramm gramme grammes");
        add("mass", 1e3, "kg kilo kilos kilogram kilograms kilogramm");
        add("mass", 1e6, "t tonne tonnes tonnen");
        add("volume", 1e-3, "ml milliliter milliliters millilitre millilitres");
        add("volume", 1, "l liter liters litre litres litern");
        add("time", 1e-3, "ms millisecond milliseconds millisekunden");
        add("time", 1, "s sec second seconds sekunde sekunden");
        add("time", 60, "min minute minutes minuten minutos minuti");
        add("time", 3600, "h hour hours stunde stunden heure heures hora horas ora ore uur");
        add("time", 86_400, "day days tag tage tagen jour jours día días giorno giorni dia dias dagen");
        add("time", 604_800, "week weeks woche wochen semaine semaines semana semanas");
        add("months", 1, "month months monat monate monaten mois mes meses mese mesi maanden");
        add("months", 12, "year years jahr jahre jahren an ans année années año años anno anni ano anos jaar");
        add("data", 1e3, "kb");
        add("data", 1e6, "mb");
        add("data", 1e9, "gb");
        add("data", 1e12, "tb");
        add("power", 1, "w watt watts");
        add("power", 1e3, "kw kilowatt kilowatts");
        add("power", 1e6, "mw megawatt megawatts");
        add("power", 1e9, "gw gigawatt gigawatts");
        add("usd", 1, "$ usd dollar dollars");
        add("eur", 1, "€ eur euro euros");
        add("gbp", 1, "£ gbp");
        add("yen", 1, "¥ jpy yen 円");
        add("chf", 1, "chf franken");
        add("pln", 1, "pln zł");
    }

    private static void add(String dimension, double factor, String names) {
        int from = 0;
        while (from < names.length()) {
            int space = names.indexOf(' ', from);
            int to = space < 0 ? names.length() : space;
            UNITS.put(names.substring(from, to), new Unit(dimension, factor));
            from = to + 1;
        }
    }

    boolean isMultiple() {
        return dimension.isEmpty();
    }

    /** The unit of a name in small letters; null for any other word. */
    static @Nullable Unit of(String name) {
        return UNITS.get(name);
    }
}
