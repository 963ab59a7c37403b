"""Which licence a text is, and whether it is that licence and nothing else.

`identify` names the licence: it compares the text with those it carries and takes the nearest,
within a distance of 5 % of the letters. That is a good guess and a poor proof: "not for commercial
use" fits into 5 % of MIT. So the words are compared once more. They may differ from the known text
only where copies of a licence do differ: the title and the copyright lines above it, the names of
holders, articles and numbering. Anything else that was added or cut makes the text one that
nobody recognises. Restricting words are not accepted anywhere, not even in a name.
"""

import functools
import os
import re
from collections.abc import Iterator, Sequence

from identify.identify import license_id
from identify.vendor.licenses import LICENSES
from rapidfuzz.distance import Levenshtein

_KNOWN = dict(LICENSES)
_APACHE = "Apache-2.0"
_LAST_WORDS_OF_APACHE = re.compile(
    r"accepting\s+any\s+such\s+warranty\s+or\s+additional\s+liability\."
    r"(?:\s+END OF TERMS AND CONDITIONS)?"
)
_NOTICE_OF_APACHE = re.compile(r"Licensed under the Apache License.*under the License\.", re.DOTALL)

_COPYRIGHT = re.compile(
    r"^\W*(?:copyright\W+(?:\(c\)|©|\d{4}|\[|<|\{)|\(c\)\s+(?:\d{4}|\[)|©).*$"
    r"(?:\n\W*all rights reserved\W*$)?",
    re.IGNORECASE | re.MULTILINE,
)
_WORD = re.compile(r"\w+")
_SPELLINGS = {"https": "http", "don": "do", "t": "not", "licence": "license"}
_MAX_TITLE_WORDS = 60
_MAX_NAME_WORDS = 12


def _vocabulary(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HOLDERS = _vocabulary(
    """
    copyright holder holders contributor contributors author authors owner owners name names
    organization company regents yyyy year fullname
    """
)
_TITLES = _vocabulary(
    """
    the a mit bsd isc 0bsd zlib upl apache license licence version universal permissive new
    simplified revised modified original free public domain zero clause 0 1 2 3 4 january 2004
    http https www apache org licenses appendix how to
    """
)
_LITTLE = _vocabulary(
    """
    a an the and or of its this that s by as is are be in to their his her including next
    paragraph following b c i ii iii iv 1 2 3 4 5 6 7 8 9
    """
)
_RESTRICTING = _vocabulary(
    """
    not no non none never neither nor cannot noncommercial noncommercially commercial
    commercially evaluation evaluate internally academically educational personally privately
    proprietary confidential confidentiality secret reserved restricted restriction restrictions
    prohibited prohibit forbidden except exception exceptions unless without only solely
    exclusively subject exclude excluded excluding excludes shall must may should addition
    additional additionally further furthermore however but terms term commons provided
    condition conditions clause use uses using usage purpose purposes sell selling sale resale
    fee fees royalty royalties payment paid purchase trial expires expire expired revoke revoked
    revocable terminate terminated consent approval permission authorization authorized
    unauthorized written agreement agreements nda evil training train trained compete competing
    competitor competitors saas copyleft gpl agpl lgpl gnu sspl busl eula dual dually otherwise
    """
)


@functools.lru_cache(maxsize=256)
def recognised(text: str) -> str | None:
    """The SPDX id of the licence that `text` is, or None. Takes some ms, once per text."""
    if _is_copy(text, _apache_notice()):
        return _APACHE
    for whole in dict.fromkeys((text, _with_appendix(text))):
        found = _identified(whole)
        if found and _is_copy(whole, _KNOWN[found]):
            return found
    return None


def _identified(text: str) -> str | None:
    """What `identify` says. It passes over every line that begins with "copyright", also where a
    text was merely wrapped there, so what it does not know as it stands is asked again in one line.
    """
    return _piped(text) or _piped(" ".join(_COPYRIGHT.sub(" ", text).split()))


def _piped(text: str) -> str | None:
    """`identify` reads files by name, and a pipe stands in for one: so it sees the very text that
    was read and hashed, and nothing is written to a disk.
    """
    reader, writer = os.pipe()
    try:
        os.set_blocking(writer, False)
        return license_id(f"/dev/fd/{reader}") if _fill(writer, text) else None
    finally:
        os.close(reader)


def _fill(pipe: int, text: str) -> bool:
    """Whether all of the text went into the pipe, which is closed. Longer ones are no licences."""
    content = text.encode("utf-8", "replace")
    try:
        return os.write(pipe, content) == len(content)
    except BlockingIOError:
        return False
    finally:
        os.close(pipe)


def _with_appendix(text: str) -> str:
    """Apache-2.0's appendix only shows how to apply it, and many copies leave it out."""
    ours, theirs = (_LAST_WORDS_OF_APACHE.search(known) for known in (text, _KNOWN[_APACHE]))
    if ours is None or theirs is None or text[ours.end() :].strip():
        return text
    return text[: ours.start()] + _KNOWN[_APACHE][theirs.start() :]


@functools.cache
def _apache_notice() -> str:
    """The short form that Apache-2.0 tells to attach, which some use as the licence's file."""
    found = _NOTICE_OF_APACHE.search(_KNOWN[_APACHE])
    assert found is not None
    return found[0]


def _is_copy(text: str, known: str) -> bool:
    """Whether `text` says what `known` says: every difference is one that copies have."""
    ours, theirs = _words(_COPYRIGHT.sub(" ", text)), _words(_COPYRIGHT.sub(" ", known))
    if abs(len(ours) - len(theirs)) > _MAX_TITLE_WORDS + len(theirs) // 5:
        return False
    return not _restricts(text) and all(
        _is_usual(added, gone, at_start=at_start)
        for added, gone, at_start in _differences(ours, theirs)
    )


def _restricts(text: str) -> bool:
    """Whether a copyright line says more than who and when. The usual words are no restriction."""
    lines = " ".join(_COPYRIGHT.findall(text))
    usual = re.sub(r"all\s+rights\s+reserved", " ", lines, flags=re.IGNORECASE)
    return not _RESTRICTING.isdisjoint(_words(usual))


def _is_usual(added: Sequence[str], gone: Sequence[str], *, at_start: bool) -> bool:
    if not _RESTRICTING.isdisjoint(set(added) - _TITLES if at_start else added):
        return False
    if at_start:
        return len(added) <= _MAX_TITLE_WORDS and _TITLES.issuperset(gone)
    if not (_HOLDERS | _LITTLE).issuperset(gone):
        return False
    named = len(added) <= _MAX_NAME_WORDS and not _HOLDERS.isdisjoint(gone)
    return named or (_HOLDERS | _LITTLE).issuperset(added)


def _differences(
    ours: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str], bool]]:
    """Between the words that agree: what was added, what is gone, and if only titles precede."""
    added_from, gone_from = 0, 0
    matches = Levenshtein.opcodes(ours, theirs).as_matching_blocks()
    for match in matches:  # the last is empty and stands at both ends
        added, gone = ours[added_from : match.a], theirs[gone_from : match.b]
        if added or gone:
            yield added, gone, _TITLES.issuperset(theirs[:gone_from])
        added_from, gone_from = match.a + match.size, match.b + match.size


def _words(text: str) -> list[str]:
    return [_SPELLINGS.get(word, word) for word in _WORD.findall(text.casefold())]
