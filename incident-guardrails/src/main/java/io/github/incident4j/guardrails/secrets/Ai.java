// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static io.github.incident4j.guardrails.secrets.KeyedRule.near;
import static io.github.incident4j.guardrails.secrets.TokenRule.token;

import java.util.List;

/** Credentials of services for models, by the documentation of each. */
final class Ai {

    private Ai() {}

    static List<SecretRule> rules() {
        return List.of(
                // OpenAI, "API reference: authentication": keys of users, projects, service accounts and
                // administrators.
                token("openai-legacy-key", "sk-{alnum 20}T3BlbkFJ{alnum 20}"),
                token("openai-project-key", "sk-{proj|svcacct|admin|service|None}-{url 40-220}"),
                // Anthropic, "API overview: authentication".
                token("anthropic-api-key", "sk-ant-api{digit 2-4}-{url 80-120}"),
                token("anthropic-admin-key", "sk-ant-admin{digit 2-4}-{url 80-120}"),
                token("anthropic-oauth-token", "sk-ant-{oat|ort|sid}{digit 2}-{url 40-140}"),
                // The services' own pages on keys.
                token("openrouter-api-key", "sk-or-v1-{hex 64}"),
                token("deepseek-api-key", "sk-{hex 32}"),
                token("stability-or-moonshot-api-key", "sk-{alnum 48}"),
                token("helicone-api-key", "sk-helicone-{url 20-60}"),
                token("langfuse-secret-key", "sk-lf-{uuid}"),
                token("huggingface-token", "hf_{alnum 30-40}"),
                token("huggingface-organization-token", "api_org_{alnum 30-40}"),
                token("replicate-token", "r8_{alnum 37}"),
                token("groq-api-key", "gsk_{alnum 52}"),
                token("perplexity-api-key", "pplx-{alnum 40-64}"),
                near("cohere-api-key", "{alnum 40}", "cohere", "co_api_key"),
                near("mistral-api-key", "{alnum 32}", "mistral"),
                token("xai-api-key", "xai-{alnum 80}"),
                token("langsmith-personal-token", "lsv2_pt_{hex 32}_{hex 10}"),
                token("langsmith-service-key", "lsv2_sk_{hex 32}_{hex 10}"),
                token("langchain-legacy-key", "ls__{hex 32}"),
                token("pinecone-api-key", "pcsk_{alnum 5-6}_{alnum 60-66}"),
                near("pinecone-legacy-key", "{uuid}", "pinecone"),
                near(
                        "together-api-key",
                        "{low 64}",
                        "together_api",
                        "togetherai",
                        "together.ai",
                        "together_ai",
                        "together ai"),
                token("together-v1-api-key", "tgp_v1_{url 43}"),
                token("fireworks-api-key", "fw_{alnum 22-24}"),
                token("anyscale-api-key", "esecret_{low 24-40}"),
                token("cerebras-api-key", "csk-{low 48}"),
                token("nvidia-api-key", "nvapi-{url 60-70}"),
                token("voyage-api-key", "pa-{url 43}"),
                token("jina-api-key", "jina_{url 60}"),
                token("tavily-api-key", "tvly-{url 32-48}"),
                token("firecrawl-api-key", "fc-{hex 32}"),
                token("llamacloud-api-key", "llx-{alnum 48}"),
                near("wandb-api-key", "{low 40}", "wandb", "weights and biases", "weights_and_biases"),
                token("wandb-v1-api-key", "wandb_v1_{url 60-90}"),
                token("elevenlabs-api-key", "sk_{hex 48}"),
                near("elevenlabs-legacy-api-key", "{low 32}", "elevenlabs", "eleven_labs", "xi-api-key", "xi_api_key"),
                near("assemblyai-api-key", "{low 32}", "assemblyai", "assembly_ai", "assembly-ai"),
                near("deepgram-api-key", "{low 40}", "deepgram"),
                token("e2b-api-key", "e2b_{hex 40}"),
                token("runpod-api-key", "rpa_{alnum 40-60}"),
                near("serpapi-api-key", "{low 64}", "serpapi", "serp_api"),
                near("qdrant-api-key", "{url 42-54}", "qdrant"));
    }
}
