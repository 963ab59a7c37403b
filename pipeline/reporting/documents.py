"""The JSON documents of other stages, read leniently: what is missing is empty, more is ignored."""

from typing import Any

import msgspec

from pipeline.metrics.comparison import Comparison
from pipeline.records import Row
from pipeline.reporting.kinds import Kind


class Leak(msgspec.Struct, frozen=True):
    """Something on two sides of a split; `name` may name a repository or a person."""

    kind: str = ""
    name: str = ""
    outputs: list[str] = []
    lines: list[int] = []


class Split(msgspec.Struct, frozen=True):
    """What `split --report` writes."""

    outputs: dict[str, int]
    leaks: list[Leak] = []
    leak_count: int = 0
    dropped: dict[str, int] = {}

    @property
    def count(self) -> int:
        """All leaks, also those that are not named."""
        return max(self.leak_count, len(self.leaks))


class Bin(msgspec.Struct, frozen=True):
    """A bar of `settle`'s histogram."""

    start: float = msgspec.field(name="from")
    end: float = msgspec.field(name="to")
    count: int


class Settled(msgspec.Struct, frozen=True):
    """What `settle --histogram` writes."""

    low: float
    high: float
    bins: list[Bin]
    by: str = "distance"
    examples: int = 0
    kept: int = 0
    too_easy: int = 0
    out_of_reach: int = 0


class Change(msgspec.Struct, frozen=True):
    """How a model's mean differs from the reference's."""

    mean: float
    low: float | None = None
    high: float | None = None
    verdict: str = ""


class Gate(msgspec.Struct, frozen=True):
    """Whether a model may follow another, in one respect."""

    passed: bool
    line: str = ""
    name: str = ""
    model: str = ""


class Figure(msgspec.Struct, frozen=True):
    """A mean with its interval."""

    mean: float
    low: float | None = None
    high: float | None = None
    n: int = 0


class Silence(msgspec.Struct, frozen=True):
    """Of the cases that want no edit, those in which a model kept silent."""

    right: float = 0
    cases: int = 0


class Evaluation(msgspec.Struct, frozen=True):
    """What `eval --summary` writes."""

    models: list[str] = []
    cases: int = 0
    measures: dict[str, dict[str, Figure]] = {}
    differences: dict[str, dict[str, Change]] = {}
    gates: list[Gate] = []
    silence: dict[str, Silence] = {}


class TrainedFile(msgspec.Struct, frozen=True):
    """A file that a model was trained on."""

    path: str = ""
    sha256: str = ""
    rows: int = 0


class Data(msgspec.Struct, frozen=True):
    """What a model was trained on."""

    files: list[TrainedFile] = []


class Run(msgspec.Struct, frozen=True):
    """The card of a training run; what is not fixed stays as it came."""

    data: Data = Data()
    base: Any = None
    recipe: Any = None
    seeds: Any = None
    versions: Any = None
    steps: Any = None
    losses: list[Any] = []

    def curves(self) -> dict[str, list[tuple[float, float]]]:
        """Losses as points (step, loss), by name. Losses are numbers, or objects with a step."""
        found: dict[str, list[tuple[float, float]]] = {}
        for index, one in enumerate(self.losses, 1):
            if isinstance(one, dict):
                step, of = one.get("step", index), one.get("pass")
                prefix = f"{of}: " if isinstance(of, str) else ""
                named = {f"{prefix}{key}": value for key, value in one.items() if "loss" in key}
            else:
                step, named = index, {"loss": one}
            for name, value in named.items():
                if _is_number(value) and _is_number(step):
                    found.setdefault(name, []).append((float(step), float(value)))
        return found

    @property
    def base_name(self) -> str:
        """The model that it began with."""
        name = self.base.get("name") if isinstance(self.base, dict) else self.base
        return name if isinstance(name, str) else ""

    @property
    def recipe_name(self) -> str:
        """How it was trained, in a word."""
        name = self.recipe.get("name") if isinstance(self.recipe, dict) else self.recipe
        return name if isinstance(name, str) else ""


class Documents:
    """All documents with the names of their files; those that cannot be read are `unreadable`."""

    def __init__(self) -> None:
        self.splits: list[tuple[str, Split]] = []
        self.settled: list[tuple[str, Settled]] = []
        self.evaluations: list[tuple[str, Evaluation]] = []
        self.runs: list[tuple[str, Run]] = []
        self.comparisons: list[tuple[str, Comparison]] = []
        self.unreadable: list[str] = []

    def add(self, kind: Kind, record: Row, file: str) -> None:
        """Take a document in."""
        try:
            self._add(kind, record, file)
        except msgspec.ValidationError:
            self.unreadable.append(file)

    def _add(self, kind: Kind, record: Row, file: str) -> None:
        if kind is Kind.SPLIT:
            self.splits.append((file, msgspec.convert(record, Split)))
        elif kind is Kind.SETTLE:
            self.settled.append((file, msgspec.convert(record, Settled)))
        elif kind is Kind.EVAL:
            self.evaluations.append((file, msgspec.convert(record, Evaluation)))
        elif kind is Kind.RUN:
            self.runs.append((file, msgspec.convert(record, Run)))
        elif kind is Kind.COMPARISON:
            self.comparisons.append((file, msgspec.convert(record, Comparison)))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
