"""Where the clients lie that come with zeta-lsp: `zeta_lsp/editors` once it is installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def clients_folder() -> Path:
    """The folder with a folder for each editor; in a checkout, the one it is developed in."""
    installed = _PACKAGE / "editors"
    if installed.is_dir() or not (_PACKAGE.parent / "pyproject.toml").is_file():
        return installed
    return _PACKAGE.parent / "editors"
