"""Start the neighbour: before anything else, so that it gets ready while we do.

It gets the arguments, the folder and the environment that we got, and our standard error as its
own. Its other two streams are pipes. Where Linux can do that, the kernel kills it when we are
killed; everywhere it sees the end of its input.

Nothing is imported here that takes long.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

_PR_SET_PDEATHSIG = 1


def start(command: Sequence[str], env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start a server; `command` is its name or path, and its arguments.

    Raises:
        OSError: it cannot be started.
    """
    name = command[0]
    if sys.platform == "win32":  # scripts are found by their ending
        name = shutil.which(name, path=env.get("PATH")) or name
    return subprocess.Popen(  # noqa: S603 - the user's own command line
        [name, *command[1:]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(env),
        bufsize=0,
        preexec_fn=_die_with_parent(),  # noqa: PLW1509 - no thread is running yet
    )


def _die_with_parent() -> Callable[[], None] | None:
    """What the child runs before it becomes the server."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    prctl = ctypes.CDLL(None).prctl

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))

    return ask_kernel
