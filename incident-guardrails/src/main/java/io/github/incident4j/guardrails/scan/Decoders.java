// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encodings of whole texts. Each begins where nothing of its own signs stands before, so that a text is read once. */
final class Decoders {
    private static final int FEWEST = 16; // signs of an encoded text
    private static final int FULL_LINE = 60;
    private static final int FEWEST_CODES = 8; // codes with something between each two
    private static final String ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String DIGITS = "0123456789";
    private static final String HEX = "0123456789abcdefABCDEF";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String BETWEEN = " ,:;-\n";

    static final List<Decoder> ALL = List.of(
            new InBase64(),
            new InBase32(),
            new InHex(),
            new InCodes("binary", 8, 8, 2),
            new InCodes("decimal", 2, 3, 10),
            new InMorse());

    private Decoders() {}

    /**
     * RFC 4648, sections 4 and 5; of signs that are no whole text, the parts between slashes, hyphens and plus signs.
     */
    private record InBase64() implements Decoder {
        @Override
        public String rule() {
            return "base64";
        }

        @Override
        public String triggers() {
            return ALPHANUMERIC + "+/";
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            return run(view, at, c -> View.isWord(c) || c == '+' || c == '/' || c == '-' || c == '_', FULL_LINE);
        }

        @Override
        public @Nullable String decode(String lines) {
            String encoded = lines.replace("\n", "").replace("\r", "");
            String whole = decoded(encoded);
            if (whole != null) {
                return whole;
            }
            StringBuilder parts = new StringBuilder();
            int from = 0;
            for (int i = 0; i <= encoded.length(); i++) {
                if (i == encoded.length() || !View.isWord(encoded.charAt(i))) {
                    String part = i - from >= FEWEST && i - from < encoded.length()
                            ? decoded(encoded.substring(from, i))
                            : null;
                    if (part != null) {
                        parts.append(part).append('\n');
                    }
                    from = i + 1;
                }
            }
            return parts.length() == 0 ? null : parts.toString();
        }

        private static @Nullable String decoded(String encoded) {
            String signs = encoded.replace('-', '+').replace('_', '/');
            try {
                return text(Base64.getDecoder()
                        .decode(signs.substring(0, signs.length() - (signs.length() % 4 == 1 ? 1 : 0))));
            } catch (IllegalArgumentException e) {
                return null; // the last sign has bits that no encoder writes
            }
        }
    }

    /** RFC 4648, section 6. */
    private record InBase32() implements Decoder {
        @Override
        public String rule() {
            return "base32";
        }

        @Override
        public String triggers() {
            return BASE32;
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            Hit run = run(view, at, c -> BASE32.indexOf(c) >= 0);
            return run == null || view.isWordAt(run.to()) ? null : run;
        }

        @Override
        public @Nullable String decode(String encoded) {
            byte[] bytes = new byte[encoded.length() * 5 / 8];
            int bits = 0;
            int held = 0;
            int size = 0;
            for (int i = 0; i < encoded.length() && size < bytes.length; i++) {
                bits = bits << 5 | BASE32.indexOf(encoded.charAt(i));
                held += 5;
                if (held >= 8) {
                    held -= 8;
                    bytes[size++] = (byte) (bits >> held);
                }
            }
            return text(bytes);
        }
    }

    /** Pairs of hexadecimal digits (RFC 4648, section 8), in a row or with the same sign or 0x between each two. */
    private record InHex() implements Decoder {
        @Override
        public String rule() {
            return "hex";
        }

        @Override
        public String triggers() {
            return HEX;
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            Hit row = run(view, at, c -> HEX.indexOf(c) >= 0);
            if (row != null) {
                return view.isWordAt(row.to()) ? null : row;
            }
            return codes(view, at, 2, 2, HEX);
        }

