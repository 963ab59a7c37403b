"""The queries in `queries/`, one file for each language, and how they are run.

A file holds patterns for items and for imports. An item is captured as ``@item.KIND``, with its
``@name`` (or the C-like ``@declarator`` that holds it) and, if it has one, its ``@body``. Where
several patterns match the same item, the first one in the file counts. What imports capture is
said in `imports`.

Queries are compiled once and kept until the process ends. They use no ``#set!``: freeing a query
that has both ``#eq?`` and ``#set!`` corrupts memory in py-tree-sitter 0.26.1.
"""

import functools
from importlib.resources import files

import msgspec
from tree_sitter import Node, Parser, Query, QueryCursor, Tree

from zeta_lsp.context.grammars import grammar_name, language_for
from zeta_lsp.context.parsed import source_of
from zeta_lsp.core.text import split_lines

OUTLINE_BYTES = 2 << 20
"""Longer texts have no outline: they are data, or generated, and would take half a second."""

ERROR_NODES = 2000
"""A text with more nodes in one error is no code of its language. In an error a query takes time
with the square of their number: a minute for 256 KiB of brackets."""

_SHARED = {"tsx": "typescript"}
"""Grammars that use the queries of another."""


class Source(msgspec.Struct, frozen=True, gc=False):
    """A parsed text."""

    grammar: str
    data: bytes
    tree: Tree


class Match(msgspec.Struct, frozen=True, gc=False):
    """The nodes that one pattern captured, by name, each name with its first node."""

    pattern: int
    nodes: dict[str, Node]


def parse(language: str, text: str) -> Source | None:
    """A text as a tree; None if its language has no grammar or it is too long.

    `language` is what an editor calls the language, or the name of a grammar.
    """
    return parse_rows(language, split_lines(text)) if len(text) <= OUTLINE_BYTES else None


def parse_rows(language: str, lines: list[str]) -> Source | None:
    """The same for lines as `split_lines` cuts them."""
    grammar = grammar_name(language, "")
    parser = None if grammar is None else _parser(grammar)
    if grammar is None or parser is None:
        return None
    data = source_of(lines)
    return None if len(data) > OUTLINE_BYTES else Source(grammar, data, parser.parse(data))


def matches(source: Source) -> list[Match]:
    """What the language's query finds; nothing if it has none."""
    query = _query(source.grammar)
    if query is None or not is_code(source):
        return []
    return [
        Match(pattern, {name: nodes[0] for name, nodes in captured.items()})
        for pattern, captured in QueryCursor(query).matches(source.tree.root_node)
    ]


def is_code(source: Source) -> bool:
    """Whether a text can be searched: see `ERROR_NODES`."""
    nodes = [source.tree.root_node]
    while nodes:
        node = nodes.pop()
        if node.has_error:
            if node.is_error and node.child_count > ERROR_NODES:
                return False
            nodes += node.children
    return True


def text_of(source: Source, node: Node) -> str:
    """The text of a node."""
    return source.data[node.start_byte : node.end_byte].decode()


@functools.cache
def _parser(grammar: str) -> Parser | None:
    language = language_for(grammar, "")
    return None if language is None else Parser(language)


@functools.cache
def _query(grammar: str) -> Query | None:
    language = language_for(grammar, "")
    file = files(__package__) / "queries" / f"{_SHARED.get(grammar, grammar)}.scm"
    if language is None or not file.is_file():
        return None
    return Query(language, file.read_text(encoding="utf-8"))
