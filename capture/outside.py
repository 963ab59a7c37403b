"""The doors of the recorder as they are on a real machine."""

import time
from pathlib import Path

from capture.consent import Consents
from capture.doors import Doors
from capture.eligibility import Eligibility
from capture.licences import licence_of
from capture.repository import Repository
from capture.secrets import Scanner
from capture.store import Segment


def doors_of(folder: Path, consents: Consents) -> Doors:
    """Everything over one capture folder. Nothing is opened yet."""
    return Doors(
        consents=consents,
        licence_of=licence_of,
        eligibility_of=Eligibility,
        scanner=Scanner,
        repository_of=Repository.find,
        claim=lambda: Segment.claim(folder, time.time),
        monotonic=time.monotonic,
        wall_clock=time.time,
    )
