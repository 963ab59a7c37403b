"""Which files are never read for a prediction, and by which rule.

A path is checked as it was opened and once more as what it really is (the caller resolves links),
relative to its workspace folder and absolute. The built-in rules can only be added to. One gate
serves everything that leaves an editor: the buffer, recent edits, related files, diagnostics.

Rules are compiled once; answers are remembered, so that asking again for the same path (every
keystroke does) costs one dictionary look-up.
"""

import functools
import re
from collections.abc import Iterable, Sequence

from zeta_lsp.core.glob import GlobError, compiled, folded

BUILT_IN_GLOBS = (
    # Zed's defaults
    "**/.env*",
    "**/*.pem",
    "**/*.key",
    "**/*.cert",
    "**/*.crt",
    "**/.dev.vars",
    "**/secrets.yml",
    "**/.zed/settings.json",
    "**/zed/settings.json",
    "**/zed/keymap.json",
    # private keys and key stores
    "**/id_{rsa,dsa,ecdsa,ed25519,xmss}*",
    "**/*.{p12,pfx,jks,keystore,kdbx,ppk,asc,gpg}",
    "**/{.ssh,.aws,.gnupg,.kube}/**",
    "**/kubeconfig",
    # passwords and tokens
    "**/{.npmrc,.pypirc,.netrc,_netrc,.git-credentials,.htpasswd,.pgpass}",
    "**/credentials*",
    "**/secrets/**",
    "**/*.{tfvars,tfstate}",
    "**/*.{tfvars,tfstate}.*",
    # what a person typed elsewhere
    "**/.*_history",
    "**/{fish_history,.histfile,.lesshst,.viminfo}",
    "**/.git/**",
    "**/{COMMIT,MERGE,TAG,NOTES}_EDITMSG",
    "**/zeta-lsp/config.toml",
)
_UNNAMED_KEY = "**/id_* without an extension"
_UNNAMED_KEY_REGEX = re.compile(r"(?:.*/)?id_[^/.]*(?:\.pub)?$")
_REMEMBERED_PATHS = 4096


class Exclusions:
    """The built-in rules and some more. A glob that cannot be read is left out: check it first."""

    def __init__(self, globs: Iterable[str] = ()) -> None:
        distinct = dict.fromkeys((*BUILT_IN_GLOBS, *globs))
        self._rules = [(glob, rule) for glob in distinct if (rule := _rule(glob)) is not None]
        # A key may have any name (`id_work`), a module too (`id_map.py`): the extension tells.
        self._rules.append((_UNNAMED_KEY, _UNNAMED_KEY_REGEX))
        self._known: dict[tuple[str | None, ...], str | None] = {}

    def rule_for(
        self,
        path: str,
        root: str | None = None,
        real_path: str | None = None,
        real_root: str | None = None,
    ) -> str | None:
        """The glob that excludes a file, or None.

        Args:
            path: absolute path as the editor named it.
            root: absolute path of its workspace folder, None outside of every one.
            real_path: the path without symbolic links, if it differs.
            real_root: the folder without symbolic links, if it differs.
        """
        key = (path, root, real_path, real_root)
        if key in self._known:
            return self._known[key]
        if len(self._known) >= _REMEMBERED_PATHS:
            self._known.clear()
        names = _names((path, real_path), (root, real_root))
        rule = self._known[key] = self._search(names)
        return rule

    def _search(self, names: set[str]) -> str | None:
        for glob, rule in self._rules:
            if any(rule.match(name) for name in names):
                return glob
        return None


@functools.lru_cache(maxsize=8)
def _exclusions(globs: tuple[str, ...]) -> Exclusions:
    return Exclusions(globs)


def excluded(path: str, root: str | None, globs: Sequence[str] = ()) -> str | None:
    """The glob that excludes `path`, among the built-in ones and `globs`; None if there is none."""
    return _exclusions(tuple(globs)).rule_for(path, root)


def _rule(glob: str) -> re.Pattern[str] | None:
    try:
        return compiled(glob)
    except GlobError:
        return None


def _names(paths: Iterable[str | None], roots: Iterable[str | None]) -> set[str]:
    """What globs are matched against: absolute paths, and those within the workspace folder."""
    whole = {folded(path) for path in paths if path}
    folders = {folded(root).rstrip("/") + "/" for root in roots if root}
    within = {
        path.removeprefix(folder) for path in whole for folder in folders if path.startswith(folder)
    }
    return {path.lstrip("/") for path in whole} | within
