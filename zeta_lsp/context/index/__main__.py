"""The helper process; see `helper`, and `readers` for those that it starts itself.

Started by `client.Index`, of no use by hand.

It is nice to others, deaf to Ctrl-C (whoever reads the keyboard ends it by closing its input), and
what it writes is for its user alone.
"""

import os
import signal
import sys

NICENESS = 10
UMASK = 0o077


def main() -> None:
    """Serve on stdin and stdout until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(UMASK)
    os.nice(NICENESS - os.nice(0))
    source, sink = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may write into our messages
    if sys.argv[1:] == ["read"]:
        from zeta_lsp.context.index.readers import serve

        serve(source, sink)
        return
    from zeta_lsp.context.index.helper import Helper

    Helper(source, sink).run()


if __name__ == "__main__":
    main()
