"""Everything that has a say in the settings, read when a command starts or a folder is opened."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from zeta_lsp.cli.folders import config_path
from zeta_lsp.cli.settings_file import read_project_file, read_user_file
from zeta_lsp.core.environment import from_environment
from zeta_lsp.core.layers import Layer, Problem
from zeta_lsp.core.resolve import Resolved, resolve


class Sources(msgspec.Struct, frozen=True):
    """Layers as they were found, and problems of the files they come from."""

    user_file: Path
    layers: tuple[Layer, ...]
    problems: tuple[Problem, ...]

    def resolved(self) -> Resolved:
        """The settings, with the problems of files before those of fields."""
        found = resolve(self.layers)
        return msgspec.structs.replace(found, problems=(*self.problems, *found.problems))


def gather(
    variables: Mapping[str, str],
    given: Sequence[Layer] = (),
    roots: Sequence[Path] = (),
) -> Sources:
    """Read the files and the environment.

    Args:
        variables: the environment.
        given: layers that are known already: the command line's, an editor's.
        roots: the workspace folders. Each one's own file counts, and the user file must not lie
            in any of them.
    """
    path = config_path(variables)
    reads = [read_user_file(path, roots), *map(read_project_file, roots)]
    layers = [read.layer for read in reads if read.layer is not None]
    problems = [problem for read in reads for problem in read.problems]
    return Sources(path, (*layers, *from_environment(variables), *given), tuple(problems))
