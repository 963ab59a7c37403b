"""Characters that must not enter a document unseen.

A model can be made to write what a person cannot see: controls, marks that turn the reading order
("Trojan Source", CVE-2021-42574), characters without width, tags and variation selectors that can
carry hidden text. Whatever of this the replaced text already had may stay, as often as it was
there.

Some invisible characters are ordinary writing and never count: a joiner (U+200C, U+200D) after a
letter of a script that needs it, as in Persian, Hindi or Malayalam; a joiner inside an emoji
sequence; the tags of the three regional flags; one variation selector after an ideograph, and
U+FE00 to FE0F after anything that is not a selector itself.

Visible look-alikes (homoglyphs) are no concern of this module: they are shown.
"""

import re
from collections import Counter

_JOINING = (
    "\u0600-\u06ff\u0700-\u074f\u0750-\u07ff\u0840-\u08ff"  # Arabic, Syriac, N'Ko, Mandaic
    "\u0900-\u109f\u1780-\u18af\u1b00-\u1b7f"  # Indic, Tibetan, Burmese, Khmer, Mongolian, Balinese
    "\ua840-\ua87f\ua8e0-\ua8ff\ua980-\ua9df\uaa60-\uaa7f"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
_PICTURE = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"

_ORDINARY = re.compile(
    f"(?<=[{_JOINING}])[\u200c\u200d]"
    f"|(?<=[{_PICTURE}\ufe0f])\u200d(?=[{_PICTURE}])"
    f"|(?<=[{_IDEOGRAPH}])[\U000e0100-\U000e01ef](?![\U000e0100-\U000e01ef\ufe00-\ufe0f])"
    "|(?<=\U0001f3f4)\U000e0067\U000e0062"  # the black flag, and "gb" in tags
    "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)"
    "\U000e007f"
)
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_ASCII_SUSPECT = re.compile(f"[{_CONTROL}]")
_SUSPECT = re.compile(
    f"[{_CONTROL}\x80-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # reading order
    "\u200b-\u200d\u2060-\u2064\ufeff\u3164\uffa0"  # without width or without ink
    "\u2028\u2029\u206a-\u206f\ufff9-\ufffb"  # separators, deprecated formats, annotations
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef"
    "\ud800-\udfff]"  # half a character
    "|(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f]"  # a second selector
)
_PAGE_BREAK = "\f"


def unsafe_added(old: str, new: str, around: str = "") -> int:
    """How many characters that cannot be seen `new` has more than `old`.

    Args:
        old: the replaced text.
        new: what stands there instead.
        around: the text that both belong to; a file with page breaks may get further ones.
    """
    suspect = _ASCII_SUSPECT if new.isascii() else _SUSPECT
    if not suspect.search(new):
        return 0
    added = Counter(_SUSPECT.findall(_ORDINARY.sub("", new)))
    added.subtract(_SUSPECT.findall(_ORDINARY.sub("", old)))
    if _PAGE_BREAK in around:
        del added[_PAGE_BREAK]
    return sum(count for count in added.values() if count > 0)
