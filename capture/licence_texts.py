"""Which licence a text is, and whether it is that licence and nothing else.

The texts are those that `identify` carries, from choosealicense.com. Its own comparison takes the
nearest text within 5 % of the letters, which is a good guess and a poor proof: "not for commercial
use" fits into 5 % of MIT. So texts are compared here by their words. They may differ only where
copies of a licence do differ: the title and the copyright lines above it, the names of holders,
articles and numbering. Anything else that was added or cut makes the text one that nobody
recognises. Restricting words are not accepted anywhere, not even in a copyright line.
"""

import functools
import re
from collections.abc import Iterator, Sequence

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
    r"^\W*(?:copyright\W+(?:\(c\)|©|\d{4}|\[|<|\{|(?-i:[A-Z][a-z]))|\(c\)\s+(?:\d{4}|\[)|©).*$"
    r"(?:\n\W*all rights reserved\W*$)?",
    re.IGNORECASE | re.MULTILINE,
)
_RESERVED = re.compile(r"all\s+rights\s+reserved\.?", re.IGNORECASE)
_SENTENCE = re.compile(r"(\w\w+)[.;:!]\s+[^\W\d_]")
_WORD = re.compile(r"\w+")
_SPELLINGS = {"https": "http", "don": "do", "t": "not", "licence": "license"}
_MAX_MORE_WORDS = 60
_MAX_NAME_WORDS = 12


def _vocabulary(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ABBREVIATIONS = _vocabulary(
    "inc ltd llc co corp gmbh bv dr mr ms mrs st jr sr prof univ copyright"
)
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
_PREFACE = _vocabulary(
    """
    all authors below code contributors copyright developers file full holders library licensed
    package program project released repository reproduced reserved rights see software source
    text under
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
    student students teachers nonprofit production government
    """
)


@functools.lru_cache(maxsize=256)
def recognised(text: str) -> str | None:
    """The SPDX id of the licence that `text` is, or None. Takes some ms, once per text."""
    if _is_copy(text, _apache_notice()):
        return _APACHE
    for spdx, known in _KNOWN.items():
        if _is_copy(_with_appendix(text) if spdx == _APACHE else text, known):
            return spdx
    return None


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
    if text == known:
        return True
    ours, theirs = _body(text), _body(known)
    if abs(len(ours) - len(theirs)) > _MAX_MORE_WORDS:
        return False
    return not _restricts(text) and all(
        _is_usual(added, gone, at_start=at_start)
        for added, gone, at_start in _differences(ours, theirs)
    )


def _restricts(text: str) -> bool:
    """Whether a copyright line says more than who and when: a sentence, or a restricting word."""
    for line in _COPYRIGHT.findall(text):
        stated = _RESERVED.sub(" ", line)
        before_stops = {word.casefold() for word in _SENTENCE.findall(stated)}
        if before_stops - _ABBREVIATIONS or not _RESTRICTING.isdisjoint(_words(stated)):
            return True
    return False


def _is_usual(added: Sequence[str], gone: Sequence[str], *, at_start: bool) -> bool:
    if at_start:
        return (_TITLES | _LITTLE | _PREFACE).issuperset(added) and _TITLES.issuperset(gone)
    if not _RESTRICTING.isdisjoint(added):
        return False
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


@functools.lru_cache(maxsize=64)
def _body(text: str) -> tuple[str, ...]:
    """The words of a text without its copyright lines."""
    return _words(_COPYRIGHT.sub(" ", text))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_SPELLINGS.get(word, word) for word in _WORD.findall(text.casefold()))
