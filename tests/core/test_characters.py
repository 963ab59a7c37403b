import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.answering import Case
from zeta_lsp.core.characters import unsafe_added

RLO, RLM, ZWSP, ZWNJ, ZWJ = "\u202e", "\u200f", "\u200b", "\u200c", "\u200d"
FAMILY = f"\U0001f469{ZWJ}\U0001f469{ZWJ}\U0001f467{ZWJ}\U0001f466"
PIRATE = f"\U0001f3f4{ZWJ}\u2620\ufe0f"
RAINBOW = f"\U0001f3f3\ufe0f{ZWJ}\U0001f308"
HEALTH = f"\U0001f9d1\U0001f3fd{ZWJ}\u2695\ufe0f"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"

WRITING = {
    "Persian": f"می{ZWNJ}خواهم کتاب{ZWNJ}ها را",
    "Arabic": "مرحبا بالعالم، كيف الحال؟",
    "Hebrew": "שלום עולם",
    "Hindi": f"नमस्ते क्{ZWJ}ष और क्{ZWNJ}ष",
    "Sinhala": f"ශ්{ZWJ}රී ලංකාව",
    "Malayalam": f"അവന്{ZWJ} വന്നു",
    "Bengali": f"র{ZWJ}্যাম",
    "Thai": "สวัสดีชาวโลก",
    "Japanese": "葛\U000e0100飾区 こんにちは",
    "Korean": "안녕하세요",
    "German": "Größe und Maß",
    "emoji": f"{FAMILY} {PIRATE} {RAINBOW} {HEALTH} {SCOTLAND} ❤️ 1️⃣ 🇩🇪 ✋🏿",
}

UNSAFE = {
    "nul": "\x00",
    "escape": "\x1b",
    "backspace": "\x08",
    "delete": "\x7f",
    "next line": "\x85",
    "form feed": "\f",
    "right to left override": RLO,
    "isolate": "\u2066",
    "right to left mark": RLM,
    "Arabic letter mark": "\u061c",
    "zero width space": ZWSP,
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "joiner in Latin": ZWJ,
    "non-joiner in Latin": ZWNJ,
    "tag": "\U000e0041",
    "selector supplement": "\U000e0101",
    "Hangul filler": "\u3164",
    "line separator": "\u2028",
    "lone surrogate": "\ud83d",
}


@pytest.mark.parametrize("text", WRITING.values(), ids=WRITING)
def test_ordinary_writing_is_safe_without_having_been_there(text):
    assert unsafe_added("", f'print("{text}")\n') == 0


@pytest.mark.parametrize("char", UNSAFE.values(), ids=UNSAFE)
def test_a_new_character_that_cannot_be_seen_counts(char):
    assert unsafe_added("user = 1\n", f"us{char}er = 1\n") == 1


@pytest.mark.parametrize("char", UNSAFE.values(), ids=UNSAFE)
@pytest.mark.parametrize("writing", WRITING.values(), ids=WRITING)
def test_it_counts_beside_any_writing(writing, char):
    assert unsafe_added(writing, f"{writing} a{char}b") == 1


@pytest.mark.parametrize("char", UNSAFE.values(), ids=UNSAFE)
def test_what_was_there_may_stay_as_often_as_it_was(char):
    old = f"one = '{char}'\ntwo = '{char}'\n"
    assert unsafe_added(old, old.replace("one", "first")) == 0
    assert unsafe_added(old, f"three = '{char}'\n") == 0
    assert unsafe_added(old, old + f"three = '{char}'\n") == 1


def test_one_kind_is_not_exchanged_for_another():
    assert unsafe_added(f"a{RLM}b", f"a{RLO}b") == 1


def test_tabs_and_line_ends_are_safe():
    assert unsafe_added("", "\tif a:\r\n\t\tb\n\rc") == 0


def test_page_breaks_are_safe_in_a_text_that_has_them():
    assert unsafe_added("", "\f\ndef f():\n", around="a\n\f\nb\n") == 0


@pytest.mark.parametrize(
    "text",
    [
        f"ab{ZWJ}\U0001f466",
        f"\U0001f466{ZWJ}admin",
        f"می{ZWNJ}{ZWSP}خواهم",
        f"می{ZWNJ}{ZWNJ}",
        "\U0001f3f4\U000e0068\U000e0069\U000e007f",
        "\U0001f466" + "".join(map(chr, range(0xE0061, 0xE0071))),
        "葛\U000e0100\U000e0101",
        "葛\U000e0100\ufe00",
        "x\ufe00\ufe01\ufe02",
        "x\U000e0150",
    ],
    ids=[
        "joiner after a letter",
        "joiner before a letter",
        "two joiners",
        "the same joiner twice",
        "a flag that is none",
        "text in tags",
        "two selectors on an ideograph",
        "two kinds of selectors on an ideograph",
        "text in selectors",
        "a selector on a letter",
    ],
)
def test_ordinary_characters_in_the_wrong_place_count(text):
    assert unsafe_added("", text) >= 1


letters = st.sampled_from(
    [
        *"abz019_(){};:=+",
        *"كتاب‌مرحبا",
        *"שלום",
        *"नमस्तेक्ष",
        *"สวัสดี",
        *"漢字かなカナ한글",
        *"äßéñçø",
        *"αβγДЖЯ",
        "e\u0301",
        "❤️",
        "👍🏽",
        "1️⃣",
        "🇫🇷",
        FAMILY,
        PIRATE,
        RAINBOW,
        HEALTH,
        SCOTLAND,
        f"می{ZWNJ}خ",
        f"क्{ZWJ}ष",
        " ",
        "\t",
        "\n",
        "\r\n",
    ]
).filter(lambda char: char != ZWNJ)
texts = st.lists(letters, max_size=40).map("".join)


@given(texts, texts)
def test_no_multilingual_edit_is_refused(old, new):
    assert unsafe_added(old, new) == 0


@given(texts, texts, texts)
def test_no_multilingual_edit_is_refused_whatever_is_cut_off_it(head, old, new):
    case = Case(head + old + "\n", fmt=None)
    assert "unsafe_characters" not in case.hits(head + new + "\n")


suspects = st.sampled_from(
    [chr(code) for code in (*range(9), 11, *range(14, 32), *range(0x7F, 0xA0))]
    + list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    + list("\u200b\u2060\ufeff")
)


@given(texts, suspects, st.data())
def test_a_hidden_character_is_found_wherever_it_is_put(text, char, data):
    at = data.draw(st.integers(0, len(text)))
    assert unsafe_added(text, text[:at] + char + text[at:]) >= 1


strange_texts = st.text(st.characters(categories=("Cc", "Cf", "Lo", "Lu", "So")))


@given(strange_texts, strange_texts)
def test_what_passes_has_no_format_character_more_than_writing_needs(old, new):
    invisible = [char for char in new if unicodedata.category(char) in ("Cc", "Cf")]
    fine = set("\t\n\r\u00ad") | set(old)
    if unsafe_added(old, new) == 0:
        allowed = {ZWJ, ZWNJ} | {char for char in invisible if char in fine}
        strange = {char for char in invisible if char not in allowed}
        assert all(_is_visible_format(char) for char in strange)


def _is_visible_format(char):
    """Format characters with ink, or that only shape the signs beside them."""
    return unicodedata.name(char, "").startswith(
        ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "MUSICAL", "SHORTHAND", "MONGOLIAN")
    )
