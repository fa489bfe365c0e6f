// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static io.github.incident4j.guardrails.secrets.KeyedRule.near;
import static io.github.incident4j.guardrails.secrets.TokenRule.token;

import java.util.List;

/** Credentials of services for payment and trade, by the documentation of each. */
final class Payments {

    private Payments() {}

    static List<SecretRule> rules() {
        return List.of(
                // Stripe, "API keys", "Webhook signatures"; Paystack and WorkOS use the same prefixes.
                token("stripe-secret-key", "sk_{live|test}_{alnum 16-247}"),
                token("stripe-restricted-key", "rk_{live|test}_{alnum 16-247}"),
                token("stripe-webhook-secret", "whsec_{base64 30-72}{pad 0-2}"),
                // Square, "Access tokens"; PayPal and Braintree, "Access tokens"; Shopify, "About access tokens".
                token("square-access-token", "EAAA{url 60}"),
                token("square-legacy-access-token", "sq0atp-{url 22}"),
                token("square-oauth-secret", "sq0csp-{url 43}"),
                token("braintree-access-token", "access_token${production|sandbox}${low 16}${hex 32}"),
                near("paypal-client-secret", "E{url 79}", "paypal"),
                token("shopify-access-token", "shpat_{anyhex 32}"),
                token("shopify-custom-app-token", "shpca_{anyhex 32}"),
                token("shopify-private-app-token", "shppa_{anyhex 32}"),
                token("shopify-shared-secret", "shpss_{anyhex 32}"),
                // The services' own pages on keys.
                token("plaid-access-token", "access-{sandbox|development|production}-{uuid}"),
                near("plaid-secret", "{low 30}", "plaid"),
                token("adyen-api-key", "AQE{lower}hmf{base64 60-300}{pad 0-2}"),
                token("razorpay-key-id", "rzp_{live|test}_{alnum 14}"),
                near("razorpay-key-secret", "{alnum 24}", "razorpay"),
                token("flutterwave-secret-key", "FLWSECK{_TEST|}-{anyhex 32}-X"),
                token("flutterwave-encryption-key", "FLWSECK_TEST{-|}{alnum 12}"),
                near("coinbase-access-token", "{url 64}", "coinbase"),
                near("mollie-api-key", "{live|test}_{alnum 30}", "mollie"),
                near("gocardless-token", "{live|sandbox}_{url 40}", "gocardless"),
                token("checkout-com-secret-key", "sk_{uuid}"),
                token("checkout-com-test-secret-key", "sk_test_{uuid}"),
                token("paddle-api-key", "pdl_{live|sdbx}_apikey_{low 26}_{alnum 22}_{alnum 3}"),
                token("xendit-secret-key", "xnd_{production|development}_{alnum 40-80}"),
                token("midtrans-server-key", "Mid-server-{url 24}"),
                token("mercado-pago-token", "{APP_USR|TEST}-{digit 14-16}-{digit 6}-{hex 32}-{digit 7-10}"),
                token("klarna-api-key", "klarna_{live|test}_api_{base64 30-120}{pad 0-2}"),
                near("wise-api-token", "{uuid}", "transferwise", "wise_api", "wise-api"),
                near("kraken-api-secret", "{base64 80-90}{pad 0-2}", "kraken"),
                near("binance-api-secret", "{alnum 64}", "binance"),
                near("kucoin-api-secret", "{uuid}", "kucoin"),
                near("bitfinex-api-secret", "{alnum 43}", "bitfinex"),
                token("easypost-api-key", "{EZAK|EZTK}{alnum 54}"),
                token("shippo-token", "shippo_{live|test}_{hex 40}"),
                token("duffel-token", "duffel_{live|test}_{url 43}"),
                token("lob-api-key", "{live|test}_{hex 35}"),
                token("lob-publishable-key", "{live|test}_pub_{hex 31}"),
                near("bittrex-key", "{low 32}", "bittrex"));
    }
}
