// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for a model that declines, by the phrases with which models begin such an answer. */
final class Refusal {
    static final String NAME = "refusal";

    /** Who declines does so at once; later on the same words tell of others, or refuse a part only. */
    private static final int BEGINNING = 240;

    private static final TermSearch PHRASES = new TermSearch(phrases());

    private Refusal() {}

    static @Nullable Finding in(String text) {
        return PHRASES.firstIn(beginning(text)) == 0
                ? null
                : new Finding(NAME, NAME, "the text begins as one that declines to answer");
    }

    /** Ends with a whole word, so that none is taken for a shorter one. */
    private static CharSequence beginning(String text) {
        if (text.length() <= BEGINNING) {
            return text;
        }
        int end = BEGINNING;
        while (end > BEGINNING / 2 && !Characters.isWhiteSpace(text.charAt(end))) {
            end--;
        }
        return text.subSequence(0, end);
    }

    private static List<String> phrases() {
        List<String> phrases = new ArrayList<>();
        join(
                phrases,
                "i can't|i cannot|i can not|i'm unable to|i am unable to|i'm not able to|i am not able to|i won't"
                        + "|i will not|i'm not going to|i'm not comfortable with|we cannot|we can't|i must decline to",
                "help with|help you with|assist with|assist you with|assist in|assist you in|comply with"
                        + "|fulfill that|fulfill this|fulfill your|fulfil that|fulfil this|fulfil your|fulfill the|do that for you"
                        + "|answer that|answer this|respond to that|respond to this|engage in|engage with|participate in"
                        + "|support that|condone|provide that|provide this|provide you with that"
                        + "|provide instructions|provide information on|provide information about"
                        + "|provide information that|provide guidance|provide assistance|provide advice"
                        + "|provide medical|provide legal|provide financial|create content|generate content"
                        + "|write content|create that|generate that|write that|discuss that|discuss this|share that"
                        + "|complete this request|complete that request|process this request|continue with this"
                        + "|browse the internet|access real-time|helping with|assisting with|providing");
        join(
                phrases,
                "i'm sorry,|i am sorry,|sorry,|i apologize,|i apologise,|unfortunately,",
                "but i can't|but i cannot|but i'm unable|but i am unable|but i'm not able|but i am not able|but i won't"
                        + "|but i will not|but as an ai|i can't help|i cannot help|i can't assist|i cannot assist"
                        + "|as an ai");
        join(
                phrases,
                "as an ai|as an ai language model|as a language model|as a large language model|as an ai assistant"
                        + "|as an artificial intelligence",
                ", i can't|, i cannot|, i'm unable|, i am unable|, i'm not able|, i am not able|, i don't have"
                        + "|, i do not have|, i'm not programmed|i cannot|i can't|i do not have|i don't have");
        add(
                phrases,
                "i must decline|i have to decline|i respectfully decline|this request violates"
                        + "|that request violates|your request violates|against my guidelines|against my programming"
                        + "|i'm just an ai|i am just an ai|i'm only an ai");
        // German
        join(
                phrases,
                "ich kann|ich darf|ich werde",
                "dir dabei nicht helfen|ihnen dabei nicht helfen|dabei nicht helfen|dabei leider nicht helfen"
                        + "|dir damit nicht helfen|ihnen damit nicht helfen|damit nicht helfen|diese anfrage nicht"
                        + "|diese frage nicht beantworten|dir nicht weiterhelfen|ihnen nicht weiterhelfen"
                        + "|dir leider nicht|ihnen leider nicht|dazu keine|darüber keine|leider nicht weiterhelfen");
        add(
                phrases,
                "tut mir leid, aber ich kann|tut mir leid, ich kann|dabei kann ich nicht helfen"
                        + "|dabei kann ich leider nicht|dabei kann ich dir nicht|dabei kann ich ihnen nicht"
                        + "|leider kann ich dir dabei|leider kann ich ihnen dabei|leider kann ich dabei"
                        + "|leider kann ich diese anfrage|als ki kann ich|als ki-modell|als ki-sprachmodell"
                        + "|als sprachmodell kann ich|als sprachmodell habe ich|ich bin nicht in der lage, dir"
                        + "|ich bin nicht in der lage, ihnen|ich bin nicht in der lage, diese");
        // French
        add(
                phrases,
                "je ne peux pas vous aider|je ne peux pas t'aider|je ne peux pas répondre|je ne peux pas fournir"
                        + "|je ne peux pas satisfaire|je ne peux pas accéder à cette|je ne peux pas donner suite"
                        + "|je ne suis pas en mesure de|je suis désolé, mais je ne|je suis désolée, mais je ne"
                        + "|désolé, mais je ne peux|désolé, je ne peux|désolée, mais je ne peux|désolée, je ne peux"
                        + "|en tant qu'ia, je ne|en tant que modèle de langage"
                        + "|en tant qu'intelligence artificielle, je ne");
        // Spanish
        add(
                phrases,
                "no puedo ayudarte con|no puedo ayudarle con|no puedo ayudar con"
                        + "|no puedo responder a esa|no puedo responder a esta|no puedo proporcionar|no puedo cumplir con"
                        + "|no puedo brindar|no puedo asistir|lo siento, pero no puedo|lo siento, no puedo"
                        + "|no me es posible ayudar|no estoy en condiciones de|como modelo de lenguaje"
                        + "|como ia, no puedo|como inteligencia artificial, no");
        // Italian
        add(
                phrases,
                "non posso aiutarti|non posso aiutarla|non posso aiutare con|non posso fornire|non posso rispondere a"
                        + "|non posso soddisfare|mi dispiace, ma non posso|mi dispiace, non posso|non sono in grado di"
                        + "|come modello linguistico|in quanto modello linguistico|come ia, non posso"
                        + "|in quanto ia, non posso");
        // Portuguese
        add(
                phrases,
                "não posso ajudar com|não posso ajudá-lo|não posso ajudá-la|não posso te ajudar|não posso fornecer"
                        + "|não posso responder a|não posso atender|não consigo ajudar com|desculpe, mas não posso"
                        + "|desculpe, não posso|sinto muito, mas não posso|lamento, mas não posso"
                        + "|não estou em condições de|como modelo de linguagem|como um modelo de linguagem"
                        + "|como ia, não posso");
        // Dutch
        add(
                phrases,
                "ik kan je daar niet mee helpen|ik kan u daar niet mee helpen|ik kan je hier niet mee helpen"
                        + "|ik kan u hier niet mee helpen|ik kan je hierbij niet helpen|ik kan u hierbij niet helpen"
                        + "|daar kan ik niet mee helpen|daar kan ik je niet mee helpen|daar kan ik u niet mee helpen"
                        + "|ik kan niet voldoen aan|ik kan dit verzoek niet|ik kan deze vraag niet"
                        + "|sorry, maar ik kan|het spijt me, maar ik kan|het spijt me, ik kan|als ai kan ik"
                        + "|als taalmodel|als ai-taalmodel");
        // Polish
        add(
                phrases,
                "nie mogę pomóc w|nie mogę ci pomóc|nie mogę ci w tym pomóc|nie mogę w tym pomóc|nie mogę pomóc z"
                        + "|nie mogę spełnić|nie mogę odpowiedzieć na|nie mogę udzielić|nie mogę dostarczyć"
                        + "|przykro mi, ale nie mogę|przepraszam, ale nie mogę|niestety nie mogę pomóc"
                        + "|niestety, nie mogę|nie jestem w stanie pomóc|jako model językowy|jako ai nie mogę");
        // Chinese and Japanese have no spaces: each is found anywhere in the beginning.
        add(
                phrases,
                "我无法帮助|我无法协助|我无法提供|我无法回答|我无法满足|我不能帮助|我不能协助|我不能提供|我不能回答"
                        + "|抱歉，我无法|抱歉，我不能|对不起，我无法|对不起，我不能|抱歉，但我|作为一个ai|作为ai"
                        + "|作为一个人工智能|作为人工智能|作为一个语言模型|作为语言模型|我無法協助|我無法提供|我無法回答"
                        + "|抱歉，我無法");
        add(
                phrases,
                "お手伝いできません|お手伝いすることはできません|お答えできません|お答えすることはできません"
                        + "|応じることはできません|応じることができません|ご要望にはお応えできません|お応えできません"
                        + "|提供することはできません|申し訳ありませんが、その|申し訳ございませんが、その"
                        + "|申し訳ありませんが、お手伝い|言語モデルとして|aiとして");
        return phrases.stream().map(TermSearch::formOf).distinct().toList();
    }

    private static void join(List<String> phrases, String beginnings, String ends) {
        for (String beginning : parts(beginnings)) {
            for (String end : parts(ends)) {
                phrases.add(beginning + (end.startsWith(",") ? "" : " ") + end);
            }
        }
    }

    private static void add(List<String> phrases, String all) {
        phrases.addAll(parts(all));
    }

    private static List<String> parts(String joined) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int bar = joined.indexOf('|'); bar >= 0; bar = joined.indexOf('|', from)) {
            parts.add(joined.substring(from, bar));
            from = bar + 1;
        }
        parts.add(joined.substring(from));
        return parts;
    }
}
