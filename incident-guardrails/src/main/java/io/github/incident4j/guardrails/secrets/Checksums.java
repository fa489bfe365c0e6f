// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** The checksums that issuers publish. */
final class Checksums {
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 6;

    private Checksums() {}

    /**
     * The last six characters are the CRC-32 of those before them in base 62: The GitHub Blog, "Behind GitHub's new
     * authentication token formats", 2021; npm's tokens do the same.
     */
    static boolean crc32(String body) {
        int end = body.length() - LENGTH;
        return end > 0 && body.substring(end).equals(crc32Of(body.substring(0, end)));
    }

    static String crc32Of(String drawn) {
        CRC32 crc = new CRC32();
        crc.update(drawn.getBytes(StandardCharsets.US_ASCII));
        long rest = crc.getValue();
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            digits.append(BASE62.charAt((int) (rest % 62)));
            rest /= 62;
        }
        return digits.reverse().toString();
    }
}
