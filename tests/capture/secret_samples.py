"""Makes secrets that never opened anything, in the notations in which people write them down.

Each kind follows its vendor's description of the format (prefix, alphabet, length), not the
patterns under test. A sample is a few lines of a file around one secret; everything comes from a
seed, so a miss can be looked at again.
"""

import base64
import json
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
URLSAFE = ALNUM + "-_"
BASE64 = ALNUM + "+/"
HEX = "0123456789abcdef"

Draw = Callable[[random.Random], str]


def of(prefix: str, alphabet: str, size: int, suffix: str = "") -> Draw:
    return lambda dice: prefix + "".join(dice.choices(alphabet, k=size)) + suffix


def parts(*draws: Draw, between: str = "") -> Draw:
    return lambda dice: between.join(draw(dice) for draw in draws)


def one_of(*draws: Draw) -> Draw:
    return lambda dice: dice.choice(draws)(dice)


def uuid(dice: random.Random) -> str:
    return "-".join(of("", HEX, size)(dice) for size in (8, 4, 4, 4, 12))


def json_web_token(dice: random.Random) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    head = part({"alg": dice.choice(("HS256", "RS256", "ES256")), "typ": "JWT"})
    body = part({"sub": str(dice.randrange(10**9)), "iat": dice.randrange(10**9, 2 * 10**9)})
    return f"{head}.{body}.{of('', URLSAFE, 43)(dice)}"


def pem(label: str, size: int) -> Draw:
    def draw(dice: random.Random) -> str:
        body = base64.b64encode(dice.randbytes(size)).decode()
        rows = [body[start : start + 64] for start in range(0, len(body), 64)]
        return "\n".join((f"-----BEGIN {label}-----", *rows, f"-----END {label}-----"))

    return draw


