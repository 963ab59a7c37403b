"""Outlines and imports as text that a person can check against the code."""

from collections.abc import Iterator
from pathlib import Path

from zeta_lsp.context.grammars import grammar_name
from zeta_lsp.context.outline import survey
from zeta_lsp.core.related import Import, Item

SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTED = Path(__file__).parents[2] / "golden" / "outlines"


def language_of(sample: Path) -> str:
    name = grammar_name("", sample.name)
    assert name is not None
    return name


def printed(sample: Path) -> str:
    found = survey(language_of(sample), sample.read_text(encoding="utf-8"))
    lines = [*map(_item, found.items), *map(_import, found.imports)]
    return "".join(f"{line}\n" for line in lines)


def _item(item: Item) -> str:
    body = f" [{item.body_start_row}-{item.body_end_row}]"
    has_body = item.body_start_row < item.body_end_row
    rows = f"{item.start_row}-{item.end_row}{body if has_body else ''}"
    return f"{'  ' * item.depth}{item.kind} {item.name} {rows} @{item.name_row}:{item.name_col}"


def _import(one: Import) -> str:
    names = ", ".join(_names(one)) or "nothing"
    return f"from {one.module} import {names} {one.start_row}-{one.end_row}"


def _names(one: Import) -> Iterator[str]:
    for binding in one.bindings:
        origin = binding.origin or "itself"
        yield binding.name if origin == binding.name else f"{origin} as {binding.name}"
