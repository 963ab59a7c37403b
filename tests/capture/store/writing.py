"""A process that writes until it is killed, and says on a pipe what was acknowledged.

``python -m tests.capture.store.writing FOLDER NAME [yield]``. Each line is the number of a
prediction that a commit which has returned wrote, with its outcome and its settled text.
"""

import sys
import time
from pathlib import Path

from capture.store import Segment, StoreUnavailable
from tests.capture.store.rows import outcome, session, settled, snapshot, stream


def write(folder: Path, name: str, *, yields: bool) -> None:
    segment = Segment.claim(folder, time.time)
    segment.commit([session(name)])
    n = 0
    while True:
        segment.commit(
            [
                snapshot(n, session=name),
                outcome(n, session=name),
                settled(n, session=name),
                stream(n, session=name),
            ]
        )
        print(n, flush=True)
        n += 1
        if yields and segment.asked_to_yield() is not None:
            segment.close()
            segment = _claimed(folder)
            name += "x"
            segment.commit([session(name)])


def _claimed(folder: Path) -> Segment:
    while True:
        try:
            return Segment.claim(folder, time.time)
        except StoreUnavailable:
            time.sleep(0.01)


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2], yields="yield" in sys.argv[3:])