STRUCTURED: dict[str, Draw] = {
    "aws access key id": of("AKIA", string.ascii_uppercase + "234567", 16),
    "aws temporary key id": of("ASIA", string.ascii_uppercase + "234567", 16),
    "azure connection string": of(
        "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=", BASE64, 86, "=="
    ),
    "azure service bus": of(
        "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=",
        BASE64,
        43,
        "=",
    ),
    "azure sas": lambda d: (
        "https://shop.blob.core.windows.net/a?sv=2022-11-02&sp=r&sig="
        + quote(base64.b64encode(d.randbytes(32)).decode(), safe="")
    ),
    "entra client secret": parts(of("", ALNUM, 3), of("8Q~", ALNUM + "_.-~", 34)),
    "azure devops token": parts(of("", ALNUM, 76), of("AZDO", ALNUM, 4)),
    "google api key": of("AIza", URLSAFE, 35),
    "google oauth secret": of("GOCSPX-", URLSAFE, 28),
    "google access token": of("ya29.", URLSAFE, 120),
    "google refresh token": of("1//0", URLSAFE, 95),
    "firebase server key": parts(of("AAAA", URLSAFE, 7), of("APA91b", URLSAFE, 134), between=":"),
    "digitalocean token": of("dop_v1_", HEX, 64),
    "heroku key": of("HRKU-AA", URLSAFE, 58),
    "alibaba key id": of("LTAI", ALNUM, 20),
    "supabase token": of("sbp_", HEX, 40),
    "netlify token": of("nfp_", ALNUM, 36),
    "databricks token": of("dapi", HEX, 32),
    "planetscale token": of("pscale_tkn_", URLSAFE, 43),
    "terraform cloud token": parts(of("", ALNUM, 14), of("atlasv1.", URLSAFE, 67), between="."),
    "vault token": of("hvs.", URLSAFE, 95),
    "pulumi token": of("pul-", HEX, 40),
    "doppler token": of("dp.pt.", ALNUM, 43),
    "tailscale key": parts(of("tskey-auth-", ALNUM, 16), of("", ALNUM, 32), between="-"),
    "github personal token": of("ghp_", ALNUM, 36),
    "github server token": of("ghs_", ALNUM, 36),
    "github fine-grained token": parts(
        of("github_pat_", ALNUM, 22), of("", ALNUM, 59), between="_"
    ),
    "gitlab token": of("glpat-", URLSAFE, 20),
    "gitlab runner token": of("glrt-", URLSAFE, 20),
    "bitbucket token": of("ATBB", ALNUM, 32),
    "atlassian token": of("ATATT3xFfGF0", URLSAFE, 171, "=1A2B3C4D"),
    "npm token": of("npm_", ALNUM, 36),
    "pypi token": of("pypi-AgEIcHlwaS5vcmc", URLSAFE, 150),
    "rubygems key": of("rubygems_", HEX, 48),
    "crates token": of("cio", ALNUM, 32),
    "nuget key": of("oy2", LOWER, 43),
    "docker token": of("dckr_pat_", URLSAFE, 27),
    "artifactory key": of("AKCp8", ALNUM, 68),
    "buildkite token": of("bkua_", LOWER, 40),
    "sonarqube token": of("squ_", HEX, 40),
    "postman key": parts(of("PMAK-", HEX, 24), of("", HEX, 34), between="-"),
    "slack bot token": parts(
        of("xoxb-", "123456789", 12), of("", "123456789", 12), of("", ALNUM, 24), between="-"
    ),
    "slack app token": parts(
        of("xapp-1-A", UPPER, 10), of("", "123456789", 13), of("", HEX, 64), between="-"
    ),
    "slack webhook": parts(
        of("https://hooks.slack.com/services/T", UPPER, 8),
        of("B", UPPER, 10),
        of("", ALNUM, 24),
        between="/",
    ),
    "discord bot token": parts(
        of("MT", ALNUM, 24), of("G", URLSAFE, 5), of("", URLSAFE, 38), between="."
    ),
    "discord webhook": parts(
        of("https://discord.com/api/webhooks/", "123456789", 18), of("", URLSAFE, 68), between="/"
    ),
    "telegram bot token": parts(of("", "123456789", 10), of("AA", URLSAFE, 33), between=":"),
    "twilio key": of("SK", HEX, 32),
    "sendgrid key": parts(of("SG.", URLSAFE, 22), of("", URLSAFE, 43), between="."),
    "mailgun key": of("key-", HEX, 32),
    "mailchimp key": of("", HEX, 32, "-us12"),
    "brevo key": parts(of("xkeysib-", HEX, 64), of("", ALNUM, 16), between="-"),
    "stripe live key": of("sk_live_", ALNUM, 24),
    "stripe restricted key": of("rk_test_", ALNUM, 99),
    "stripe webhook secret": of("whsec_", ALNUM, 32),
    "square token": of("sq0atp-", URLSAFE, 22),
    "braintree token": parts(
        of("access_token$production$", LOWER, 16), of("", HEX, 32), between="$"
    ),
    "shopify token": of("shpat_", HEX, 32),
    "razorpay key": of("rzp_live_", ALNUM, 14),
    "flutterwave key": of("FLWSECK-", HEX, 32, "-X"),
    "easypost key": of("EZAK", ALNUM, 54),
    "openai project key": of("sk-proj-", URLSAFE, 156),
    "openai legacy key": parts(of("sk-", ALNUM, 20), of("", ALNUM, 20), between="T3BlbkFJ"),
    "anthropic key": of("sk-ant-api03-", URLSAFE, 93, "AA"),
    "openrouter key": of("sk-or-v1-", HEX, 64),
    "hugging face token": of("hf_", string.ascii_letters, 34),
    "replicate token": of("r8_", ALNUM, 37),
    "groq key": of("gsk_", ALNUM, 52),
    "xai key": of("xai-", ALNUM, 80),
    "perplexity key": of("pplx-", ALNUM, 48),
    "nvidia key": of("nvapi-", URLSAFE, 64),
    "linear key": of("lin_api_", ALNUM, 40),
    "notion token": of("ntn_", ALNUM, 46),
    "airtable token": parts(of("pat", ALNUM, 14), of("", HEX, 64), between="."),
    "figma token": of("figd_", URLSAFE, 40),
    "grafana token": parts(of("glsa_", ALNUM, 32), of("", HEX, 8), between="_"),
    "new relic key": of("NRAK-", UPPER, 27),
    "sentry token": of("sntryu_", HEX, 64),
    "dynatrace token": parts(of("dt0c01.", UPPER, 24), of("", UPPER, 64), between="."),
    "json web token": json_web_token,
    "url with password": lambda d: (
        f"{d.choice(('postgresql', 'mysql', 'redis', 'amqp', 'mongodb+srv', 'https'))}://"
        f"{d.choice(('app', 'root', 'svc-mail', ''))}:{of('', ALNUM, 12)(d)}"
        "@db.example.com:5432/shop"
    ),
    "url with token": lambda d: f"https://{of('', ALNUM, 40)(d)}@git.example.com/shop/web.git",
    "age key": of("AGE-SECRET-KEY-1", "023456789ACDEFGHJKLMNPQRSTUVWXYZ", 58),
    "wireguard key": of("PrivateKey = ", BASE64, 43, "="),
    "rsa private key": pem("RSA PRIVATE KEY", 610),
    "pkcs8 private key": pem("PRIVATE KEY", 1217),
    "openssh private key": pem("OPENSSH PRIVATE KEY", 280),
    "ec private key": pem("EC PRIVATE KEY", 118),
    "pgp private key": pem("PGP PRIVATE KEY BLOCK", 500),
}
"""Keys that can be told by themselves."""

