"""``settle``: keep the examples that a student can learn from.

Two steps: `predict --student … -n 50` draws the samples, this reads them. They are apart because
sampling is dear and thresholds are tried several times. `teacher.settling` says what is measured.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.example import with_ours
from pipeline.records import Dropped, Row
from pipeline.teacher.settling import (
    BINS,
    Band,
    Histogram,
    band_of,
    distances,
    histogram,
    pass_rate,
    score_of,
)
from zeta_lsp.core.errors import UsageError

DIGITS = 4


class Settle(msgspec.Struct, frozen=True):
    """The stage. `low` and `high` are quantiles of the scores, or scores if `is_absolute`."""

    low: float = 0.1
    high: float = 0.9
    is_absolute: bool = False
    by_pass_rate: bool = False
    keeps_all: bool = False
    forgets_samples: bool = False
    histogram_path: Path | None = None
    is_quiet: bool = False

    name = "settle"
    version = 1

    def surveyed(self, rows: Iterator[tuple[int, Row]]) -> "Banded":
        """Measure all rows; a few bytes for each sample are kept."""
        found: dict[int, Sequence[float]] = {}
        for number, row in rows:
            measured = _measured(row)
            if not isinstance(measured, Dropped):
                found[number] = measured
        scores = [score_of(one, by_pass_rate=self.by_pass_rate) for one in found.values()]
        band = self._band(scores)
        self._show(band, scores)
        return Banded(self, band, found)

    def _band(self, scores: list[float]) -> Band:
        if self.is_absolute:
            return Band(self.low, self.high)
        return band_of(scores, self.low, self.high)

    def _show(self, band: Band, scores: list[float]) -> None:
        bars = histogram(scores)
        kept = sum(band.place(score) is None for score in scores)
        if not self.is_quiet:
            head = f"settle: {kept} of {len(scores)} from {band.low:.3f} to {band.high:.3f}"
            sys.stderr.write(f"{head}\n{bars.text(band)}\n")
        if self.histogram_path is not None:
            _write(self.histogram_path, self._summary(band, scores, bars, kept))

    def _summary(self, band: Band, scores: list[float], bars: Histogram, kept: int) -> Row:
        return {
            "by": "pass-rate" if self.by_pass_rate else "distance",
            "low": band.low,
            "high": band.high,
            "examples": len(scores),
            "kept": kept,
            "too_easy": sum(band.place(score) == "too_easy" for score in scores),
            "out_of_reach": sum(band.place(score) == "out_of_reach" for score in scores),
            "bins": [
                {"from": index / BINS, "to": (index + 1) / BINS, "count": count}
                for index, count in enumerate(bars.counts)
            ],
        }


class Banded(msgspec.Struct, frozen=True):
    """The stage once it knows the band."""

    stage: Settle
    band: Band
    found: dict[int, Sequence[float]]

    def rows(self, number: int, row: Row) -> Iterable[Row | Dropped]:
        """The row with what was measured, if it is in the band."""
        measured = self.found.get(number)
        if measured is None:
            again = distances(row)
            return [again if isinstance(again, Dropped) else Dropped("not_measured")]
        score = score_of(measured, by_pass_rate=self.stage.by_pass_rate)
        outside = self.band.place(score)
        if outside and not self.stage.keeps_all:
            return [Dropped(outside, f"{score:.{DIGITS}f}")]
        told = {
            "distances": [round(one, DIGITS) for one in measured],
            "pass_rate": round(pass_rate(measured), DIGITS),
            "score": round(score, DIGITS),
            "kept": outside is None,
        }
        made = with_ours(row, settle=told)
        return [{**made, "predictions": []} if self.stage.forgets_samples else made]


def _measured(row: Row) -> Sequence[float] | Dropped:
    try:
        return distances(row)
    except Exception:  # noqa: BLE001 - the edge: the second pass drops this row and says why
        return Dropped("not_measured")


def _write(path: Path, summary: Row) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    try:
        with os.fdopen(handle, "w") as stream:
            json.dump(summary, stream, indent=2)
            stream.write("\n")
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _configure(parser: argparse.ArgumentParser) -> None:
    add: Any = parser.add_argument
    add(
        "--low", type=float, default=0.1, metavar="Q", help="the band begins at this quantile (0.1)"
    )
    add("--high", type=float, default=0.9, metavar="Q", help="and ends at this one (0.9)")
    add("--absolute", action="store_true", help="--low and --high are scores, not quantiles")
    add(
        "--by",
        choices=("distance", "pass-rate"),
        default="distance",
        help="score by mean distance (default), or by one minus the share of right samples",
    )
    add("--histogram", type=Path, metavar="FILE.json", help="write the histogram there as well")
    add("--keep-all", action="store_true", help="drop nothing; `zeta.settle.kept` says who is in")
    add("--forget-samples", action="store_true", help="leave the samples out of what is written")


def _make(options: argparse.Namespace, _: Doors) -> Settle:
    if not 0 <= options.low < options.high <= 1:
        raise UsageError("--low and --high lie between 0 and 1, the low one first")
    return Settle(
        options.low,
        options.high,
        options.absolute,
        options.by == "pass-rate",
        options.keep_all,
        options.forget_samples,
        options.histogram,
        options.quiet,
    )


COMMAND = Command(
    help="Keep the examples that a student neither always nor never gets right.\n\n"
    "Reads the samples that `predict --student … -n 50` drew. What is dropped says too_easy or\n"
    "out_of_reach; the thresholds come from the data and are shown as a histogram.",
    example="zeta-pipeline settle sampled.jsonl -o learnable.jsonl --histogram bands.json",
    configure=_configure,
    make=_make,
)
