"""Which nodes of a grammar are names that something can be defined under."""

import functools

from tree_sitter import Query

from zeta_lsp.context.grammars import language_for

_KINDS = {
    "bash": "variable_name",
    "c": "identifier type_identifier field_identifier",
    "cpp": "identifier type_identifier field_identifier namespace_identifier",
    "csharp": "identifier",
    "go": "identifier type_identifier field_identifier package_identifier",
    "java": "identifier type_identifier",
    "javascript": "identifier property_identifier private_property_identifier "
    "shorthand_property_identifier shorthand_property_identifier_pattern",
    "kotlin": "identifier",
    "lua": "identifier",
    "php": "name",
    "python": "identifier",
    "ruby": "identifier constant instance_variable class_variable global_variable",
    "rust": "identifier type_identifier field_identifier shorthand_field_identifier",
    "scala": "identifier type_identifier",
    "typescript": "identifier type_identifier property_identifier private_property_identifier "
    "shorthand_property_identifier shorthand_property_identifier_pattern",
}
_SHARED = {"tsx": "typescript"}
_COMMANDS = "(command_name (word) @identifier)"
_TAGS = (
    "([(jsx_opening_element name: (identifier) @tag) (jsx_closing_element name: (identifier) @tag)"
    " (jsx_self_closing_element name: (identifier) @tag)])"
)
_FURTHER = {"bash": _COMMANDS, "javascript": _TAGS, "tsx": _TAGS}
"""Patterns beyond kinds; ``@tag`` are names of elements, to be left out if they are HTML's."""


@functools.cache
def identifier_query(grammar: str) -> Query | None:
    """The query whose ``@identifier`` are the names of a text; None for languages without."""
    kinds = _KINDS.get(_SHARED.get(grammar, grammar))
    language = language_for(grammar, "")
    if kinds is None or language is None:
        return None
    alternatives = " ".join(f"({kind})" for kind in kinds.split())
    return Query(language, f"[{alternatives}] @identifier\n{_FURTHER.get(grammar, '')}")