RANDOM_VALUES: dict[str, Draw] = {
    "hexadecimal 32": of("", HEX, 32),
    "hexadecimal 40": of("", HEX, 40),
    "hexadecimal 64": of("", HEX, 64),
    "alphanumeric 20": of("", ALNUM, 20),
    "alphanumeric 32": of("", ALNUM, 32),
    "alphanumeric 64": of("", ALNUM, 64),
    "lower-case 32": of("", LOWER, 32),
    "upper-case 24": of("", UPPER, 24),
    "base64 44": of("", BASE64, 43, "="),
    "base64 88": of("", BASE64, 86, "=="),
    "url-safe 43": of("", URLSAFE, 43),
    "uuid": uuid,
    "aws secret": of("", BASE64, 40),
}
"""Random values that only the name beside them gives away."""
_WORD_LIST = """
    summer winter dragon monkey shadow master sunshine princess football baseball
    welcome tiger silver orange purple cookie falcon hunter pepper ginger banana chelsea
    liverpool thunder diamond eagle galaxy rocket coffee python batman phoenix marine
    garden
"""
_SYMBOLS = "!@#$%&*?-_+=."


def _word(dice: random.Random) -> str:
    return dice.choice(_WORD_LIST.split())


HUMAN_VALUES: dict[str, Draw] = {
    "word and year": lambda d: f"{_word(d).title()}{d.randrange(1960, 2027)}",
    "word and symbol": lambda d: f"{_word(d).title()}{d.randrange(1, 999)}{d.choice('!@#$%&*?')}",
    "two words": lambda d: (
        f"{_word(d).title()}{d.choice(_SYMBOLS)}{_word(d).title()}{d.randrange(99)}"
    ),
    "written otherwise": lambda d: (
        _word(d).translate(str.maketrans("aeio", "4310")) + "#" + str(d.randrange(10, 99))
    ),
    "word and digits": lambda d: f"{_word(d)}{d.randrange(10, 9999)}",
    "mixed by hand": lambda d: (
        "".join(d.choices(ALNUM + "!@#%&*?", k=d.randrange(9, 15))) + str(d.randrange(10, 99))
    ),
}
"""Passwords as people choose them."""

PASSWORD_NAMES = (
    "password",
    "passwd",
    "db_password",
    "smtp_pass",
    "admin_pwd",
    "user_password",
    "passphrase",
)
KEY_NAMES = (
    "api_key",
    "token",
    "client_secret",
    "secret_key",
    "access_token",
    "auth_token",
    "apiKey",
    "signing_key",
)
NEUTRAL_NAMES = ("value", "setting", "x", "remote", "config_entry", "first_argument")


def _quoted(value: str) -> str:
    return json.dumps(value)


def _flat(value: str) -> str:
    """A value of several lines as it is written in one."""
    return value.replace("\n", "\\n")


def _cut(value: str) -> tuple[str, str]:
    middle = len(value) // 2
    return value[:middle], value[middle:]


def _split(name: str, value: str, template: str) -> str:
    first, second = _cut(_flat(value))
    return template.format(name=name, first=first, second=second)


