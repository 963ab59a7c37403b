import gc
from collections.abc import Iterator

import pytest

from zeta_lsp.server.garbage import IdleCollector


@pytest.fixture
def collections() -> Iterator[list[int]]:
    """The generations that were collected."""
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            seen.append(2)

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


def test_garbage_is_collected_once_when_nothing_came_for_a_while(collections: list[int]) -> None:
    messages = [0]
    collector = IdleCollector(lambda: messages[0])
    collector.look()
    assert collections == [], "nothing came at all"
    messages[0] = 5
    collector.look()
    assert collections == [], "something came just now"
    collector.look()
    assert collections == [2]
    collector.look()
    assert collections == [2], "nothing came since"
    messages[0] = 6
    collector.look()
    collector.look()
    assert collections == [2, 2]
