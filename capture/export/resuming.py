"""What an export that was cut off left behind."""

from typing import BinaryIO

import msgspec

from zeta_lsp.core.errors import UsageError

_TELLING = {"zed": "cursor_path", "sft": "completion", "dpo": "chosen", "kto": "label"}
"""For each format a field that its lines have; one of `kto` has a completion as well."""


class Written(msgspec.Struct, frozen=True):
    """The predictions in a file, and how many of its bytes are whole lines."""

    ids: frozenset[str] = frozenset()
    whole_bytes: int = 0


class _Extras(msgspec.Struct):
    id: str


class _Line(msgspec.Struct):
    zeta: _Extras
    cursor_path: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    completion: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    chosen: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    label: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def written_in(stream: BinaryIO, form: str) -> Written:
    """Read a file from its beginning. A last line without its newline does not count.

    Raises:
        UsageError: a whole line is not one of an export in this format.
    """
    decoder, ids, size = msgspec.json.Decoder(_Line), set[str](), 0
    stream.seek(0)
    for number, line in enumerate(stream, 1):
        if not line.endswith(b"\n"):
            break
        ids.add(_id_of(line, number, form, decoder))
        size += len(line)
    return Written(frozenset(ids), size)


def _id_of(line: bytes, number: int, form: str, decoder: msgspec.json.Decoder[_Line]) -> str:
    try:
        found = decoder.decode(line)
    except msgspec.MsgspecError:
        found = None
    if found is None or form != _form_of(found):
        raise UsageError(f"it cannot be resumed: line {number} is not of an export as {form}")
    return found.zeta.id


def _form_of(line: _Line) -> str | None:
    known = ("zed", "dpo", "kto", "sft")
    fields = ((form, getattr(line, _TELLING[form])) for form in known)
    return next((form for form, value in fields if value is not msgspec.UNSET), None)
