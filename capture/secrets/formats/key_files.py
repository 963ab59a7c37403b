"""Private keys that stand on one line. Those of several lines are `capture.secrets.blocks`."""

from capture.secrets.formats.format import Format, prefixed

KEY_FILES: tuple[Format, ...] = (
    prefixed(
        "age_secret_key", "AGE-SECRET-KEY-", r"[A-Z0-9-]{4,}", "https://age-encryption.org/v1"
    ),
    Format(
        "wireguard_private_key",
        r"\b(?:PrivateKey|PresharedKey)\s{0,3}=\s{0,3}[A-Za-z0-9+/]{6,}=?",
        ("PrivateKey", "PresharedKey"),
        "https://www.wireguard.com/quickstart/",
    ),
    Format(
        "nostr_private_key",
        r"(?<![A-Za-z0-9])nsec1[a-z0-9]{12,}",
        ("nsec1",),
        "https://github.com/nostr-protocol/nips/blob/master/19.md",
    ),
    Format(
        "bitcoin_private_key",
        r"(?<![A-Za-z0-9])(?:5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL][1-9A-HJ-NP-Za-km-z]{51}|[xyz]prv[1-9A-HJ-NP-Za-km-z]{50,})(?![A-Za-z0-9])",
        ("5H", "5J", "5K", "K", "L", "prv"),
        "https://en.bitcoin.it/wiki/Wallet_import_format",
    ),
    Format(
        "json_web_key",
        r"[\"'](?:d|p|q|dp|dq|qi|k)[\"']\s{0,3}:\s{0,3}[\"'][A-Za-z0-9_-]{20,}",
        ('"d"', '"k"', '"p"', '"q"', '"dp"', '"dq"', '"qi"', "'d'", "'k'"),
        "https://www.rfc-editor.org/rfc/rfc7517",
    ),
    Format(
        "ssh_key_body",
        r"(?<![A-Za-z0-9+/])b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/=]{4,}",
        ("b3BlbnNzaC1rZXktdjE",),
        "https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key",
    ),
)
