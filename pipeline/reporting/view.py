"""What a report says, as plain values: the page and the card write the same numbers.

Everything is in the order in which it is shown. Counts go from many to few, then by name, so that
the same inputs make the same report.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from pipeline.metrics.bootstrap import quantile
from pipeline.reporting.board import BINS
from pipeline.reporting.census import SIZE_NAMES
from pipeline.reporting.documents import Split
from pipeline.reporting.facts import Facts
from pipeline.reporting.reading import Input
from pipeline.reporting.reasons import meaning_of
from pipeline.reporting.sharing import Sharing

ROWS_MAX = 15
"""Rows of a table of counts."""
LATENCY_EDGES_MS = (0, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 5000)


class Bar(msgspec.Struct, frozen=True):
    """A row of a table of counts. `share` is of all, `length` of the longest."""

    name: str
    count: int
    share: float
    length: float
    meaning: str = ""


class Table(msgspec.Struct, frozen=True):
    """Counts by name; `more` names with `more_count` together are left out at the end."""

    title: str
    bars: tuple[Bar, ...]
    more: int = 0
    more_count: int = 0
    note: str = ""


class Tile(msgspec.Struct, frozen=True):
    """A number at the top. `tone` is good, bad or nothing; words say the same."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


class Yield(msgspec.Struct, frozen=True):
    """What a file holds of what came in, and what was dropped on the way."""

    name: str
    given: int
    kept: int
    dropped: tuple[Bar, ...]

    @property
    def kept_share(self) -> float:
        """Of what came in."""
        return self.kept / self.given if self.given else 1.0


class Bars(msgspec.Struct, frozen=True):
    """A histogram: bins with a label, a count, and whether they lie in the band that is kept."""

    title: str
    bins: tuple[tuple[str, int, bool], ...]
    unit: str = ""
    note: str = ""


class Leaks(msgspec.Struct, frozen=True):
    """A verdict on a split, with what leaks by kind; names only where they may be said."""

    file: str
    outputs: tuple[tuple[str, int], ...]
    count: int
    kinds: tuple[Bar, ...]
    named: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """In words."""
        places = ", ".join(name for name, _ in self.outputs)
        if not self.count:
            return f"No leak: {places} share no repository, no person and no near-duplicate"
        return f"{self.count:,} leak{'s' * (self.count != 1)} between {places}"


def table(
    title: str,
    counts: Mapping[str, int],
    *,
    order: Sequence[str] = (),
    note: str = "",
    total: int | None = None,
) -> Table:
    """A table of counts, by number or in an order of its own; shares are of a total."""
    bars = bars_of(counts, order, total)
    cut = ROWS_MAX if len(bars) > ROWS_MAX + 1 else len(bars)
    rest = bars[cut:]
    return Table(title, bars[:cut], len(rest), sum(one.count for one in rest), note)


def bars_of(
    counts: Mapping[str, int], order: Sequence[str] = (), total: int | None = None
) -> tuple[Bar, ...]:
    """Counts as rows of a table; shares are of all counts, or of a total."""
    total = total or sum(counts.values()) or 1
    most = max(counts.values(), default=0) or 1
    places = {name: place for place, name in enumerate(order)}
    names = sorted(counts, key=lambda name: (places.get(name, 0), -counts[name], name))
    return tuple(
        Bar(name, counts[name], counts[name] / total, counts[name] / most, meaning_of(name))
        for name in names
        if counts[name]
    )


def tables_of(facts: Facts) -> Iterator[Table]:
    """Who, what and under which terms; empty ones are left out."""
    census = facts.census
    found = [
        table("Language", census.languages),
        table("Licence", census.licences),
        table("Where it is from", census.origins),
        table("Who wrote the right answer", census.authors),
        table("What became of the prediction", census.endings),
        table("Edit size", census.sizes, order=SIZE_NAMES, note="rows of the right answer"),
        table(
            "Who made the edits before", census.editors, total=census.examples,
            note="an example with edits of two kinds counts for both",
        ),
        table("Consent", census.consents),
    ]  # fmt: skip
    if facts.sharing.has_names:
        found.append(table("Repository", census.repositories))
    yield from (one for one in found if one.bars)


def redactions_of(facts: Facts) -> list[Table]:
    """What was taken out of texts, and what was withheld because a secret stands in it."""
    census = facts.census
    rows = {
        f"{count} redaction{'s' * (count != 1)}": number
        for count, number in sorted(census.redacted_rows.items())
    }
    found = [
        table("Redactions in an example", rows, order=list(rows)),
        table("What was redacted", census.redactions),
        table("Withheld for a secret", facts.secrets),
    ]
    return [one for one in found if one.bars]


def yields_of(facts: Facts) -> list[Yield]:
    """A row for each output of which something was dropped."""
    flows = [one for one in facts.flows.values() if one.dropped]
    return [Yield(one.name, one.given, one.kept, bars_of(one.dropped)) for one in flows]


