"""Where this program keeps things: the user file with the settings, and the data folder."""

from collections.abc import Mapping
from pathlib import Path

import platformdirs

APP = "zeta-lsp"
CONFIG_VARIABLE = "ZETA_LSP_CONFIG"
DATA_VARIABLE = "ZETA_LSP_DATA_DIR"
CACHE_VARIABLE = "ZETA_LSP_CACHE_DIR"
PROJECT_FILE = ".zeta.toml"


def config_path(variables: Mapping[str, str]) -> Path:
    """The file with the user's settings, whether it exists or not."""
    given = variables.get(CONFIG_VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    return platformdirs.user_config_path(APP, appauthor=False) / "config.toml"


def data_path(variables: Mapping[str, str]) -> Path:
    """The folder for what is written while running, whether it exists or not."""
    given = variables.get(DATA_VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    return platformdirs.user_data_path(APP, appauthor=False)


def cache_path(variables: Mapping[str, str]) -> Path:
    """The folder for what can be made again, whether it exists or not. It never holds code."""
    given = variables.get(CACHE_VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    return platformdirs.user_cache_path(APP, appauthor=False)
