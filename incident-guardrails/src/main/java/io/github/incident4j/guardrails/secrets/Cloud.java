// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static io.github.incident4j.guardrails.secrets.KeyedRule.near;
import static io.github.incident4j.guardrails.secrets.TokenRule.token;

import java.util.List;

/** Credentials of clouds, by the documentation of each. */
final class Cloud {

    private Cloud() {}

    static List<SecretRule> rules() {
        return List.of(
                // AWS, "IAM identifiers: unique IDs"; keys of long term, of STS, of service bearers and
                // context-specific ones.
                token("aws-access-key-id", "{AKIA|ASIA|ABIA|ACCA}{up 16}"),
                near(
                        "aws-secret-access-key",
                        "{base64 40}",
                        "aws",
                        "secret_access_key",
                        "secretaccesskey",
                        "secret-access-key",
                        "secret access key",
                        "akia"),
                token("aws-session-token", "{IQoJ|FwoG|FQoG}{base64 96-2400}{pad 0-2}"),
                // AWS, "Amazon Bedrock API keys".
                token("aws-bedrock-long-term-key", "ABSK{base64 100-280}{pad 0-2}"),
                token("aws-bedrock-short-term-key", "bedrock-api-key-{base64 60-2400}{pad 0-2}"),
                token("aws-mws-token", "amzn.mws.{uuid}"),
                token("aws-appsync-api-key", "da2-{low 26}"),
                token("amazon-oauth-client-secret", "amzn1.oa2-cs.v1.{hex 64}"),
                // Google Cloud, "Authentication methods"; "Best practices for managing API keys".
                token("gcp-api-key", "AIza{url 35}"),
                token("google-oauth-client-secret", "GOCSPX-{url 28}"),
                token("google-oauth-access-token", "ya29.{dotted 30-1024}"),
                token("google-oauth-refresh-token", "1//0{url 40-120}"),
                near("gcp-service-account-key-id", "{hex 40}", "private_key_id"),
                near("google-recaptcha-secret", "6L{url 38}", "recaptcha", "captcha_secret"),
                token("firebase-server-key", "AAAA{url 7}:APA91b{url 134}"),
                // Microsoft, "Credential scanning: identifiable keys" and the documentation of each service.
                near(
                        "azure-storage-account-key",
                        "{base64 86}==",
                        "accountkey",
                        "account_key",
                        "account-key",
                        "storagekey",
                        "storage_key",
                        "storage-key",
                        "azure_storage",
                        "azure storage",
                        "azurestorage"),
                token("azure-storage-key", "{base64 76}+ASt{base64 6}=="),
                token("azure-cosmos-db-key", "{base64 76}ACDb{base64 6}=="),
                token("azure-batch-key", "{base64 76}+ABa{base64 6}=="),
                token("azure-service-bus-key", "{base64 33}+ASb{base64 6}="),
                token("azure-event-hub-key", "{base64 33}+AEh{base64 6}="),
                token("azure-iot-hub-key", "{base64 33}AIoT{base64 6}="),
                near(
                        "azure-shared-access-key",
                        "{base64 43}=",
                        "sharedaccesskey",
                        "shared_access_key",
                        "shared-access-key"),
                token("azure-container-registry-key", "{base64 42}+ACR{base64 6}"),
                token("azure-search-key", "{alnum 42}AzSe{alnum 6}"),
                token("azure-cache-key", "{alnum 33}AzCa{alnum 6}="),
                token("azure-function-key", "{url 44}AzFu{url 6}=="),
                token("azure-ai-services-key", "{alnum 52}JQQJ99{alnum 26}"),
                near(
                        "azure-openai-key",
                        "{low 32}",
                        "azure_openai",
                        "azure-openai",
                        "azure openai",
                        "azureopenai",
                        "openai.azure",
                        "cognitiveservices",
                        "ocp-apim-subscription-key"),
                token("azure-client-secret", "{azure 3}{0|1|2|3|4|5|6|7|8|9}Q~{azure 31-34}"),
                token("azure-devops-token", "{alnum 76}AZDO{alnum 4}"),
                near(
                        "azure-devops-legacy-token",
                        "{low 52}",
                        "azure devops",
                        "azure_devops",
                        "azuredevops",
                        "azdo",
                        "vsts",
                        "ado_pat",
                        "ado_token"),
                // DigitalOcean, "How to create a personal access token"; Spaces keys.
                token("digitalocean-personal-token", "dop_v1_{hex 64}"),
                token("digitalocean-oauth-token", "doo_v1_{hex 64}"),
                token("digitalocean-refresh-token", "dor_v1_{hex 64}"),
                token("digitalocean-spaces-key", "DO00{up 16}"),
                // Alibaba Cloud, "AccessKey pair"; Tencent Cloud, "Access key"; Yandex Cloud, "IAM token", "API key",
                // "OAuth token".
                token("alibaba-access-key-id", "LTAI{alnum 12-26}"),
                near(
                        "alibaba-access-key-secret",
                        "{alnum 30}",
                        "alibaba",
                        "aliyun",
                        "alicloud",
                        "accesskeysecret",
                        "access_key_secret",
                        "access-key-secret"),
                token("tencent-secret-id", "AKID{alnum 32}"),
                near("tencent-secret-key", "{alnum 32}", "tencent", "qcloud"),
                token("yandex-api-key", "AQVN{url 34-38}"),
                token("yandex-iam-token", "t1.{url 50-400}.{url 86}"),
                token("yandex-oauth-token", "y0_{url 50-70}"),
                near("ibm-cloud-api-key", "{url 44}", "ibm", "bluemix"),
                near("oracle-customer-secret-key", "{base64 43}=", "oci_", "oci-", "oracle"),
                // Cloudflare, "Token formats"; Origin CA keys.
                token("cloudflare-api-token", "{cfut_|cfat_}{alnum 41-48}"),
                token("cloudflare-global-api-key", "cfk_{alnum 41-48}"),
                near("cloudflare-legacy-api-token", "{url 40}", "cloudflare", "cf_api", "cf-api", "cf_token"),
                near("cloudflare-legacy-global-key", "{hex 37-45}", "cloudflare", "cf_api", "cf-api", "x-auth-key"),
                token("cloudflare-origin-ca-key", "v1.0-{hex 24-64}-{hex 128-146}"),
                // The hosts' own pages on API tokens.
                token("heroku-api-key", "HRKU-{url 36-64}"),
                near("heroku-legacy-api-key", "{uuid}", "heroku"),
                near("linode-token", "{low 64}", "linode"),
                near("vultr-api-key", "{up 36}", "vultr"),
                near("hetzner-api-token", "{alnum 64}", "hetzner", "hcloud"),
                token("flyio-access-token", "{fm1r_|fm1a_|fm2_}{base64 100-2400}{pad 0-3}"),
                token("flyio-legacy-token", "fo1_{url 43}"),
                token("vercel-token", "{vcp_|vci_|vca_|vcr_|vck_}{alnum 24-100}"),
                near("vercel-legacy-token", "{alnum 24}", "vercel"),
                token("netlify-token", "{nfp_|nfc_|nfo_|nfu_|nfb_}{alnum 36}"),
                near("netlify-legacy-token", "{url 40-46}", "netlify"),
                token("render-api-key", "rnd_{alnum 28-36}"),
                near("railway-token", "{uuid}", "railway"),
                token("scaleway-access-key", "SCW{up 17}"),
                near("scaleway-secret-key", "{uuid}", "scaleway", "scw_"),
                token("exoscale-api-key", "EXO{hex 24}"),
                token("upcloud-token", "ucat_{up 26}"),
                near("ovh-application-secret", "{alnum 32}", "ovh"),
                token("backblaze-application-key", "K00{digit}{base64 27}"),
                near("wasabi-secret-key", "{base64 40}", "wasabi"),
                near("clever-cloud-token", "{alnum 30-40}", "clever_cloud", "clevercloud", "clever-cloud"),
                near("yandex-static-secret", "YC{url 38}", "yandex", "yc_", "ycloud"));
    }
}
