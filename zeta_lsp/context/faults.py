"""How many syntax errors a text has, for those who judge edits when nobody waits.

Unlike `soundness`, which gives a verdict while a person types, this counts in all of a text, which
may be an excerpt that begins and ends anywhere: only the difference between two texts of the same
excerpt says something about an edit.
"""

import functools

from tree_sitter import Parser

from zeta_lsp.context.grammars import grammar_name, language_for
from zeta_lsp.context.parsed import Parsed, source_of
from zeta_lsp.core.text import split_lines

CHARS_MAX = 1 << 20
"""Longer texts are not parsed."""


def syntax_errors(path: str, text: str) -> int | None:
    """Errors and missing tokens; None if the file's language has no grammar here."""
    parser = _parser(grammar_name("", path) or "")
    if parser is None or len(text) > CHARS_MAX:
        return None
    lines = split_lines(text)
    return Parsed(parser.parse(source_of(lines)), 0, lines).errors(0, len(lines))


@functools.cache
def _parser(grammar: str) -> Parser | None:
    language = language_for(grammar, "")
    return None if language is None else Parser(language)
