"""The helper process; see `helper`, and `readers` for those that it starts itself.

Started by `client.Index`, of no use by hand.

It is nice to others, its readers more so, and deaf to Ctrl-C: whoever reads the keyboard ends it by
closing its input. What it writes is for its user alone.
"""

import os
import signal
import sys

NICENESS = 5
NICENESS_OF_READERS = 15
UMASK = 0o077


def main() -> None:
    """Serve on stdin and stdout until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(UMASK)
    is_reader = sys.argv[1:] == ["read"]
    os.nice(max(0, (NICENESS_OF_READERS if is_reader else NICENESS) - os.nice(0)))
    source, sink = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may write into our messages
    if is_reader:
        from zeta_lsp.context.index.readers import serve

        serve(source, sink)
        return
    from zeta_lsp.context.index.helper import Helper

    Helper(source, sink).run()


if __name__ == "__main__":
    main()
