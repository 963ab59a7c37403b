import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.licence_texts import recognised
from capture.licences import is_open
from tests.capture.licences_generated import KNOWN, OPEN, clean, doctored, filled


def is_taken_for_open(text: str) -> bool:
    spdx = recognised(text)
    return spdx is not None and is_open(spdx)


@pytest.mark.parametrize("spdx", KNOWN)
def test_every_licence_text_is_recognised_as_it_is_published(spdx: str) -> None:
    assert recognised(KNOWN[spdx]) == spdx


def test_copies_of_open_licences_are_recognised_98_times_in_100() -> None:
    judged = [(spdx, recognised(text)) for spdx in OPEN for text in clean(spdx)]
    missed = [(spdx, found) for spdx, found in judged if spdx != found]
    assert len(missed) <= 0.02 * len(judged), missed
    assert not [found for _, found in missed if found is not None], "taken for another licence"


def test_no_doctored_or_truncated_licence_is_taken_for_open() -> None:
    texts = [text for spdx in OPEN for text in doctored(spdx)]
    assert len(texts) > 500
    assert [text for text in texts if is_taken_for_open(text)] == []


@pytest.mark.parametrize("spdx", [spdx for spdx in KNOWN if not is_open(spdx)])
def test_a_licence_that_is_not_open_is_never_taken_for_one(spdx: str) -> None:
    assert not any(is_taken_for_open(text) for text in (*clean(spdx), *doctored(spdx)))


@given(st.sampled_from(OPEN), st.data())
def test_a_licence_without_one_of_its_sentences_is_not_recognised(
    spdx: str, data: st.DataObject
) -> None:
    text = filled(KNOWN[spdx])
    sentences = [each for each in re.split(r"(?<=[.;:])\s+", text) if len(each.split()) > 5]
    cut = data.draw(
        st.sampled_from([each for each in sentences if "copyright" not in each.lower()])
    )
    appendix = "APPENDIX" in text and text.index(cut) > text.index("END OF TERMS")
    if not appendix:
        assert recognised(text.replace(cut, "", 1)) is None


@given(st.sampled_from(OPEN), st.data())
def test_no_word_of_a_licence_can_be_turned_into_its_opposite(
    spdx: str, data: st.DataObject
) -> None:
    text = KNOWN[spdx]
    opposites = {"without": "with", "hereby": "never", "granted": "denied", "any": "no"}
    words = [
        (found.span(), opposites[found[0]])
        for found in re.finditer(r"\w+", text)
        if found[0] in opposites
    ]
    (start, end), opposite = data.draw(st.sampled_from(words))
    assert recognised(f"{text[:start]}{opposite}{text[end:]}") is None


def test_apache_without_its_appendix_is_still_apache() -> None:
    text = KNOWN["Apache-2.0"]
    end = text.index("END OF TERMS AND CONDITIONS")
    assert recognised(text[:end]) == "Apache-2.0"
    assert recognised(text[:end] + "END OF TERMS AND CONDITIONS\n") == "Apache-2.0"
    assert recognised(text[:end] + "Not for commercial use.\n") is None


def test_the_short_notice_of_apache_stands_for_apache() -> None:
    text = KNOWN["Apache-2.0"]
    notice = text[text.index("Licensed under the Apache License") :]
    assert recognised(f"Copyright 2026 Ada Lovelace\n\n{notice}") == "Apache-2.0"
    assert recognised(f"{notice}\nExcept the files in src/.") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "MIT",
        "All rights reserved.",
        "Proprietary and confidential.",
        "See https://opensource.org/licenses/MIT",
        "\x00" * 4096,
        "\ud800",
        "a " * 30_000,
    ],
)
def test_a_text_that_is_no_licence_is_none(text: str) -> None:
    assert recognised(text) is None


@given(st.text(max_size=2000))
def test_any_text_can_be_judged(text: str) -> None:
    assert recognised(text) is None


def test_two_licences_in_one_file_are_not_one_of_them() -> None:
    assert recognised(KNOWN["MIT"] + "\n\n" + KNOWN["GPL-3.0"]) is None
    assert recognised(KNOWN["MIT"] + "\n\n" + KNOWN["ISC"]) is None


@pytest.mark.parametrize(
    ("holder", "spdx"),
    [
        ("Google LLC", "BSD-3-Clause"),
        ("the University of California, Berkeley", "BSD-3-Clause"),
        ("ACME, for evaluation use only,", None),
        ("Ada Lovelace " * 7, None),
    ],
)
def test_where_a_holder_is_named_a_name_may_stand_and_no_condition(
    holder: str, spdx: str | None
) -> None:
    text = KNOWN["BSD-3-Clause"]
    assert "name of the copyright holder" in text
    named = text.replace("name of the copyright holder", f"name of {holder}")
    assert recognised(named) == spdx
