"""What a text imports, and the names that it binds.

Queries capture an import as ``@import``, the module as ``@module``, the name that is bound as
``@name`` and what the module calls it as ``@origin`` (alone, it is both). Further captures say what
no node does: ``@all`` that everything is bound, ``@default`` that the origin is ``default``,
``@package`` that the name is the path's last part, ``@relative`` that the module is a path beside
the file, ``@submodule`` that it is below it. ``@tree`` is left to `use_tree`.
"""

from collections.abc import Iterable, Iterator

import msgspec
from tree_sitter import Node

from zeta_lsp.context.outline.query import Match, Source, text_of
from zeta_lsp.context.outline.use_tree import expanded
from zeta_lsp.core.related import Binding, Import

EVERYTHING = Binding("*", "*")


class _Clause(msgspec.Struct, frozen=True, gc=False):
    """One module in an import, with one name or none."""

    node: Node
    module: str
    binding: Binding | None


def imports_of(source: Source, matches: Iterable[Match]) -> tuple[Import, ...]:
    """The imports of a parsed text, by row; the clauses of a module in one import together."""
    found = [match for match in matches if "import" in match.nodes]
    found.sort(key=lambda match: (match.nodes["import"].start_byte, match.pattern))
    grouped: dict[tuple[int, str], list[_Clause]] = {}
    for match in _without_doubles(found):
        for clause in _clauses(source, match):
            grouped.setdefault((clause.node.start_byte, clause.module), []).append(clause)
    return tuple(_import(clauses) for clauses in grouped.values())


def _without_doubles(found: Iterable[Match]) -> Iterator[Match]:
    """Leave out what says in general what an earlier pattern said in detail."""
    patterns: dict[int, int] = {}
    for match in found:
        anchor = match.nodes.get("tree") or match.nodes["module"]
        first = patterns.setdefault(anchor.start_byte, match.pattern)
        if first == match.pattern or not match.nodes.keys() & {"all", "tree"}:
            yield match


def _clauses(source: Source, match: Match) -> Iterator[_Clause]:
    nodes = match.nodes
    if "tree" in nodes:
        for module, bound in expanded(text_of(source, nodes["tree"])):
            yield _Clause(nodes["import"], module, _renamed(source, bound, nodes))
        return
    module = _module(text_of(source, nodes["module"]), nodes)
    yield _Clause(nodes["import"], module, _binding(source, module, nodes))


def _renamed(source: Source, bound: Binding | None, nodes: dict[str, Node]) -> Binding | None:
    """The binding of a tree, under the name that stands outside it if there is one."""
    if bound is None or "name" not in nodes:
        return bound
    return Binding(text_of(source, nodes["name"]), bound.origin)


def _module(text: str, nodes: dict[str, Node]) -> str:
    module = text.strip("\"'`<>")
    if "relative" in nodes:
        return f"./{module}"
    return f"self::{module}" if "submodule" in nodes else module


def _binding(source: Source, module: str, nodes: dict[str, Node]) -> Binding | None:
    if "all" in nodes:
        return EVERYTHING
    if "package" in nodes:
        return Binding(_package_name(module), "")
    origin = text_of(source, nodes["origin"]) if "origin" in nodes else ""
    if "name" not in nodes:
        return Binding(origin, origin) if origin else None
    return Binding(text_of(source, nodes["name"]), "default" if "default" in nodes else origin)


def _package_name(path: str) -> str:
    """What Go calls a package by default: its path's last part, but a major version."""
    parts = path.split("/")
    if len(parts) > 1 and parts[-1][:1] == "v" and parts[-1][1:].isdigit():
        parts.pop()
    return parts[-1].split(".")[0]


def _import(clauses: list[_Clause]) -> Import:
    node = clauses[0].node
    bindings = dict.fromkeys(clause.binding for clause in clauses if clause.binding is not None)
    end = node.end_point
    end_row = end.row if end.column == 0 and end.row > node.start_point.row else end.row + 1
    return Import(clauses[0].module, tuple(bindings), node.start_point.row, end_row)
