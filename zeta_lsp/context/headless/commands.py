"""Which language servers are known, for which languages, and how each is started.

Only programs that are here are started, and none is told to fetch or to run anything of the
workspace: no type acquisition, no build scripts, no macros. A command that is given replaces the
table.
"""

import functools
import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from zeta_lsp.context.grammars import grammar_name
from zeta_lsp.core.errors import UsageError

Which = Callable[[str], str | None]


class Command(msgspec.Struct, frozen=True):
    """How a server is started.

    `argv` is the command line; `languages` are names of grammars. `options` go with
    ``initialize``, `settings` answer ``workspace/configuration``, by section.
    """

    argv: tuple[str, ...]
    languages: frozenset[str]
    options: Mapping[str, Any] = {}
    settings: Mapping[str, Any] = {}

    @property
    def name(self) -> str:
        """What the program is called."""
        return self.argv[0].replace("\\", "/").rpartition("/")[2]


_PYTHON = frozenset(("python",))
_ANALYSIS = {"analysis": {"diagnosticMode": "openFilesOnly", "autoSearchPaths": True}}

COMMANDS: tuple[Command, ...] = (
    Command(
        ("basedpyright-langserver", "--stdio"),
        _PYTHON,
        settings={"basedpyright": _ANALYSIS, "python": _ANALYSIS},
    ),
    Command(("pyright-langserver", "--stdio"), _PYTHON, settings={"python": _ANALYSIS}),
    Command(("jedi-language-server",), _PYTHON),
    Command(
        ("typescript-language-server", "--stdio"),
        frozenset(("typescript", "tsx", "javascript")),
        options={"disableAutomaticTypingAcquisition": True},
    ),
    Command(("gopls",), frozenset(("go",))),
    Command(("clangd", "--log=error"), frozenset(("c", "cpp"))),
    Command(
        ("rust-analyzer",),
        frozenset(("rust",)),
        options={
            "checkOnSave": False,
            "cargo": {"buildScripts": {"enable": False}},
            "procMacro": {"enable": False},
        },
    ),
)
"""The servers that are looked for, the best of each language first."""


def commands_for(
    language: str,
    *,
    which: Which = shutil.which,
    table: Sequence[Command] = COMMANDS,
) -> tuple[Command, ...]:
    """The commands for a language (any of its ids) whose programs are here, with their paths."""
    grammar = grammar_name(language, "") or language
    return tuple(
        msgspec.structs.replace(command, argv=(program, *command.argv[1:]))
        for command in table
        if grammar in command.languages and (program := which(command.argv[0])) is not None
    )


def commands_named(names: Sequence[str] | None) -> Callable[[str], Sequence[Command]]:
    """The commands for a language among some servers, by their names; None: among all.

    Raises:
        UsageError: nobody knows a server of such a name.
    """
    if names is None:
        return commands_for
    known = {command.name: command for command in COMMANDS}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        raise UsageError(f"there is no server {unknown}: {', '.join(known)}")
    table = tuple(known[name] for name in dict.fromkeys(names))
    return functools.partial(commands_for, table=table)
