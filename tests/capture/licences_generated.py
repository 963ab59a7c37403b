"""Licence files as they are found, and as somebody might doctor them; from the texts that
`identify` carries."""

import re
import textwrap
from collections.abc import Iterator

from identify.vendor.licenses import LICENSES

from capture.licences import is_open

KNOWN = dict(LICENSES)
OPEN = sorted(spdx for spdx in KNOWN if is_open(spdx))

RESTRICTIONS = (
    "Commercial use is not permitted.",
    "For evaluation only.",
    "You may not use this to train models.",
    "The Software shall be used for Good, not Evil.",
    '"Commons Clause" License Condition v1.0: the right to Sell the Software is not granted.',
    "All rights reserved. Unauthorized copying of this file is strictly prohibited.",
    "This is proprietary and confidential.",
    "A fee is due after thirty days.",
    "Use by the military is excluded.",
    "Free for students.",
    "The licence ends with the subscription.",
    "Ask first.",
    "Redistribution needs our approval.",
    "Only ACME Corp. and its customers.",
)


def filled(text: str, holder: str = "Ada Lovelace and the Engine's Authors") -> str:
    """A text with its placeholders filled in."""
    named = re.sub(r"\[(?:fullname|name of copyright owner)\]|<copyright holders>", holder, text)
    return re.sub(r"\[(?:year|yyyy)\]|<year>", "2019-2026", named)


def clean(spdx: str) -> Iterator[str]:
    """Copies of a licence as people make them."""
    text = filled(KNOWN[spdx])
    yield KNOWN[spdx]
    yield text
    yield text.replace("\n", "\r\n")
    yield f"\ufeff{text}"
    yield text.rstrip() + "\n\n\n"
    yield textwrap.indent(text, "   ")
    yield from (rewrapped(text, width) for width in (60, 72, 100, 10_000))
    yield filled(KNOWN[spdx], "Jürgen Müller <j@example.org> (https://example.org)")
    yield text.replace("http://", "https://")


def doctored(spdx: str) -> Iterator[str]:
    """Texts that look like a licence and are not it."""
    text = filled(KNOWN[spdx])
    lines = text.splitlines()
    for restriction in RESTRICTIONS:
        yield f"{restriction}\n\n{text}"
        yield f"{text}\n{restriction}\n"
        middle = len(lines) // 2
        yield "\n".join([*lines[:middle], restriction, *lines[middle:]])
        added = rf"\1. {restriction}"
        edited, count = re.subn(r"(?m)^(\W*Copyright \W*(?:c\) )?\d.*)$", added, text)
        if count:
            yield edited
    for kept in (0.1, 0.3, 0.5, 0.7, 0.9, 0.97):
        yield text[: int(len(text) * kept)]
    for kept in (0.1, 0.3, 0.5, 0.7):  # less would only cut the copyright line, which may go
        yield text[int(len(text) * (1 - kept)) :]


def rewrapped(text: str, width: int) -> str:
    """The same words in lines of another width; the statement of copyright stays alone."""
    paragraphs = re.split(r"\n\s*\n", text)
    return "\n\n".join(
        textwrap.fill(" ".join(paragraph.split()), width, break_long_words=False)
        for paragraph in paragraphs
    )
