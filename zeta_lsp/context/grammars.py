"""Which grammar a document has, by what its editor calls its language, else by its file's name.

Each grammar is a wheel of its own, imported when the first file of its language is opened (about
5 ms). A wheel that is missing or too old for tree-sitter means no tree, never a failure.
"""

import functools
import importlib
from pathlib import PurePosixPath

from tree_sitter import Language

_GRAMMARS = {
    "bash": ("tree_sitter_bash", "language"),
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "css": ("tree_sitter_css", "language"),
    "go": ("tree_sitter_go", "language"),
    "html": ("tree_sitter_html", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "json": ("tree_sitter_json", "language"),
    "kotlin": ("tree_sitter_kotlin", "language"),
    "lua": ("tree_sitter_lua", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "python": ("tree_sitter_python", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "scala": ("tree_sitter_scala", "language"),
    "toml": ("tree_sitter_toml", "language"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "yaml": ("tree_sitter_yaml", "language"),
}
"""Module and function of each grammar."""

_LANGUAGE_IDS = {
    "bash": "shellscript sh zsh ksh",
    "cpp": "c++ cuda cuda-cpp",
    "csharp": "cs c# c-sharp c_sharp",
    "go": "golang",
    "html": "xhtml htm",
    "javascript": "javascriptreact jsx js ecmascript",
    "json": "jsonc json5 jsonl",
    "python": "py python3 cython",
    "ruby": "rb",
    "rust": "rs",
    "tsx": "typescriptreact",
    "typescript": "ts",
    "yaml": "yml dockercompose",
}
"""What else editors call a language, besides the name of its grammar."""

_ENDINGS = {
    "bash": "sh bash zsh ksh bashrc zshrc profile",
    "c": "c h",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ ipp tpp cu cuh",
    "csharp": "cs csx",
    "css": "css",
    "go": "go",
    "html": "html htm xhtml",
    "java": "java",
    "javascript": "js jsx mjs cjs",
    "json": "json jsonc jsonl json5 geojson webmanifest",
    "kotlin": "kt kts",
    "lua": "lua",
    "php": "php phtml",
    "python": "py pyi pyw",
    "ruby": "rb rake gemspec gemfile rakefile",
    "rust": "rs",
    "scala": "scala sc sbt",
    "toml": "toml",
    "tsx": "tsx",
    "typescript": "ts mts cts",
    "yaml": "yaml yml",
}
"""Ends of file names behind the last dot, or whole names without one."""


def language_for(language_id: str, path: str) -> Language | None:
    """The grammar of a document, None if there is none; `path` uses ``/``."""
    name = grammar_name(language_id, path)
    return None if name is None else _load(name)


def grammar_name(language_id: str, path: str) -> str | None:
    """The name of a document's grammar."""
    known = language_id.strip().lower()
    if known in _GRAMMARS:
        return known
    return _by_language_id().get(known) or _by_ending().get(_ending(path))


def _ending(path: str) -> str:
    return PurePosixPath(path).name.lower().rpartition(".")[2]


@functools.cache
def _load(name: str) -> Language | None:
    module, function = _GRAMMARS[name]
    try:
        return Language(getattr(importlib.import_module(module), function)())
    except (ImportError, AttributeError, ValueError):
        return None


@functools.cache
def _by_language_id() -> dict[str, str]:
    return {name: grammar for grammar, names in _LANGUAGE_IDS.items() for name in names.split()}


@functools.cache
def _by_ending() -> dict[str, str]:
    return {ending: grammar for grammar, ends in _ENDINGS.items() for ending in ends.split()}
