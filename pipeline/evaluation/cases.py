"""The cases of an evaluation: examples of which somebody said what comes next, if anything does.

They are read as ``read`` reads anything: pages that people wrote, folders of them, JSONL. A case
wants *silence* if every right answer leaves the text as it is: patches without hunks, or an empty
list of them. Any other wants an *edit*.

What cannot be a case is a drop with a reason: a record that is no example, an expected patch that
does not apply, the same moment twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.example import given_of, key_of, repository_of, tags_of
from pipeline.jsonl import Line, row_of
from pipeline.metrics.prediction_score import examined
from pipeline.reading.inputs import Captured, found_in
from pipeline.reading.kinds import kind_of
from pipeline.records import Dropped, Row
from zeta_lsp.core.prompt import PromptInput

SHIPPED = Path(__file__).parents[1] / "evals"
"""The cases that come with this program."""
EDIT, SILENCE = "edit", "silence"

_PROVENANCE = "source:"


class EvalCase(msgspec.Struct, frozen=True):
    """One case. `before` is the text that patches apply to, `rights` the texts that are right.

    `patches` are the right answers as patches, parallel to `rights`.
    """

    key: str
    name: str
    repository: str
    tags: tuple[str, ...]
    row: Row
    given: PromptInput
    before: str
    rights: tuple[str, ...]
    patches: tuple[str, ...]

    @property
    def wants(self) -> str:
        """`EDIT` or `SILENCE`."""
        return EDIT if any(text != self.before for text in self.rights) else SILENCE


class Cases(msgspec.Struct, frozen=True):
    """What was read: cases, and what can be none, each with the line that it came in."""

    found: tuple[EvalCase, ...]
    dropped: tuple[tuple[Line, Dropped], ...]


def cases_of(sources: Sequence[str], captured: Captured) -> Cases:
    """The cases of some sources; without any, those that are shipped.

    Raises:
        OSError: a source cannot be read.
        UsageError: a folder holds nothing that can be read.
    """
    found: dict[str, EvalCase] = {}
    dropped: list[tuple[Line, Dropped]] = []
    for line in found_in(list(sources) or [str(SHIPPED)], captured):
        made = _case_of(row_of(line))
        if isinstance(made, EvalCase) and made.key in found:
            made = Dropped("same_case_again")
        if isinstance(made, Dropped):
            dropped.append((line, made))
        else:
            found[made.key] = made
    return Cases(tuple(found.values()), tuple(dropped))


def _case_of(record: Row | Dropped) -> EvalCase | Dropped:
    if isinstance(record, Dropped):
        return record
    kind = kind_of(record)
    if kind is None:
        return Dropped("unknown_format")
    row = kind.example_of(record)
    if isinstance(row, Dropped):
        return row
    given = given_of(row)
    return given if isinstance(given, Dropped) else _checked(row, given)


def _checked(row: Row, given: PromptInput) -> EvalCase | Dropped:
    expected = row.get("expected_patches")
    if not isinstance(expected, list) or not all(isinstance(one, str) for one in expected):
        return Dropped("no_expected_patches")
    example = examined(given, expected)
    if example is None:
        return Dropped("expected_patch_does_not_apply")
    return EvalCase(
        key=key_of(row),
        name=str(row.get("name") or row["cursor_path"]),
        repository=repository_of(row),
        tags=tuple(sorted(_own(tags_of(row)))),
        row=row,
        given=given,
        before=example.text,
        rights=tuple(one.text for one in example.answers),
        patches=tuple(one.patch for one in example.answers),
    )


def _own(tags: Iterable[str]) -> Iterator[str]:
    """Tags that say what is tested, not where the record is from."""
    return (tag for tag in tags if not tag.startswith(_PROVENANCE))
