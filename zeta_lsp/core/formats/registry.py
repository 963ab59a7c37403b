"""All prompt formats by name, and which one a model is likely to need.

A format's module is imported when the format is first asked for: start-up pays for none.
"""

import importlib
import re
from functools import cache

from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.formats.base import Format

_PACKAGE = "zeta_lsp.core.formats"

_MODULES = {
    "zeta2.1": "zeta2_1",
    "zeta2": "zeta2",
    "zeta1": "zeta1",
    "zeta-v0131": "v0131",
    "zeta-v0420": "v0420",
    "zeta-v0615": "v0615",
    "sweep": "sweep",
    "mercury": "mercury",
    "instinct": "instinct",
    "fim-qwen": "fim",
    "fim-seed": "fim",
    "fim-starcoder": "fim",
    "fim-codellama": "fim",
    "fim-deepseek": "fim",
    "fim-codestral": "fim",
    "fim-codegemma": "fim",
}
_ALIASES = {
    "v0318seedmultiregions": "zeta2.1",
    "zeta2_1": "zeta2.1",
    "zeta-2.1": "zeta2.1",
    "v0211seedcoder": "zeta2",
    "v0331seedcodermodelpy": "zeta2",  # the same text under another name
    "zeta-2": "zeta2",
    "zeta": "zeta1",
    "zeta-1": "zeta1",
    "v0131gitmergemarkersprefix": "zeta-v0131",
    "v0420diagnostics": "zeta-v0420",
    "v0615hashregions": "zeta-v0615",
}

_BREAK = r"(?<![a-z0-9])"
"""What stands before a model's name: anything but a letter or digit."""

_MODELS = (
    ("zeta2.1", rf"{_BREAK}zeta[-_: ]?v?2[._-]1(?![0-9a-z]|\.[0-9])"),
    ("zeta2", rf"{_BREAK}zeta[-_: ]?v?2(?![0-9]|\.[0-9])"),
    ("zeta1", rf"{_BREAK}zeta(?![a-z]|[-_: ]?v?[2-9](?![0-9.]*b))"),
    ("sweep", rf"{_BREAK}sweep-?next-?edit"),
    ("instinct", rf"{_BREAK}instinct(?![a-z])"),
    ("mercury", rf"{_BREAK}mercury(?![a-z])"),
    ("fim-qwen", rf"{_BREAK}qwen[0-9.]*[-_]?coder"),
    ("fim-seed", rf"{_BREAK}seed[-_]?coder"),
    ("fim-starcoder", rf"{_BREAK}starcoder"),
    ("fim-codellama", rf"{_BREAK}code[-_]?llama"),
    ("fim-deepseek", rf"{_BREAK}deepseek[-_]?coder"),
    ("fim-codestral", rf"{_BREAK}codestral"),
    ("fim-codegemma", rf"{_BREAK}code[-_]?gemma"),
)


def names() -> tuple[str, ...]:
    """Our names of all formats, the recommended first."""
    return tuple(_MODULES)


def get(name: str) -> Format:
    """The format of one of our names, or of Zed's full names and aliases, in any case.

    Raises:
        UsageError: there is no such format; the message lists the names.
    """
    found = named(name)
    if found is None:
        raise UsageError(f"no prompt format {name!r}; there are: {', '.join(_MODULES)}")
    return found


def named(name: str) -> Format | None:
    """The format of a name as `get` takes it; None if there is none."""
    wanted = name.strip().lower()
    wanted = _ALIASES.get(wanted, wanted)
    return _loaded(wanted) if wanted in _MODULES else None


def infer(model_id: str) -> str | None:
    """The name of the format that a model was most likely trained on; None if nothing tells.

    Ids as endpoints report them: names on Hugging Face, also of quantised copies, names with a
    ``:tag``, paths of files. The last part of a path that says something counts.
    """
    parts = re.split(r"[/\\]", model_id.lower())
    return next((found for part in reversed(parts) if (found := _of_part(part))), None)


def _of_part(part: str) -> str | None:
    return next((name for name, pattern in _MODELS if re.search(pattern, part)), None)


@cache
def _loaded(name: str) -> Format:
    module = importlib.import_module(f"{_PACKAGE}.{_MODULES[name]}")
    formats: tuple[Format, ...] = module.FORMATS
    return next(form for form in formats if form.name == name)
