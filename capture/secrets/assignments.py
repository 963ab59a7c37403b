"""Finds values to which a name like `password` or `api_key` is given, in any notation.

A name announces, a value decides. After a password's name anything that a person would choose is
one; after a token's name only what looks random is. Values without quotes are harder, because in
code a name stands there: what could be an expression is not taken for a secret.

The value is judged by its shape, so passwords of letters alone are found in quotes and in the
notations of configuration files, but not as bare words of a program or in prose.
"""

import re
from collections.abc import Iterator

from capture.secrets.finding import Span
from capture.secrets.randomness import is_random

_PASSWORDS = (
    r"passw(?:or)?ds?|passphrase|passcode|passwort|contrase(?:n|ñ)a|mot[_-]?de[_-]?passe"
    r"|(?<![a-z])pwd|(?<![a-z])pass(?![a-z])|_pass(?![a-z])|userpass|dbpass|(?<![a-z])pw(?![a-z])"
    r"|(?<![a-z])psk(?![a-z])|secret"
)
_TOKENS = (
    r"token|api[_.-]?key|apikey|auth[_.-]?key|access[_.-]?key|account[_.-]?key|private[_.-]?key"
    r"|secret[_.-]?key|signing[_.-]?key|encryption[_.-]?key|master[_.-]?key|service[_.-]?key"
    r"|client[_.-]?key|license[_.-]?key|shared[_.-]?key|session[_.-]?(?:id|key)|[_-]key(?![a-z])"
    r"|credentials?|authorization|bearer|(?<![a-z])auth(?![a-z])|cookie|webhook|(?<![a-z])salt"
    r"|(?<![a-z])pat(?![a-z])|hmac|access[_.-]?id|client[_.-]?id|app[_.-]?id|(?<![a-z])key(?![a-z])"
)
ANCHORS = (
    *("pass", "pwd", "secret", "contrase", "mot", "pw", "psk", "token", "key", "credential"),
    *("auth", "bearer", "session", "cookie", "webhook", "salt", "pat", "hmac", "_id", "-id", "id"),
)
"""Lower-case text of which every announced secret has some."""

_NAME = re.compile(
    rf"(?:(?P<password>{_PASSWORDS})|(?P<token>{_TOKENS}))(?P<rest>[\w.-]{{0,40}})",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"(?:\\?[\"'`]|\[\d{0,5}\]|\]|\)|\*\*){0,3}"
    r"(?P<sign>\s{0,24}(?:\?|:\s?[\w\[\], .|?<>]{1,40}\s)?"
    r"(?::=|=>|->|={1,3}|!={1,2}|:|,|\(|>|~)\s{0,24}"
    r"|\s{1,8}(?:is|to|be)?:?\s{0,8}(?=\S))"
    r"(?:new\s|String\(|\[|\()?"
    r"(?:[rbfuRBFUL@&]{1,2}(?=[\"'`\\]))?"
    r"(?:\\?\"(?P<double>[^\"\n]{0,256})|\\?'(?P<single>[^'\n]{0,256})|`(?P<back>[^`\n]{0,256})"
    r"|(?P<bare>[^\s\"'`,;<]{4,256}))"
)
_ENVIRONMENT = re.compile(
    r"^[-+ \t#]{0,40}(?:(?:export|set|env|arg|setx|run|declare|\$env:|-e|--env)\s{0,4})?"
    r"[A-Za-z_$][\w.:-]{0,80}=$|\s--?[A-Za-z][\w-]{0,80}=$",
    re.IGNORECASE,
)
_CONFIGURATION = re.compile(r"^[-+ \t#;/*]{0,60}[\"']?[\w.-]{1,80}[\"']?\s{0,24}[:=]\s{0,24}$")
_COMMENT = re.compile(r"\s{0,60}(?:#|//|--|;|\*|/\*|<!--|rem\b)", re.IGNORECASE)
_NOT_A_VALUE = re.compile(
    r"\$\{|\$\(|\$[A-Za-z_]|\{\{|<[A-Za-z_ -]{0,40}>?|%[(sdr{%]|\{[\w.!:]*\}"
    r"|(?:x{3,}|\*{2,}|\.{2,}|-{3,}|_{2,}|#{2,})"
    r"|(?:none|null|nil|true|false|undefined|void|empty|string|str|bytes|int|integer|number|bool"
    r"|boolean|text|object|any|unknown|never|self|required|optional|hidden|redacted|masked|removed"
    r"|todo|tbd|n/a|yes|no|varchar|char|secretstr|float|type|value|default|function|lambda|class)\b"
    r"(?![\w!@#$%^&*-])",
    re.IGNORECASE,
)
_NAMED_LIKE_IT = re.compile(r"pass|secret|token|key|pwd|auth|login|credential|user", re.IGNORECASE)
_NAME_OR_WORD = re.compile(r"[A-Za-z_][A-Za-z_.:/-]*[:?.…]{0,3}")
_IDENTIFIER = re.compile(r"[A-Za-z_$@]\w*(?:(?:\.|::|->|/)[A-Za-z_]\w*)*[\[\]?*]{0,2}|[A-Za-z_]+!")
_EXPRESSION = re.compile(r"[()\[\]{}<>|]|::|->|=>|==|&&|\w\.[A-Za-z_]\w*\.|^[\d.,:]+$")
_ARGUMENT = re.compile(r"[`*]{0,2}[A-Za-z_]\w*=")
_SYMBOL = re.compile(r"[^\w\s.:/-]")


