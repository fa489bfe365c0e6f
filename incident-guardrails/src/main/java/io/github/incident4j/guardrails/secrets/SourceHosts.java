// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static io.github.incident4j.guardrails.secrets.KeyedRule.near;
import static io.github.incident4j.guardrails.secrets.TokenRule.checked;
import static io.github.incident4j.guardrails.secrets.TokenRule.token;

import java.util.List;

/** Credentials of source hosts, registries and build tools, by the documentation of each. */
final class SourceHosts {

    private SourceHosts() {}

    static List<SecretRule> rules() {
        return List.of(
                // GitHub, "About authentication to GitHub: GitHub's token formats".
                checked("github-personal-token", "ghp_{alnum 36}", Checksums::crc32),
                checked("github-oauth-token", "gho_{alnum 36}", Checksums::crc32),
                checked("github-user-to-server-token", "ghu_{alnum 36}", Checksums::crc32),
                checked("github-server-to-server-token", "ghs_{alnum 36}", Checksums::crc32),
                checked("github-refresh-token", "ghr_{alnum 36-76}", Checksums::crc32),
                token("github-installation-jwt", "ghs_{digit 3-12}_{url 20-500}.{url 20-1500}.{url 43-700}"),
                token("github-fine-grained-token", "github_pat_{alnum 22}_{alnum 59}"),
                // GitLab, "Token overview: token prefixes".
                token("gitlab-personal-token", "glpat-{url 20}"),
                token("gitlab-routable-personal-token", "glpat-{url 27-300}.{low 2}.{low 9}"),
                token("gitlab-deploy-token", "gldt-{url 20}"),
                token("gitlab-runner-token", "{glrt-|glrtr-}{dotted 20-60}"),
                token("gitlab-runner-registration-token", "GR1348941{url 20}"),
                token("gitlab-ci-job-token", "glcbt-{alnum 1-5}_{url 20}"),
                token("gitlab-trigger-token", "glptt-{alnum 40}"),
                token("gitlab-feed-token", "glft-{url 20-64}"),
                token("gitlab-incoming-mail-token", "glimt-{url 25}"),
                token("gitlab-agent-token", "glagent-{url 50}"),
                token("gitlab-oauth-secret", "gloas-{url 64}"),
                token("gitlab-scim-token", "glsoat-{url 20}"),
                token("gitlab-feature-flags-token", "glffct-{url 20}"),
                near("gitlab-session-cookie", "{hex 32}", "_gitlab_session"),
                // Atlassian, "Manage API tokens for your Atlassian account"; Bitbucket, "App passwords", "Repository
                // access tokens".
                token("bitbucket-app-password", "ATBB{alnum 32}"),
                token("bitbucket-access-token", "ATCTT3{urleq 80-800}"),
                // Atlassian, "HTTP access tokens" of Bitbucket Data Center.
                token("bitbucket-data-center-token", "BBDC-{base64 40-48}{pad 0-2}"),
                token("atlassian-api-token", "ATATT3{urleq 80-800}"),
                // The registries' own pages on tokens.
                checked("npm-access-token", "npm_{alnum 36}", Checksums::crc32),
                token("pypi-token", "pypi-AgEIcHlwaS5vcmc{url 50-1000}"),
                token("testpypi-token", "pypi-AgENdGVzdC5weXBpLm9yZw{url 50-1000}"),
                token("rubygems-api-key", "rubygems_{hex 48}"),
                token("nuget-api-key", "oy2{low 43}"),
                token("crates-io-token", "cio{alnum 32}"),
                token("docker-hub-personal-token", "dckr_pat_{url 27}"),
                token("docker-hub-organization-token", "dckr_oat_{url 27-40}"),
                token("clojars-deploy-token", "CLOJARS_{low 60}"),
                token("packagist-token", "packagist_{ort|out|urt|uut}_{hex 68}"),
                token("jfrog-api-key", "AKCp{alnum 60-74}"),
                token("jfrog-reference-token", "cmVmd{alnum 59}"),
                near("codecov-token", "{uuid}", "codecov"),
                token("sonarqube-token", "{squ_|sqp_|sqa_}{alnum 40}"),
                near("sonar-legacy-token", "{low 40}", "sonar"),
                // The pages of each tool on its tokens.
                token("terraform-cloud-token", "{alnum 14}.atlasv1.{url 60-70}"),
                token("pulumi-access-token", "pul-{hex 40}"),
                token("vault-service-token", "hvs.{url 90-200}"),
                token("vault-batch-token", "hvb.{url 130-300}"),
                token("vault-recovery-token", "hvr.{url 24-200}"),
                near("vault-legacy-token", "{s|b}.{alnum 24}", "vault"),
                token("doppler-personal-token", "dp.{pt|ct}.{alnum 43}"),
                token("doppler-service-token", "dp.{st|sa|scim|audit}.{dotted 40-64}"),
                token("onepassword-service-account-token", "ops_eyJ{base64 250-1500}{pad 0-2}"),
                token("onepassword-secret-key", "A3-{up 6}-{up 11}-{up 5}-{up 5}-{up 5}"),
                token("onepassword-long-secret-key", "A3-{up 6}-{up 6}-{up 5}-{up 5}-{up 5}-{up 5}"),
                token(
                        "onepassword-recovery-key",
                        "1PRK-{up 4}-{up 4}-{up 4}-{up 4}-{up 4}-{up 4}-{up 4}-{up 4}-{up 4}-{up 4}-{up 4}-{up 4}-{up 4}"),
                token("infisical-token", "st.{hex 24}.{hex 32}.{hex 32}"),
                token("circleci-token", "{CCIPAT|CCIPRJ}_{alnum 20-22}_{hex 40}"),
                near(
                        "circleci-legacy-token",
                        "{low 40}",
                        "circleci",
                        "circle_ci",
                        "circle-ci",
                        "circle_token",
                        "circle-token"),
                near("travis-ci-token", "{url 22}", "travis"),
                token("buildkite-token", "bkua_{hex 40}"),
                near("drone-token", "{alnum 32}", "drone"),
                token("harness-token", "{pat|sat}.{url 22}.{hex 24}.{alnum 20}"),
                token("octopus-deploy-api-key", "API-{up 26}"),
                near("snyk-token", "{uuid}", "snyk"),
                token("stackhawk-api-key", "hawk.{url 20}.{url 20}"),
                token("dependency-track-api-key", "odt_{alnum 32-48}"),
                token("docker-swarm-join-token", "SWMTKN-1-{low 50}-{low 25}"),
                token("deno-deploy-token", "{ddp_|ddo_}{alnum 36}"),
                token("snyk-user-token", "snyk_uat.{hex 8}.{url 100-1500}"),
                token("sourcegraph-token", "sgp_{local_|}{anyhex 40}"),
                token("sourcegraph-instance-token", "sgp_{anyhex 16}_{anyhex 40}"),
                token("sourcegraph-cody-token", "slk_{hex 64}"),
                token("infracost-api-key", "ico-{alnum 32}"),
                token("scalingo-token", "tk-us-{url 48}"),
                near("jenkins-api-token", "11{hex 32}", "jenkins"),
                near("jenkins-legacy-token-or-crumb", "{hex 32}", "jenkins"),
                token("teamcity-token", "eyJ0eXAiOiAiVENWMiJ9.{url 20-60}.{url 40-80}"),
                token("launchdarkly-key", "{sdk|api|mob}-{uuid}"),
                near("bitbucket-client-secret", "{url 64}", "bitbucket"),
                near("bitbucket-client-key", "{alnum 32}", "bitbucket"),
                near("codecov-legacy-token", "{alnum 32}", "codecov"),
                near("gitter-token", "{url 40}", "gitter"));
    }
}
