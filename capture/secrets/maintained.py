"""Asks detect-secrets, whose detectors others maintain, about single lines.

Its detectors are used as plain functions from a text to what is suspicious in it: no settings, no
plug-in discovery, no baseline, and above all no verification, which would send what it found to
its vendor. The keyword and entropy detectors are left out, because they need to be told what kind
of file they look at and flag every third line when they are not; `assignments` and `tokens` stand
in for them. So are the one for npm, whose regex takes quadratic time and which `formats` covers,
and the one for public addresses, which are no secrets.

Importing it takes about 0.1 s, so that happens with the first line that is asked about.
"""

import functools
import importlib
from collections.abc import Iterator
from typing import Protocol

from capture.secrets.finding import Span

_DETECTORS = {
    "artifactory": "ArtifactoryDetector",
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "basic_auth": "BasicAuthDetector",
    "cloudant": "CloudantDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "ibm_cloud_iam": "IbmCloudIamDetector",
    "ibm_cos_hmac": "IbmCosHmacDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "openai": "OpenAIDetector",
    "private_key": "PrivateKeyDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "softlayer": "SoftlayerDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
    "twilio": "TwilioKeyDetector",
}


class _Detector(Protocol):
    def analyze_string(self, string: str) -> Iterator[str]: ...


@functools.cache
def _detectors() -> tuple[tuple[str, _Detector], ...]:
    return tuple(
        (name, getattr(importlib.import_module(f"detect_secrets.plugins.{name}"), noun)())
        for name, noun in _DETECTORS.items()
    )


def suspected(line: str) -> Iterator[Span]:
    """What detect-secrets suspects in a line."""
    for name, detector in _detectors():
        for secret in detector.analyze_string(line):
            start = line.find(secret) if secret else 0
            yield max(0, start), max(0, start) + len(secret) or len(line), f"detect_secrets_{name}"
