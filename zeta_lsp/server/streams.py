"""Standard input and output belong to the protocol alone.

A `print` anywhere in the process, or in a program it starts, would end in the middle of a message;
something that reads standard input would take one away. So the protocol moves to descriptors of its
own: what is left as standard output leads to standard error, what is left as standard input is
empty.
"""

import os
import sys


def claim_standard_streams() -> tuple[int, int]:
    """File descriptors that were standard input and output; they are not inherited.

    Raises:
        OSError: one of them is not open.
    """
    given, taken = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        for fd in (given, taken):
            msvcrt.setmode(fd, os.O_BINARY)
    _replace(0, os.O_RDONLY)
    try:
        os.dup2(2, 1)
    except OSError:  # started without standard error
        _replace(1, os.O_WRONLY)
    sys.stdout = sys.stderr
    return given, taken


def _replace(fd: int, flags: int) -> None:
    nothing = os.open(os.devnull, flags)
    os.dup2(nothing, fd)
    if nothing != fd:
        os.close(nothing)