def announced(line: str) -> Iterator[Span]:
    """The values in a line that a name announces as secrets."""
    for name in _NAME.finditer(line):
        value = _GIVEN.match(line, name.end())
        if value is None:
            continue
        group = value.lastgroup or ""
        if _is_secret(line, name, value, value[group]):
            kind = "announced_password" if name["password"] else "announced_token"
            yield value.start(group), value.end(group), kind


def _is_secret(line: str, name: re.Match[str], given: re.Match[str], value: str) -> bool:
    if len(value) < 4 or _NOT_A_VALUE.match(value):
        return False
    quoted = given["bare"] is None
    weak = name["password"] is None
    sign = given["sign"].strip()
    if weak:
        return _is_token(value.strip(), quoted)
    if quoted:
        return _is_quoted_password(value, sign)
    if sign == ">" and line.startswith("</", given.end("bare")):
        return _is_quoted_password(value, "=")  # all of an element of XML
    return _is_bare_password(line[: given.start("bare")], value, sign)


def _is_token(value: str, quoted: bool) -> bool:
    """Only what looks random; a name of a program's own may hold some digits too."""
    value = value if quoted else value.rstrip(").]}")
    if quoted and " " in value:
        value = value.rsplit(" ", 1)[-1]  # `Bearer abc…`
    if not quoted and (_EXPRESSION.search(value) or ("_" in value and value.islower())):
        return False
    return is_random(value)


def _is_quoted_password(value: str, sign: str) -> bool:
    if " " in value.strip():
        return sign in ("=", ":", ":=", "=>") and _is_phrase(value)
    if _NAME_OR_WORD.fullmatch(value):
        return sign in ("=", ":", ":=", "=>", "==", "===") and _is_word_password(value)
    looks_like_a_place = value.startswith(("/", "./", "http:", "https:", "--", "\\"))
    return is_random(value) or not looks_like_a_place


def _is_word_password(value: str) -> bool:
    """Letters alone: what is named like a field or a message is not one."""
    return value.isalpha() and len(value) >= 5 and not _NAMED_LIKE_IT.search(value)


def _is_phrase(value: str) -> bool:
    """Several words that are no sentence: a passphrase."""
    words = value.split()
    return (
        4 <= len(words) <= 8
        and all(word.isalpha() and word.islower() for word in words)
        and not _NAMED_LIKE_IT.search(value)
    )


def _is_bare_password(before: str, value: str, sign: str) -> bool:
    if _ENVIRONMENT.search(before):
        return value[0] not in "([{<|" and not value.isdigit() and "(" not in value
    if _EXPRESSION.search(value) or (sign not in ("=", ":") and _ARGUMENT.match(value)):
        return False
    if _IDENTIFIER.fullmatch(value):
        digits = sum(map(str.isdigit, value))
        if sign == ":" and _CONFIGURATION.match(before) and value.isalpha() and value.islower():
            return len(value) >= 6 and not _NAMED_LIKE_IT.search(value)
        least_digits = 1 if _COMMENT.match(before) else 2  # code in a comment assigns little
        chosen = digits >= least_digits and len(value) >= 6 and "." not in value
        return chosen or (digits > 0 and is_random(value))
    return any(map(str.isalpha, value)) and (
        bool(_SYMBOL.search(value)) or sum(map(str.isdigit, value)) >= 2
    )