CONTEXTS: dict[str, Callable[[str, str], str]] = {
    "python": lambda name, value: f"{name} = {_quoted(value)}",
    "python, single quotes": lambda name, value: f"    self.{name} = '{_flat(value)}'",
    "env file": lambda name, value: f"{name.upper()}={_flat(value)}",
    "json": lambda name, value: f"  {_quoted(name)}: {_quoted(value)},",
    "yaml": lambda name, value: f"  {name}: {_flat(value)}",
    "yaml, quoted": lambda name, value: f'  - {name}: "{_flat(value)}"',
    "toml": lambda name, value: f"{name} = {_quoted(value)}  # local",
    "ini": lambda name, value: f"{name} = {_flat(value)}",
    "keyword argument": lambda name, value: (
        f"client = connect(host, {name}={_quoted(value)}, timeout=3)"
    ),
    "call": lambda name, value: f"settings.set({_quoted(name)}, {_quoted(value)})",
    "comment": lambda name, value: f"# {name}: {_flat(value)}",
    "comment, slashes": lambda name, value: f"  // {name} = {_flat(value)}",
    "header": lambda name, value: f'headers["X-{name.title()}"] = {_quoted(value)}',
    "shell": lambda name, value: f"export {name.upper()}='{_flat(value)}'",
    "dockerfile": lambda name, value: f"ENV {name.upper()}={_flat(value)}",
    "command line": lambda name, value: (
        f"serve --{name.replace('_', '-')}={_flat(value)} --port 80"
    ),
    "url": lambda name, value: (
        f'get("https://api.example.com/v1?{name}={quote(_flat(value), safe="")}")'
        if value.isalnum()
        else f'get("https://api.example.com/v1?{name}={_flat(value)}")'
    ),
    "javascript": lambda name, value: f"const options = {{ {name}: '{_flat(value)}' }};",
    "go": lambda name, value: f"\t{name} := `{value}`",
    "diff": lambda name, value: f"+    {name} = {_quoted(value)}",
    "xml": lambda name, value: f"<{name}>{_flat(value)}</{name}>",
    "two strings": lambda name, value: _split(name, value, '{name} = "{first}" + "{second}"'),
    "two lines": lambda name, value: _split(
        name, value, '{name} = (\n    "{first}"\n    "{second}"\n)'
    ),
    "two lines, plus": lambda name, value: _split(
        name, value, "var {name} = '{first}' +\n    '{second}';"
    ),
    "continued": lambda name, value: _split(name, value, 'export {name}="{first}\\\n{second}"'),
    "value below its name": lambda name, value: f'  "{name}":\n    {_quoted(value)},',
}

_BEFORE = ("import os\n\n", "def main() -> None:\n", "[section]\n", "# settings\n")
_AFTER = ("\nprint(1)\n", "\n", "\nreturn result", "\nhost = 'localhost'\n")


@dataclass(frozen=True)
class Sample:
    """A text with one secret. `promise` is the class whose recall it counts for."""

    promise: str
    kind: str
    context: str
    secret: str
    text: str


def _classes() -> tuple[tuple[str, dict[str, Draw], tuple[str, ...]], ...]:
    return (
        ("structured", STRUCTURED, NEUTRAL_NAMES),
        ("random", RANDOM_VALUES, KEY_NAMES + PASSWORD_NAMES),
        ("human", HUMAN_VALUES, PASSWORD_NAMES),
    )


def samples(count: int, seed: int) -> Iterator[Sample]:
    """About `count` samples, the same for the same seed; every kind in turn, in every context."""
    dice = random.Random(seed)
    kinds = [
        (promise, kind, draw, names)
        for promise, table, names in _classes()
        for kind, draw in table.items()
    ]
    contexts = list(CONTEXTS.items())
    for index in range(count):
        promise, kind, draw, names = kinds[index % len(kinds)]
        context, write = contexts[(index // len(kinds) + index) % len(contexts)]
        secret = draw(dice)
        written = write(dice.choice(names), secret)
        yield Sample(
            promise, kind, context, secret, dice.choice(_BEFORE) + written + dice.choice(_AFTER)
        )
