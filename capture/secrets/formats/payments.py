"""Keys of payment services and shops."""

from capture.secrets.formats.format import Format, prefixed

PAYMENTS: tuple[Format, ...] = (
    prefixed(
        "stripe_key",
        "sk_live_ sk_test_ rk_live_ rk_test_ sk_org_",
        r"[A-Za-z0-9]{4,}",
        "https://docs.stripe.com/keys",
    ),
    prefixed(
        "stripe_webhook_secret",
        "whsec_",
        r"[A-Za-z0-9+/=]{6,}",
        "https://docs.stripe.com/webhooks/signature",
    ),
    prefixed(
        "square_token",
        "sq0atp- sq0csp- sq0idp- EAAAE EAAAl",
        r"[A-Za-z0-9_-]{12,}",
        "https://developer.squareup.com/docs/build-basics/access-tokens",
    ),
    Format(
        "braintree_token",
        r"access_token\$(?:production|sandbox)\$[0-9a-z]{8,}\$[0-9a-f]{4,}",
        ("access_token$",),
        "https://developer.paypal.com/braintree/docs/guides/authorization/overview",
    ),
    prefixed(
        "shopify_token",
        "shpat_ shpca_ shppa_ shpss_ shpua_ shpit_",
        r"[0-9a-fA-F]{4,}",
        "https://shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing",
    ),
    prefixed(
        "razorpay_key",
        "rzp_live_ rzp_test_",
        r"[A-Za-z0-9]{6,}",
        "https://razorpay.com/docs/payments/dashboard/account-settings/api-keys/",
    ),
    prefixed(
        "flutterwave_key",
        "FLWSECK- FLWSECK_TEST-",
        r"[A-Za-z0-9-]{6,}",
        "https://developer.flutterwave.com/docs/authentication",
    ),
    prefixed(
        "mollie_key",
        "live_ test_",
        r"(?=[A-Za-z]{0,20}[0-9])(?=[a-z0-9]{0,20}[A-Z])[A-Za-z0-9]{30,}",
        "https://docs.mollie.com/reference/authentication",
    ),
    prefixed(
        "adyen_key",
        "AQE",
        r"[A-Za-z0-9]{3,9}_?[A-Za-z0-9+/=._-]{30,}",
        "https://docs.adyen.com/development-resources/api-credentials/",
    ),
    prefixed(
        "paddle_key",
        "pdl_live_apikey_ pdl_sdbx_apikey_ pdl_ntfset_",
        r"[A-Za-z0-9_]{6,}",
        "https://developer.paddle.com/api-reference/about/api-keys",
    ),
    prefixed(
        "duffel_token",
        "duffel_live_ duffel_test_",
        r"[A-Za-z0-9_-]{6,}",
        "https://duffel.com/docs/api/overview/making-requests",
    ),
    prefixed(
        "easypost_key",
        "EZAK EZTK",
        r"[A-Za-z0-9]{24,}",
        "https://docs.easypost.com/docs/authentication",
    ),
    prefixed(
        "shippo_token",
        "shippo_live_ shippo_test_",
        r"[0-9a-f]{6,}",
        "https://docs.goshippo.com/docs/guides_general/authentication/",
    ),
    prefixed(
        "lob_key",
        "live_pub_ test_pub_",
        r"[0-9a-f]{12,}",
        "https://docs.lob.com/#tag/Authentication",
    ),
    Format(
        "paypal_token",
        r"A21AA[A-Za-z0-9_-]{20,}",
        ("A21AA",),
        "https://developer.paypal.com/api/rest/authentication/",
    ),
)
