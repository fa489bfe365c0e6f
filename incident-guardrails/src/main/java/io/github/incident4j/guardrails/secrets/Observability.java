// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static io.github.incident4j.guardrails.secrets.KeyedRule.near;
import static io.github.incident4j.guardrails.secrets.TokenRule.token;

import java.util.List;

/** Credentials of services for observing, by the documentation of each. */
final class Observability {

    private Observability() {}

    static List<SecretRule> rules() {
        return List.of(
                // Datadog, "API and application keys"; New Relic, "API keys"; Grafana, "Service accounts", "Access
                // policies".
                near("datadog-api-key", "{low 32}", "datadog", "dd_api", "dd-api"),
                near("datadog-application-key", "{low 40}", "datadog", "dd_app", "dd-app"),
                token("new-relic-user-key", "NRAK-{alnum 27}"),
                token("new-relic-license-key", "{low 36}NRAL"),
                token("new-relic-browser-key", "NRJS-{hex 19}"),
                token("new-relic-insert-key", "NRII-{url 32}"),
                token("new-relic-query-key", "NRIQ-{url 32}"),
                token("new-relic-admin-key", "NRAA-{hex 27}"),
                token("new-relic-rest-key", "NRRA-{hex 42}"),
                token("pixie-key", "px-{api|dep}-{uuid}"),
                token("grafana-service-account-token", "glsa_{alnum 32}_{anyhex 8}"),
                token("grafana-cloud-token", "glc_{base64 32-400}{pad 0-2}"),
                // JSON of a key of 32 characters, its name and the number of the organisation, in base64.
                token("grafana-api-key", "eyJrIjoi{base64 44}LCJuIjoi{base64 8-300}{pad 0-2}"),
                near("grafana-api-key-by-name", "eyJrIjoi{base64 50-400}{pad 0-2}", "grafana"),
                // Sentry, "Auth tokens"; Dynatrace, "Access tokens: token format"; Splunk, "HTTP Event Collector"; and
                // so on.
                token("sentry-user-token", "sntryu_{hex 64}"),
                token("sentry-organization-token", "sntrys_{base64 40-600}{pad 0-2}_{base64 43}"),
                near("sentry-legacy-token", "{low 64}", "sentry"),
                token("dynatrace-token", "dt0{alpha}{digit 2}.{up 24}.{up 64}"),
                near("elastic-api-key", "{base64 56-64}{pad 0-2}", "elastic", "apikey"),
                near("splunk-hec-token", "{uuid}", "splunk", "hec_token", "hec-token"),
                near("pagerduty-api-key", "{url 20}", "pagerduty", "pager_duty", "pager-duty", "pd_api"),
                near("opsgenie-api-key", "{uuid}", "opsgenie", "geniekey"),
                token("honeycomb-ingest-key", "{hcaik_|hcbik_|hcxik_}{low 58}"),
                near("honeycomb-legacy-key", "{alnum 22}", "honeycomb"),
                near("honeycomb-classic-key", "{low 32}", "honeycomb"),
                near("rollbar-access-token", "{low 32}", "rollbar"),
                near("bugsnag-api-key", "{low 32}", "bugsnag"),
                near("uptimerobot-api-key", "u{digit 6-8}-{hex 24}", "uptimerobot", "uptime_robot", "uptime-robot"),
                token("checkly-api-key", "cu_{hex 32}"),
                near("sumologic-access-key", "{alnum 64}", "sumo"),
                near("sumologic-access-id", "su{alnum 12}", "sumologic", "sumo_", "sumo-", "sumo.", "sumo "),
                near("logdna-ingestion-key", "{low 32}", "logdna"),
                near("loggly-token", "{uuid}", "loggly"),
                token("posthog-personal-key", "phx_{url 43-50}"),
                token("axiom-token", "{xaat|xapt}-{uuid}"),
                token("segment-public-api-token", "sgp_{alnum 64}"),
                near("mixpanel-api-secret", "{low 32}", "mixpanel"),
                near("amplitude-api-key", "{low 32}", "amplitude"));
    }
}
