"""Decides which files may be recorded at all.

`Eligibility` answers for one workspace folder with a stable word (`REASONS` says it in a line), or
with None if a file may be recorded. All of these must hold: the path is not excluded, neither as
it was named nor as it really is; it lies inside the folder, symbolic links followed; git does not
ignore it; it was neither generated, minified nor copied in; its text is text that UTF-8 can hold,
of a bearable size. A rule that cannot be read refuses.
"""

from capture.eligibility.gate import Eligibility
from capture.eligibility.reasons import REASONS

__all__ = ["REASONS", "Eligibility"]
