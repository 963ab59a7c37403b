"""What a figure is made of: how large the documents are, how fast is typed, how samples sum up."""

import statistics
import time
from collections.abc import Callable

SIZES = {"100 lines": (100, 0), "10k lines": (10_000, 0), "50k lines / 5 MB": (50_000, 100)}
"""Lines, and the columns to which they are padded."""
PACE_S = 0.005


class Figure:
    """Samples of one quantity, in milliseconds."""

    def __init__(self, samples: list[float]) -> None:
        self.p50 = statistics.median(samples)
        self.p99 = sorted(samples)[int(len(samples) * 0.99)]

    def against(self, floor: "Figure") -> dict[str, float]:
        """The figure with its ratio to the floor's."""
        return {
            "p50_ms": round(self.p50, 3),
            "p99_ms": round(self.p99, 3),
            "p50_ratio": round(self.p50 / floor.p50, 2),
            "p99_ratio": round(self.p99 / floor.p99, 2),
        }


def paced(step: Callable[[int], object], count: int) -> Figure:
    """Time `count` steps, one each 5 ms, after a warm-up."""
    samples = []
    for index in range(-20, count):
        time.sleep(PACE_S)
        started = time.perf_counter()
        step(index)
        if index >= 0:
            samples.append((time.perf_counter() - started) * 1e3)
    return Figure(samples)
