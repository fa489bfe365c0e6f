// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import java.io.StringReader;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Passes well-formed XML 1.0 without a document type declaration, by the JDK's own StAX parser. */
final class XmlRail implements Guardrail<String> {
    static final String NAME = "xml";

    private static final int DEEPEST = 10_000;

    private final int maxLength;
    private final int maxDepth;

    private XmlRail(int maxLength, int maxDepth) {
        this.maxLength = maxLength;
        this.maxDepth = maxDepth;
    }

    static Guardrail<String> of(int maxLength, int maxDepth) {
        return new Faults(NAME)
                .when(maxLength < 1, "the limit of length " + maxLength + " must be at least 1")
                .when(
                        maxDepth < 1 || maxDepth > DEEPEST,
                        "the limit of depth " + maxDepth + " must be from 1 to " + DEEPEST)
                .or(NAME, () -> new XmlRail(maxLength, maxDepth));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict<String> check(@Nullable String text) {
        if (text == null) {
            return Verdict.block(new Finding(NAME, "missing-text", "there is no text that could be XML"));
        }
        if (text.length() > maxLength) {
            return Verdict.block(
                    new Finding(NAME, "too-long", "the text is longer than " + maxLength + " UTF-16 units"));
        }
        Finding finding = finding(text);
        return finding == null ? Verdict.pass() : Verdict.block(finding);
    }

    private @Nullable Finding finding(String text) {
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new StringReader(text));
            try {
                return finding(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            // The parser's message quotes the text.
            return finding("not-xml", "the text is not well-formed XML", e.getLocation());
        }
    }

    private @Nullable Finding finding(XMLStreamReader reader) throws XMLStreamException {
        int depth = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.DTD -> {
                    return finding("document-type", "a document type declaration ends", reader.getLocation());
                }
                case XMLStreamConstants.ENTITY_REFERENCE -> {
                    return finding("entity", "an entity that XML does not know ends", reader.getLocation());
                }
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > maxDepth) {
                        return finding(
                                "too-deep",
                                "the XML is nested deeper than " + maxDepth + " levels",
                                reader.getLocation());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                default -> {}
            }
        }
        return null;
    }

    private static Finding finding(String category, String why, @Nullable Location location) {
        String where = location == null || location.getLineNumber() < 1
                ? ""
                : " at line " + location.getLineNumber() + ", column " + location.getColumnNumber();
        return new Finding(NAME, category, why + where);
    }

    /**
     * One for each text: the specification promises no thread safety. Not one from the class path, whose limits differ.
     */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setXMLResolver((publicId, systemId, baseUri, namespace) -> {
            throw new XMLStreamException("nothing is fetched");
        });
        return factory;
    }
}
