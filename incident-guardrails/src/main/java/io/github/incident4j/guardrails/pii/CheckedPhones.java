// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Telephone numbers that libphonenumber holds valid. The only class that knows this library; it is optional. */
final class CheckedPhones {

    private CheckedPhones() {}

    static Recogniser of(String... regions) {
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        for (String region : regions) {
            if (!numbers.getSupportedRegions().contains(region)) {
                return new Unavailable(
                        Phones.RULE,
                        "personal data: libphonenumber knows no region \"" + region
                                + "\"; name regions by two capitals, such as \"DE\"");
            }
        }
        List<String> copy = List.of(regions);
        return new Anchored(Phones.RULE, Phones.TRIGGERS, true, Phones.CONTEXT, (view, at) -> {
                    Hit hit = Phones.find(view, at);
                    return hit != null && isValid(numbers, text(view, hit), copy)
                            ? new Hit(hit.from(), hit.to(), Math.max(0.6, hit.confidence()), 0.95)
                            : null;
                })
                .withAgainst(Pii.OF_THINGS);
    }

    private static boolean isValid(PhoneNumberUtil numbers, String text, List<String> regions) {
        if (text.startsWith("+") || text.startsWith("(+")) {
            return isValid(numbers, text, (String) null);
        }
        boolean international = text.startsWith("00") && isValid(numbers, "+" + text.substring(2), (String) null);
        return international || regions.stream().anyMatch(region -> isValid(numbers, text, region));
    }

    private static boolean isValid(PhoneNumberUtil numbers, String text, @Nullable String region) {
        try {
            return numbers.isValidNumber(numbers.parse(text, region));
        } catch (NumberParseException e) {
            return false;
        }
    }

    private static String text(View view, Hit hit) {
        StringBuilder text = new StringBuilder(hit.to() - hit.from());
        for (int i = hit.from(); i < hit.to(); i++) {
            text.append(view.charAt(i));
        }
        return text.toString();
    }
}
