// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static io.github.incident4j.guardrails.secrets.KeyedRule.near;
import static io.github.incident4j.guardrails.secrets.TokenRule.token;

import java.util.List;

/** Credentials of other services, by the documentation of each. */
final class Services {

    private Services() {}

    static List<SecretRule> rules() {
        return List.of(
                // The services' own pages on tokens and keys.
                token("notion-token", "ntn_{alnum 43-50}"),
                token("notion-legacy-token", "secret_{alnum 43}"),
                token("linear-api-key", "lin_api_{alnum 40}"),
                token("linear-oauth-token", "lin_oauth_{hex 64}"),
                token("figma-personal-token", "figd_{url 38-46}"),
                token("airtable-personal-token", "pat{alnum 14}.{hex 64}"),
                near("airtable-legacy-key", "key{alnum 14}", "airtable"),
                near("asana-personal-token", "{digit}/{digit 12-17}{/|:}{urlcolon 32-60}", "asana"),
                token("dropbox-access-token", "sl.{url 120-1400}"),
                near("dropbox-app-secret", "{low 15}", "dropbox"),
                // Meta, "Access tokens guide"; X, "OAuth 2.0 bearer token"; LinkedIn, "Authenticating".
                token("facebook-access-token", "EAA{alnum 60-400}"),
                near("facebook-app-secret", "{hex 32}", "facebook", "fb_app", "fb-app", "fb_secret"),
                near("facebook-app-token", "{digit 13-17}|{url 27}", "facebook", "fb_app", "access_token"),
                token("twitter-bearer-token", "AAAAAAAAAAAAAAAAAAAA{pct 50-220}"),
                near("twitter-api-secret", "{alnum 50}", "twitter", "x_api"),
                near("twitter-api-key", "{alnum 25}", "twitter"),
                near("twitter-access-token", "{digit 15-20}-{alnum 40}", "twitter", "access_token"),
                near("twitter-access-secret", "{alnum 45}", "twitter", "access_token_secret"),
                near("linkedin-client-secret", "{alnum 16}", "linkedin"),
                token("linkedin-v2-client-secret", "WPL_AP1.{alnum 16}.{base64 6}=="),
                token("instagram-access-token", "IGQV{alnum 60-300}"),
                // HubSpot, "Private apps"; Okta, "API token management"; Auth0, "Client secret"; and so on.
                token("hubspot-private-app-token", "pat-{na|eu|ap}{digit}-{uuid}"),
                near("hubspot-legacy-key", "{uuid}", "hubspot", "hapikey"),
                near("okta-api-token", "00{url 40}", "okta", "ssws"),
                near("auth0-client-secret", "{url 64}", "auth0"),
                token("postman-api-key", "PMAK-{hex 24}-{hex 34}"),
                token("postman-collection-key", "PMAT-{up 26}"),
                token("typeform-token", "tfp_{dotted 40-64}"),
                token("databricks-token", "dapi{hex 32}"),
                token("databricks-oauth-secret", "dose{hex 32}"),
                token("planetscale-token", "pscale_tkn_{dotted 32-64}"),
                token("planetscale-password", "pscale_pw_{dotted 32-64}"),
                token("planetscale-oauth-token", "pscale_oauth_{dotted 32-64}"),
                token("supabase-personal-token", "sbp_{hex 40}"),
                token("supabase-secret-key", "sb_secret_{url 31-50}"),
                token("neon-api-key", "napi_{low 60-70}"),
                near("mongodb-atlas-key", "{uuid}", "atlas"),
                token("mongodb-atlas-service-secret", "mdb_sa_sk_{url 40}"),
                near("confluent-api-secret", "{base64 64}", "confluent"),
                token("confluent-v2-api-secret", "cflt{base64 60}"),
                near("algolia-admin-key", "{hex 32}", "algolia"),
                token("contentful-personal-token", "CFPAT-{url 43}"),
                near("contentful-delivery-token", "{url 43}", "contentful"),
                token("frameio-token", "fio-u-{url 64}"),
                token("mapbox-secret-token", "sk.eyJ{url 60-120}.{url 22}"),
                token("adobe-client-secret", "p8e-{url 32}"),
                token("prefect-api-key", "{pnu_|pnb_}{low 36}"),
                token("readme-api-key", "rdme_{low 70}"),
                token("tailscale-key", "tskey-{auth|api|client|scim|webhook}-{alnum 10-24}-{alnum 20-40}"),
                near("ngrok-token", "2{alnum 26}_{alnum 21}", "ngrok"),
                near("ngrok-legacy-token", "{alnum 20-22}_{alnum 20-22}", "ngrok"),
                token("clickhouse-cloud-secret", "4b1d{alnum 38}"),
                near("alchemy-api-key", "{url 32}", "alchemy"),
                near("infura-api-key", "{hex 32}", "infura"),
                near("etherscan-api-key", "{up 34}", "etherscan"),
                token("salesforce-access-token", "00D{alnum 12-15}!{dotted 80-140}"),
                token("salesforce-refresh-token", "5Aep861{dotted 60-110}"),
                token("clickup-token", "pk_{digit 6-10}_{up 32}"),
                token("trello-token", "ATTA{alnum 72}"),
                near("trello-legacy-key", "{hex 32}", "trello"),
                near("monday-legacy-token", "{hex 32}", "monday_api", "monday-api", "monday.com"),
                near("fastly-api-token", "{url 32}", "fastly"),
                token("rapidapi-key", "{hex 10}msh{hex 15}p1{hex 6}jsn{hex 12}"),
                token("maxmind-license-key", "{word 36}_mmk"),
                near("shodan-api-key", "{alnum 32}", "shodan"),
                near("virustotal-api-key", "{hex 64}", "virustotal", "virus_total", "x-apikey"),
                near("openweather-api-key", "{hex 32}", "openweather", "open_weather"),
                near("abuseipdb-api-key", "{hex 80}", "abuseipdb"),
                near("ipinfo-token", "{hex 14}", "ipinfo"),
                near("twitch-client-secret", "{low 30}", "twitch"),
                near("spotify-client-secret", "{hex 32}", "spotify"),
                token("lichess-token", "{lip_|lio_}{alnum 20-30}"),
                near("beamer-api-key", "b_{url 44}", "beamer"),
                near("pipedrive-api-token", "{hex 40}", "pipedrive"),
                near("freshdesk-api-key", "{alnum 20}", "freshdesk"),
                near("webflow-token", "{hex 64}", "webflow"),
                token("stytch-secret", "secret-{live|test}-{url 36}{pad}"),
                token("ory-token", "{ory_at_|ory_pat_|ory_rt_}{url 32-100}"),
                near("squarespace-access-token", "{uuid}", "squarespace"),
                near("jira-legacy-token", "{alnum 24}", "jira", "atlassian", "confluence"),
                near("bitly-access-token", "{hex 40}", "bitly"),
                near("calendly-or-signed-webhook-key", "{url 43}", "calendly"),
                near("yelp-api-key", "{url 128}", "yelp"));
    }
}
