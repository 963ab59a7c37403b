"""Record a session with each real server that is here.

``python -m tests.e2e.servers.record FOLDER``. The recordings that the tests play are in
``tests/golden/proxy``. Paths of the machine are replaced.
"""

import sys
import tempfile
from pathlib import Path

import pytest

from tests.e2e.servers.conversation import Conversation, save
from tests.e2e.servers.real import SERVERS, Server
from tests.e2e.servers.session import Session


def record(server: Server, out: Path) -> None:
    argv = server.argv()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "project"
        folder.mkdir()
        server.write(folder)
        with Conversation(argv, folder) as talk:
            code = Session(talk, server, folder).run()
        names = {
            str(folder): "/project",
            home: "/home",
            str(Path(argv[0]).parent): "/bin",
            sys.prefix: "/python",
            sys.base_prefix: "/python",
            str(Path.home()): "/home/me",
        }
        save(talk.lines, out / f"{server.name}.jsonl.gz", names)
    print(f"{server.name}: {len(talk.lines)} messages, exit code {code}")


def main() -> None:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for server in SERVERS:
        try:
            record(server, out)
        except pytest.skip.Exception as skipped:
            print(skipped)


if __name__ == "__main__":
    main()
