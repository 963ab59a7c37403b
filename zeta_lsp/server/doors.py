"""What a session needs from other rooms and from the outside, handed in by `__main__`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.core.layers import Layer
from zeta_lsp.core.ports import Predictor, Syntax, Watcher
from zeta_lsp.core.recording import Capturing, ConsentDesk, Recorder
from zeta_lsp.core.surroundings import Gatherer

if TYPE_CHECKING:  # it imports pydantic, which waits until `initialize` is answered
    from zeta_lsp.core.resolve import Resolved


class Doors(msgspec.Struct, frozen=True):
    """Functions that reach outside.

    `load_settings` takes the workspace folders and what the editor said. `syntax_for` takes a
    language id and a path, and is None for languages without a grammar. `enter` takes entries for
    the journal and never blocks. `watcher_for` takes what is called, on any thread, with the path
    of a file that changed on disk. `gatherer_for` makes what reads other files. `recorder_for` is
    None where nobody consented to anything; `consents` is where they do. `clock` counts monotonic
    seconds, `wall_clock` those since 1970.
    """

    load_settings: "Callable[[Sequence[Path], Layer | None], Resolved]"
    predictor_for: Callable[[Endpoint], Predictor]
    syntax_for: Callable[[str, str], Syntax | None]
    enter: Callable[[Sequence[JournalEntry]], None]
    watcher_for: Callable[[Callable[[Path], None]], Watcher]
    gatherer_for: Callable[[], Gatherer]
    recorder_for: Callable[[Capturing], Recorder | None]
    consents: ConsentDesk
    clock: Callable[[], float]
    wall_clock: Callable[[], float]
