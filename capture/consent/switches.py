"""A file by which a project, or any folder in or above it, says that it must not be recorded.

Its name is enough: it may be empty, or a link to nowhere. There is no file that says the opposite.
"""

import os
from pathlib import Path

SWITCH = ".zeta-nocapture"


def forbidding(folder: Path) -> Path | None:
    """The switch that forbids capture in a folder, looked for there and in all folders above."""
    for each in (folder, *folder.parents):
        if os.path.lexists(each / SWITCH):
            return each / SWITCH
    return None
