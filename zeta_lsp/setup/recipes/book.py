"""All recipes, in the order in which editors are listed."""

from zeta_lsp.setup.recipes.coc import Coc
from zeta_lsp.setup.recipes.emacs import Emacs
from zeta_lsp.setup.recipes.helix import Helix
from zeta_lsp.setup.recipes.jetbrains import JetBrains
from zeta_lsp.setup.recipes.kakoune import Kakoune
from zeta_lsp.setup.recipes.kate import Kate
from zeta_lsp.setup.recipes.neovim import Neovim
from zeta_lsp.setup.recipes.recipe import Recipe
from zeta_lsp.setup.recipes.sublime import Sublime
from zeta_lsp.setup.recipes.vim import Vim
from zeta_lsp.setup.recipes.vscode import VisualStudioCode
from zeta_lsp.setup.recipes.zed import Zed

RECIPES: tuple[Recipe, ...] = (
    Neovim(),
    Vim(),
    Coc(),
    Emacs(),
    VisualStudioCode(),
    JetBrains(),
    Zed(),
    Sublime(),
    Helix(),
    Kakoune(),
    Kate(),
)
NAMES = tuple(name for recipe in RECIPES for name in recipe.names)
