"""The real language servers that are the reference, and what a C project must be told of first.

A server is looked for in ``$ZETA_<ITS NAME>``, beside this Python, then on ``$PATH``.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from zeta_lsp.context.headless import Command, commands_for

MAX_INCLUDES = 60


def which(name: str) -> str | None:
    """Where a server's program is."""
    chosen = os.environ.get("ZETA_" + name.upper().replace("-", "_"))
    beside = Path(sys.executable).with_name(name)
    return chosen or (str(beside) if beside.exists() else shutil.which(name))


@contextmanager
def command_for(language: str, root: Path, files: Sequence[Path]) -> Iterator[Command | None]:
    """The best server that is here for a language; None if there is none."""
    command = next(iter(commands_for(language, which=which)), None)
    if command is None or language != "c":
        yield command
        return
    with TemporaryDirectory() as folder:
        _describe(Path(folder), root, files)
        argv = (*command.argv, f"--compile-commands-dir={folder}", "--background-index")
        yield msgspec.structs.replace(command, argv=argv)


def _describe(folder: Path, root: Path, files: Sequence[Path]) -> None:
    """How each file is compiled, as well as that can be told from where the headers are."""
    headers = {path.parent for path in files if path.suffix == ".h"}
    shallow = sorted(headers, key=lambda path: (len(path.parts), path))[:MAX_INCLUDES]
    flags = ["-std=gnu11", "-D_GNU_SOURCE", *(f"-I{path}" for path in shallow)]
    entries = [
        {"directory": str(root), "file": str(path), "arguments": ["cc", *flags, "-c", str(path)]}
        for path in files
        if path.suffix == ".c"
    ]
    (folder / "compile_commands.json").write_text(json.dumps(entries))
