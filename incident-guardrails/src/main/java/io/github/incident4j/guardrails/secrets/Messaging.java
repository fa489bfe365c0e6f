// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static io.github.incident4j.guardrails.secrets.KeyedRule.near;
import static io.github.incident4j.guardrails.secrets.TokenRule.token;

import java.util.List;

/** Credentials of services for messages and mail, by the documentation of each. */
final class Messaging {

    private Messaging() {}

    static List<SecretRule> rules() {
        return List.of(
                // Slack, "Tokens", "Incoming webhooks".
                token("slack-bot-token", "xoxb-{alnum 6-14}-{url 16-64}"),
                token("slack-user-token", "{xoxp|xoxe}-{digit 6-14}-{digit 6-14}-{url 24-64}"),
                token("slack-legacy-token", "{xoxo|xoxs|xoxr|xoxa|xoxc|xoxd}-{url 24-160}"),
                token("slack-workspace-token", "{xoxa|xoxr}-2-{digit 6-14}-{digit 6-14}-{digit 6-14}-{hex 16-64}"),
                token("slack-configuration-token", "xoxe.{xoxp|xoxb}-1-{alnum 140-240}"),
                token("slack-refresh-token", "xoxe-1-{alnum 120-240}"),
                token("slack-app-token", "xapp-{digit}-{up 9-13}-{digit 9-14}-{alnum 50-70}"),
                token("slack-webhook", "hooks.slack.com/{services|workflows|triggers}/{path 40-90}"),
                // Discord, "Reference: authentication", "Webhook resource".
                token(
                        "discord-bot-token",
                        "{MT|Mj|Mz|ND|NT|Nj|Nz|OD|OT}{A|E|I|M|Q|U|Y|c|g|k}{url 20-25}.{url 6}.{url 27-38}"),
                near("discord-client-secret", "{url 32}", "discord"),
                token("discord-webhook", "discord{app|}.com/api/webhooks/{digit 17-20}/{url 60-72}"),
                // Microsoft Teams, "Create an incoming webhook"; Google Chat, "Build a webhook"; Zapier, "Webhooks".
                token(
                        "teams-webhook",
                        "{webhook.office.com/webhookb2|outlook.office.com/webhook|outlook.office365.com/webhook}"
                                + "/{uuid}@{uuid}/{alnum 4-40}/{hex 32}/{uuid}"),
                token(
                        "google-chat-webhook",
                        "chat.googleapis.com/v1/spaces/{url 8-20}/messages?key={url 30-60}&token={url 30-80}"),
                token("dingtalk-webhook", "oapi.dingtalk.com/robot/send?access_token={hex 64}"),
                token("feishu-webhook", "{open.feishu.cn|open.larksuite.com}/open-apis/bot/v2/hook/{uuid}"),
                token("wecom-webhook", "qyapi.weixin.qq.com/cgi-bin/webhook/send?key={uuid}"),
                token("zapier-webhook", "hooks.zapier.com/hooks/catch/{digit 5-10}/{alnum 6-12}"),
                // Telegram, "Bot API: authorizing your bot".
                token("telegram-bot-token", "{digit 8-10}:AA{url 32-33}"),
                // Twilio, "API keys", "Auth token"; SendGrid, "API keys"; Mailgun, "API authentication"; and so on.
                token("twilio-api-key", "SK{hex 32}"),
                near("twilio-auth-token", "{low 32}", "twilio"),
                near("twilio-api-key-secret", "{alnum 32}", "twilio"),
                token("sendgrid-api-key", "SG.{dotted 66}"),
                token("mailgun-api-key", "key-{hex 32}"),
                near("mailgun-sending-key", "{hex 32}-{hex 8}-{hex 8}", "mailgun"),
                token("mailchimp-api-key", "{hex 32}-us{digit 1-2}"),
                token("mandrill-api-key", "md-{url 22}"),
                near("postmark-server-token", "{uuid}", "postmark"),
                near("sparkpost-api-key", "{low 40}", "sparkpost"),
                token("brevo-api-key", "xkeysib-{hex 64}-{alnum 16}"),
                token("brevo-smtp-key", "xsmtpsib-{hex 64}-{alnum 16}"),
                token("resend-api-key", "re_{alnum 8}_{alnum 22-28}"),
                token("mailersend-token", "mlsn.{hex 64}"),
                near("mailjet-key", "{low 32}", "mailjet"),
                near("messagebird-api-key", "{alnum 25}", "messagebird", "message-bird", "message_bird"),
                near("vonage-api-secret", "{alnum 16}", "vonage", "nexmo"),
                near("sendbird-api-token", "{low 40}", "sendbird"),
                token("intercom-access-token", "dG9rO{base64 50-60}{pad 0-2}"),
                token("courier-api-key", "pk_{prod|test}_{up 28}"),
                near("mattermost-token", "{low 26}", "mattermost"),
                near("zendesk-api-token", "{alnum 40}", "zendesk"),
                near("line-channel-secret", "{low 32}", "line_channel", "line-channel", "linechannel"),
                near("telegram-bot-token-by-name", "{digit 5-16}:A{url 34}", "telegr"),
                near("intercom-api-key", "{url 60}", "intercom"),
                near("messagebird-client-id", "{uuid}", "messagebird", "message-bird", "message_bird"));
    }
}