def duplicates_of(facts: Facts) -> Table:
    """What is the same as something else: still there, and dropped for it."""
    return table(
        "Duplicates",
        {
            "still there (the same moment twice in a file)": facts.census.duplicates,
            "dropped: the very same": facts.dropped["exact_duplicate"],
            "dropped: nearly the same": facts.dropped["near_duplicate"],
        },
        total=facts.census.rows + facts.dropped.total(),
        note="shares of all rows, those that were dropped included",
    )


def dropped_of(facts: Facts) -> Table:
    """All drops by reason; none is left out."""
    total = sum(one.given for one in facts.flows.values() if one.dropped)
    note = "shares of the rows that came in"
    return Table("Dropped", bars_of(facts.dropped, total=total), note=note)


def leaks_of(facts: Facts) -> list[Leaks]:
    """The verdicts on all splits."""
    return [_leaks(file, split, facts.sharing) for file, split in facts.documents.splits]


def _leaks(file: str, split: Split, sharing: Sharing) -> Leaks:
    kinds: Counter[str] = Counter(
        sharing.word(leak.kind, ("repository", "person", "example", "near_duplicate")).replace(
            "_", "-"
        )
        for leak in split.leaks
    )
    kinds["not named in the report"] = split.count - len(split.leaks)
    named = [
        f"{leak.kind} {leak.name or '(code)'}: {' and '.join(leak.outputs)}"
        for leak in split.leaks
        if sharing.has_names
    ]
    outputs = tuple((sharing.file(name), count) for name, count in split.outputs.items())
    return Leaks(file, outputs, split.count, bars_of(kinds), tuple(named))


def histograms_of(facts: Facts) -> list[Bars]:
    """Latency, and the bands of `settle`."""
    found = [_latency(facts)] if facts.census.latencies_ms else []
    for file, one in facts.documents.settled:
        bins = tuple(
            (f"{each.start:.2f}", each.count, one.low <= (each.start + each.end) / 2 <= one.high)
            for each in one.bins
        )
        note = (
            f"Kept {one.kept:,} of {one.examples:,}, with a score from {one.low:.3f} to"
            f" {one.high:.3f}; {one.too_easy:,} too easy, {one.out_of_reach:,} out of reach."
        )
        found.append(Bars(f"What a student can learn from ({one.by}, {file})", bins, note=note))
    return found


def _latency(facts: Facts) -> Bars:
    values = sorted(facts.census.latencies_ms)
    counts = [0] * len(LATENCY_EDGES_MS)
    for value in values:
        counts[sum(value >= edge for edge in LATENCY_EDGES_MS[1:])] += 1
    middle, slow = quantile(values, 0.5), quantile(values, 0.9)
    note = f"Half within {middle:,.0f} ms, nine of ten within {slow:,.0f} ms, of {len(values):,}."
    bins = tuple(
        (str(edge), count, True) for edge, count in zip(LATENCY_EDGES_MS, counts, strict=True)
    )
    return Bars("Latency of predictions", bins, " ms and more", note)


def chrf_bars(name: str, bins: Sequence[int]) -> Bars:
    """The histogram of a model's delta-chrF."""
    width = 100 // BINS
    found = tuple((str(index * width), count, True) for index, count in enumerate(bins))
    return Bars(name, found)


def tiles_of(facts: Facts) -> list[Tile]:
    """The numbers that are looked at first."""
    census, flows = facts.census, yields_of(facts)
    tiles: list[Tile] = []
    if census.rows:
        again = census.rows - census.examples
        note = f"in {census.rows:,} rows" if again else "all of them different"
        tiles.append(Tile("examples", f"{census.examples:,}", note))
        largest = max(census.repositories.values(), default=0) / census.examples
        note = f"the largest holds {largest:.0%}"
        tiles.append(Tile("repositories", f"{len(census.repositories):,}", note))
        if census.people:
            tiles.append(Tile("persons", f"{len(census.people):,}", "by consent or session"))
        private = f"{census.private:,} private" if census.private else "none private"
        tiles.append(Tile("languages", f"{len(census.languages):,}", private))
    if facts.dropped:
        given, kept = sum(one.given for one in flows), sum(one.kept for one in flows)
        tiles.append(Tile("yield", f"{kept / (given or 1):.1%}", f"{kept:,} of {given:,} rows"))
    for one in leaks_of(facts):
        tone, value = ("bad", f"✗ {one.count:,}") if one.count else ("good", "✓ none")
        tiles.append(Tile("leaks", value, f"between the sets of {one.file}", tone))
    return tiles


def period_of(facts: Facts) -> str:
    """From which day to which day its examples are; empty if nobody knows."""
    first, last = facts.census.first_s, facts.census.last_s
    if first is None or last is None:
        return ""
    days = [_day(first), _day(last)]
    return days[0] if days[0] == days[1] else f"{days[0]} to {days[1]}"


def _day(time_s: float) -> str:
    try:
        return datetime.fromtimestamp(time_s, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return "a day beyond the calendar"


def digest_of(inputs: Sequence[Input]) -> str:
    """One digest of all inputs, in their order."""
    return sha256("".join(one.digest for one in inputs).encode()).hexdigest()
