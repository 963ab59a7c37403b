"""Clusters of what is similar: whoever is similar to one of them belongs to them.

Comparing each with each is out of the question for a million. So signatures are cut into bands of
three hashes, and only those that agree in a whole band are compared: of pairs with a similarity of
0.5, 99.6 % meet in one of the 42 bands, of pairs with 0.1 only 4 %. One band is in memory at a
time. Many that agree in a band are compared with one of each cluster among them.
"""

from collections.abc import Iterator, Sequence

from pipeline.duplicates.signatures import HASHES, Signatures
from pipeline.unions import Unions

THRESHOLD = 0.5
"""Zed's: half of the 5-grams in common."""
_BAND = 3
_STARTS = range(0, HASHES - _BAND + 1, _BAND)
_COMPARED_MAX = 32
"""Of many that agree in a band, how many a newcomer is compared with."""


def clusters_of(signatures: Signatures, threshold: float = THRESHOLD) -> Unions:
    """The clusters, by the numbers of the signatures."""
    unions = Unions()
    for _ in range(len(signatures)):
        unions.add()
    for one, other in similar_pairs(signatures, unions, threshold):
        unions.join(one, other)
    return unions


def similar_pairs(
    signatures: Signatures, unions: Unions, threshold: float
) -> Iterator[tuple[int, int]]:
    """Pairs of similar ones that are not of one set yet."""
    for start in _STARTS:
        met: dict[bytes, list[int]] = {}
        for number, band in enumerate(signatures.bands(start, _BAND)):
            known = met.get(band)
            if known is None:
                met[band] = [number]
                continue
            for other in known:
                if unions.root(other) == unions.root(number):
                    break
                if signatures.similarity(number, other) >= threshold:
                    yield other, number
            else:
                if len(known) < _COMPARED_MAX and not _has_root(unions, known, number):
                    known.append(number)


def similar_across(
    signatures: Signatures, places: Sequence[int], threshold: float
) -> Iterator[tuple[int, int]]:
    """Pairs of similar ones in different places, one for each that has any; place -1 is none."""
    told: set[int] = set()
    for start in _STARTS:
        met: dict[bytes, dict[int, list[int]]] = {}
        for number, band in enumerate(signatures.bands(start, _BAND)):
            place = places[number]
            if place < 0:
                continue
            known = met.setdefault(band, {})
            others = (other for at, found in known.items() if at != place for other in found)
            if number not in told:
                for other in others:
                    if signatures.similarity(number, other) >= threshold:
                        told.add(number)
                        yield other, number
                        break
            here = known.setdefault(place, [])
            if len(here) < _COMPARED_MAX:
                here.append(number)


def _has_root(unions: Unions, known: Sequence[int], number: int) -> bool:
    return any(unions.root(other) == unions.root(number) for other in known)


def most_diverse(signatures: Signatures, members: Sequence[int], count: int) -> list[int]:
    """Those to keep of a cluster: the first, then always the one least like those kept so far."""
    kept = [members[0]]
    nearest = {other: signatures.similarity(kept[0], other) for other in members[1:]}
    while nearest and len(kept) < count:
        chosen = min(nearest, key=lambda other: (nearest[other], other))
        kept.append(chosen)
        del nearest[chosen]
        for other, nearness in nearest.items():
            nearest[other] = max(nearness, signatures.similarity(chosen, other))
    return kept
