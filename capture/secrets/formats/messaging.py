"""Tokens of chats, mail senders and social networks."""

from capture.secrets.formats.format import Format, prefixed

_SLACK = "https://docs.slack.dev/authentication/tokens"

MESSAGING: tuple[Format, ...] = (
    prefixed(
        "slack_token",
        "xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp-",
        r"[A-Za-z0-9%/+=.-]{6,}",
        _SLACK,
    ),
    Format(
        "slack_webhook",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{8,}",
        ("hooks.slack.com/",),
        "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
    ),
    Format(
        "discord_bot_token",
        r"(?<![A-Za-z0-9_-])[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{8,}",
        (".",),
        "https://discord.com/developers/docs/reference#authentication",
    ),
    Format(
        "discord_webhook",
        r"discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{10,}/[A-Za-z0-9_-]{6,}",
        ("/webhooks/",),
        "https://discord.com/developers/docs/resources/webhook",
    ),
    Format(
        "telegram_bot_token",
        r"(?<![A-Za-z0-9])\d{8,10}:AA[A-Za-z0-9_-]{12,}",
        (":AA",),
        "https://core.telegram.org/bots/api#authorizing-your-bot",
    ),
    Format(
        "teams_webhook",
        r"[a-z0-9-]{1,40}\.webhook\.office\.com/webhookb2/[A-Za-z0-9@/-]{16,}",
        (".webhook.office.com/",),
        "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook",
    ),
    Format(
        "twilio_key",
        r"(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}(?![A-Za-z0-9])",
        ("SK", "AC"),
        "https://www.twilio.com/docs/glossary/what-is-a-sid",
    ),
    Format(
        "sendgrid_key",
        r"(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{12,}(?:\.[A-Za-z0-9_-]*)?",
        ("SG.",),
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
    ),
    Format(
        "mailgun_key",
        r"(?<![A-Za-z0-9-])(?:key-[0-9a-f]{16,}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})",
        ("-",),
        "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt",
    ),
    Format(
        "mailchimp_key",
        r"(?<![A-Za-z0-9])[0-9a-f]{32}-us[0-9]{1,2}",
        ("-us",),
        "https://mailchimp.com/developer/marketing/guides/quick-start/",
    ),
    prefixed(
        "brevo_key",
        "xkeysib- xsmtpsib-",
        r"[0-9a-f]{4,}",
        "https://developers.brevo.com/docs/getting-started",
    ),
    prefixed(
        "resend_key",
        "re_",
        r"(?=[A-Za-z_]{0,12}[0-9])(?=[a-z0-9_]{0,20}[A-Z])[A-Za-z0-9]{7,9}_[A-Za-z0-9]{12,}",
        "https://resend.com/docs/dashboard/api-keys/introduction",
    ),
    prefixed(
        "facebook_token",
        "EAAC EAAG EAAD EAAB EAAJ EAAM EAAZ",
        r"[A-Za-z0-9]{24,}",
        "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/",
    ),
    prefixed(
        "instagram_token",
        "IGQV IGAA",
        r"[A-Za-z0-9_-]{24,}",
        "https://developers.facebook.com/docs/instagram-platform/reference/access_token",
    ),
    prefixed(
        "x_bearer_token",
        "AAAAAAAAAAAAAAAAAAAAA",
        r"[A-Za-z0-9%]{20,}",
        "https://docs.x.com/fundamentals/authentication/oauth-2-0/bearer-tokens",
    ),
    prefixed(
        "zoho_token",
        "1000.",
        r"[0-9a-f]{32}\.[0-9a-f]{32}",
        "https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html",
    ),
)
