"""The projects that somebody names on the command line, as the store knows them."""

import time
from collections.abc import Sequence
from pathlib import Path

from capture.consent import Consents
from zeta_lsp.core.errors import UsageError


def project_ids(folders: Sequence[Path], folder: Path) -> list[str]:
    """The ids of projects, which need not exist any more; each once.

    Raises:
        UsageError: nothing was ever recorded at all, so none of them is known.
    """
    consents = Consents(folder, time.time)
    ids = [consents.project(each) for each in folders]
    if "" in ids:
        raise UsageError(f"nothing was ever recorded of {folders[ids.index('')]}")
    return list(dict.fromkeys(ids))
