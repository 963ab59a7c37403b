"""How much each output gets, and which groups those are.

Groups are placed from the largest to the smallest, by lot among the outputs that have room for
them, with the room as the weight; the lot depends on the seed and the group's name alone. One that
fits nowhere goes where most is missing. Shares are therefore met as nearly as groups allow. With
strata, room is counted for each kind of row, so that kinds are spread alike.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from pipeline.splitting.census import Group
from zeta_lsp.core.errors import UsageError

_SPEC = re.compile(r"(?P<name>.+)=(?:(?P<percent>\d+(?:\.\d+)?)%|(?P<count>\d+)|(?P<rest>rest))")
NOWHERE = -1
"""The place of what no output has asked for."""


class Share(msgspec.Struct, frozen=True):
    """An output: its name, and a percentage, a number of rows, or (both None) the rest."""

    name: str
    percent: float | None = None
    count: int | None = None

    @property
    def path(self) -> str:
        """Its file's name."""
        return self.name if "." in self.name.rsplit("/", 1)[-1] else f"{self.name}.jsonl"


def shares_of(specs: Sequence[str]) -> list[Share]:
    """The outputs as a person writes them: ``train=80%``, ``valid=500``, ``test=rest``.

    Raises:
        UsageError: one is not understood, or they cannot all be had.
    """
    shares = [_share(spec) for spec in specs]
    if len({share.path for share in shares}) < len(shares):
        raise UsageError("two outputs have the same name")
    if sum(share.percent is None and share.count is None for share in shares) > 1:
        raise UsageError("only one output can have the rest")
    if sum(share.percent or 0 for share in shares) > 100:
        raise UsageError("the percentages add up to more than 100")
    return shares


def _share(spec: str) -> Share:
    found = _SPEC.fullmatch(spec)
    if found is None:
        raise UsageError(f"an output is written name=80%, name=500 or name=rest, not {spec}")
    percent, count = found["percent"], found["count"]
    return Share(
        found["name"],
        None if percent is None else float(percent),
        None if count is None else int(count),
    )


def targets_of(shares: Sequence[Share], total: int) -> list[float]:
    """How many of all rows each output should have."""
    wanted = [
        total * share.percent / 100 if share.percent is not None else float(share.count or 0)
        for share in shares
    ]
    rest = max(0.0, total - sum(wanted))
    return [
        rest if share.percent is None and share.count is None else target
        for share, target in zip(shares, wanted, strict=True)
    ]


def places_of(groups: Mapping[int, Group], shares: Sequence[Share], seed: int) -> dict[int, int]:
    """Each group's output, by its index; `NOWHERE` for what is beyond all of them."""
    total = sum((group.strata for group in groups.values()), Counter[str]())
    targets = targets_of(shares, total.total())
    room = [*targets, max(0.0, total.total() - sum(targets))]
    scale = 1 / max(1, total.total())
    missing = [{kind: size * count * scale for kind, count in total.items()} for size in room]
    places: dict[int, int] = {}
    for ident, group in sorted(groups.items(), key=lambda item: _order(item[1], seed)):
        place = _chosen(group, room, missing, seed)
        places[ident] = place
        room[place] -= group.size
        for kind, count in group.strata.items():
            missing[place][kind] -= count
    _fill_empty(places, groups, targets)
    return {ident: NOWHERE if place == len(shares) else place for ident, place in places.items()}


def _order(group: Group, seed: int) -> tuple[int, int]:
    return -group.size, _lot(f"{seed} {group.name}")


def _chosen(
    group: Group, room: Sequence[float], missing: Sequence[Mapping[str, float]], seed: int
) -> int:
    fitting = [place for place, size in enumerate(room) if size >= group.size]
    if not fitting:
        return max(range(len(room)), key=lambda place: (room[place], -place))
    weights = [
        sum(count * max(missing[place][kind], 0.0) for kind, count in group.strata.items())
        for place in fitting
    ]
    at = _lot(f"{seed}:{group.name}") / 2**64 * sum(weights)
    for place, weight in zip(fitting, weights, strict=True):
        at -= weight
        if at < 0:
            return place
    return max(fitting, key=lambda place: (room[place], -place))


def _fill_empty(
    places: dict[int, int], groups: Mapping[int, Group], targets: Sequence[float]
) -> None:
    """Give an output that got nothing the smallest group of one that has several."""
    for place, target in enumerate(targets):
        counts = Counter(places.values())
        if not target or counts[place]:
            continue
        others = [ident for ident, other in places.items() if counts[other] > 1]
        if others:
            places[min(others, key=lambda one: (groups[one].size, groups[one].name))] = place


def _lot(text: str) -> int:
    """A number below 2**64 that is always the same for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
