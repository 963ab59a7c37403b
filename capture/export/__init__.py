"""Turns what was recorded into lines that other tools read.

Everything but `output` is pure: a recorded prediction and the horizon to judge it by make one line,
or a `Dropped` that says why there is none. `example` makes Zed's `ep` examples, `preference` the
shapes of TRL's trainers; `lines` chooses between them.
"""

from capture.export.lines import FORMATS, line_of
from capture.export.recorded import Dropped, Recorded

__all__ = ["FORMATS", "Dropped", "Recorded", "line_of"]