        @Override
        public @Nullable String decode(String encoded) {
            StringBuilder digits = new StringBuilder(encoded.length());
            for (int i = 0; i < encoded.length(); i++) {
                if (HEX.indexOf(encoded.charAt(i)) >= 0) {
                    digits.append(encoded.charAt(i));
                } else if (encoded.charAt(i) == 'x') {
                    digits.setLength(digits.length() - 1);
                }
            }
            byte[] bytes = new byte[digits.length() / 2];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) Integer.parseInt(digits, 2 * i, 2 * i + 2, 16);
            }
            return text(bytes);
        }
    }

    /** Numbers of characters with the same sign between each two. */
    private record InCodes(String rule, int fewestDigits, int mostDigits, int radix) implements Decoder {
        @Override
        public String triggers() {
            return radix == 2 ? "01" : DIGITS;
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            return codes(view, at, fewestDigits, mostDigits, radix == 2 ? "01" : DIGITS);
        }

        @Override
        public @Nullable String decode(String encoded) {
            byte[] bytes = new byte[encoded.length()];
            int size = 0;
            int from = -1;
            for (int i = 0; i <= encoded.length(); i++) {
                boolean digit = i < encoded.length() && View.isDigit(encoded.charAt(i));
                if (digit && from < 0) {
                    from = i;
                } else if (!digit && from >= 0) {
                    int code = Integer.parseInt(encoded, from, i, radix);
                    if (code > 0xFF) {
                        return null;
                    }
                    bytes[size++] = (byte) code;
                    from = -1;
                }
            }
            return text(Arrays.copyOf(bytes, size));
        }
    }

    /** ITU-R M.1677-1; words apart by a slash, a bar or several spaces. */
    private record InMorse() implements Decoder {
        private static final String SIGNS = ".-/| ";
        private static final Map<String, Character> LETTERS = letters();

        private static Map<String, Character> letters() {
            String[] codes =
                    (".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
                                    + " ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.")
                            .split(" ", -1);
            Map<String, Character> letters = new HashMap<>();
            for (int i = 0; i < codes.length; i++) {
                letters.put(codes[i], (char) (i < 26 ? 'a' + i : '0' + i - 26));
            }
            return Map.copyOf(letters);
        }

        @Override
        public String rule() {
            return "morse";
        }

        @Override
        public String triggers() {
            return ".-";
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            if (SIGNS.indexOf(view.charAt(at - 1)) > 0 || view.charAt(at - 1) == '.') {
                return null;
            }
            int to = at;
            int gaps = 0;
            while (to - at < LONGEST && SIGNS.indexOf(view.charAt(to)) >= 0) {
                gaps += view.charAt(to) == ' ' ? 1 : 0;
                to++;
            }
            return gaps < FEWEST_CODES ? null : new Hit(at, to, 1, 1);
        }

        @Override
        public @Nullable String decode(String encoded) {
            StringBuilder text = new StringBuilder();
            for (String word : encoded.split("[/|]|  +", -1)) {
                for (String code : word.strip().split(" ", -1)) {
                    Character letter = LETTERS.get(code);
                    if (letter == null && !code.isEmpty()) {
                        return null;
                    }
                    text.append(letter == null ? "" : letter);
                }
                text.append(' ');
            }
            return text.toString();
        }
    }

    private interface Sign {
        boolean is(char c);
    }

    /** Enough signs in a row, of which none stands before. */
    private static @Nullable Hit run(View view, int at, Sign sign) {
        return run(view, at, sign, Integer.MAX_VALUE);
    }

    /** Enough signs in a row, or in lines of at least so many (RFC 2045, section 6.8), of which none stands before. */
    private static @Nullable Hit run(View view, int at, Sign sign, int fullLine) {
        if (sign.is(view.charAt(at - 1)) || goesOn(view, at, sign, fullLine)) {
            return null;
        }
        int to = at;
        int line = at;
        while (to - at < Decoder.LONGEST) {
            if (sign.is(view.charAt(to))) {
                to++;
                continue;
            }
            int next = view.charAt(to) == '\r' ? to + 1 : to;
            if (to - line < fullLine || view.charAt(next) != '\n' || !sign.is(view.charAt(next + 1))) {
                break;
            }
            line = next + 1;
            to = line;
        }
        return to - at < FEWEST ? null : new Hit(at, to, 1, 1);
    }

    /** Whether a line begins here that goes on with what stood in the full line before. */
    private static boolean goesOn(View view, int at, Sign sign, int fullLine) {
        if (fullLine == Integer.MAX_VALUE || view.charAt(at - 1) != '\n') {
            return false;
        }
        int end = view.charAt(at - 2) == '\r' ? at - 2 : at - 1;
        for (int i = 1; i <= fullLine; i++) {
            if (!sign.is(view.charAt(end - i))) {
                return false;
            }
        }
        return true;
    }

    /** Enough codes with the same sign between each two, of which none stands before. */
    private static @Nullable Hit codes(View view, int at, int fewestDigits, int mostDigits, String digits) {
        char before = view.charAt(at - 1);
        if (BETWEEN.indexOf(before) >= 0 && digits.indexOf(view.charAt(at - 2)) >= 0) {
            return null;
        }
        int to = at;
        int count = 0;
        char between = 0;
        while (to - at < Decoder.LONGEST) {
            int from = to;
            if (count > 0) {
                char c = view.charAt(from);
                if (BETWEEN.indexOf(c) < 0 || (between != 0 && c != between)) {
                    break;
                }
                between = c;
                from++;
            }
            from += digits.equals(HEX) && view.charAt(from) == '0' && view.charAt(from + 1) == 'x' ? 2 : 0;
            int end = from;
            while (end - from <= mostDigits && digits.indexOf(view.charAt(end)) >= 0) {
                end++;
            }
            if (end - from < fewestDigits || end - from > mostDigits || view.isWordAt(end)) {
                break;
            }
            count++;
            to = end;
        }
        return count < FEWEST_CODES ? null : new Hit(at, to, 1, 1);
    }

    /** The text in some bytes, as UTF-8 or as UTF-16 of the other systems; null when it does not look like one. */
    static @Nullable String text(byte[] bytes) {
        boolean wide = bytes.length >= 4 && bytes[1] == 0 && bytes[3] == 0;
        Charset charset = wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
        String text;
        try {
            text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            text = withoutLastCharacter(bytes, charset);
        }
        long odd = text.codePoints()
                .filter(c -> (Character.getType(c) == Character.CONTROL && !Character.isWhitespace(c))
                        || Character.getType(c) == Character.UNASSIGNED
                        || Character.getType(c) == Character.PRIVATE_USE)
                .count();
        return text.length() < 4 || odd * 10 > text.length() ? null : text;
    }

    /** What is decoded is cut off somewhere, perhaps in the middle of a character; empty when that is not it. */
    private static String withoutLastCharacter(byte[] bytes, Charset charset) {
        int end = bytes.length - 1;
        while (end > 0 && end > bytes.length - 4 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, Math.max(0, end)))
                    .toString();
        } catch (CharacterCodingException e) {
            return "";
        }
    }
}
