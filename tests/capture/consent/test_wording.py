import hashlib
from pathlib import Path

from capture.consent.wording import RETENTION_DAYS, RETENTION_GIB, TEXT_VERSION, wording
from capture.rows import Licence
from capture.store import Limits
from zeta_lsp.core.recording import Level

AGREED = {1: "896d86e442452eef"}
"""What every version of the text says, as a hash. A version that people agreed to never changes."""


def texts() -> list[str]:
    licence = Licence("MIT", "LICENSE")
    return [
        wording("/home/ada/project", Path("/home/ada/data"), level, known, private=private)
        for level in Level
        for known in (licence, None)
        for private in (False, True)
    ]


def test_another_text_has_another_version() -> None:
    joined = "\f".join(texts())
    assert hashlib.sha256(joined.encode()).hexdigest()[:16] == AGREED[TEXT_VERSION]


def test_the_text_names_the_folder_the_place_the_licence_and_how_to_stop() -> None:
    for text in texts():
        assert "/home/ada/project" in text
        assert "/home/ada/data" in text
        assert "capture off" in text
        assert "capture forget" in text
    assert "MIT (says LICENSE)" in texts()[0]


def test_a_person_is_told_of_text_and_of_private_code_only_where_they_are_recorded() -> None:
    numbers, private = texts()[0], texts()[1]
    assert "no text" in numbers
    assert "key by key" not in numbers
    assert "closed code" not in numbers
    assert "closed code" in private


def test_the_store_keeps_what_the_text_promises() -> None:
    assert Limits().days == RETENTION_DAYS
    assert Limits().bytes == RETENTION_GIB * 1024**3
