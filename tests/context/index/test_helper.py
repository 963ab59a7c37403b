"""The helper's loop by itself, over pipes: what it makes of what it is told."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zeta_lsp.context.index.helper import Helper
from zeta_lsp.context.index.messages import Excerpted, Report, Show, Start, framed, reports

EVENTS_LOST = None


@contextmanager
def helping(root: Path) -> Iterator[tuple[Helper, int]]:
    """A helper that has begun with a folder, and where its reports can be read."""
    source, requests = os.pipe()
    heard, sink = os.pipe()
    helper = Helper(source, sink)
    try:
        os.write(requests, framed(Start((str(root),), (), "")))
        assert helper._turn()
        yield helper, heard
    finally:
        os.close(requests)
        helper.run()
        for descriptor in (source, sink, heard):
            os.close(descriptor)


def said(heard: int) -> list[Report]:
    return list(reports().feed(os.read(heard, 1 << 16)))


def test_however_often_events_are_lost_everything_is_looked_at_once_more(tmp_path: Path) -> None:
    with helping(tmp_path) as (helper, _):
        begun = next(helper._work[0], None)
        for _ in range(50):
            helper._watched(EVENTS_LOST)
            helper._collect()
        assert (begun, len(helper._work)) == (None, 2)


def test_a_question_that_fails_is_answered_with_nothing(tmp_path: Path) -> None:
    with helping(tmp_path) as (helper, heard):
        del helper._workspace.excerpts  # whatever goes wrong in there
        helper._guarded(Show(7, ()))
        assert Excerpted(7, (), ()) in said(heard)
