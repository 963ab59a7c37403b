"""All recipes, in the order in which editors are listed."""

from zeta_lsp.setup.recipes.emacs import Emacs
from zeta_lsp.setup.recipes.helix import Helix
from zeta_lsp.setup.recipes.neovim import Neovim
from zeta_lsp.setup.recipes.recipe import Recipe
from zeta_lsp.setup.recipes.sublime import Sublime
from zeta_lsp.setup.recipes.vim import Vim
from zeta_lsp.setup.recipes.vscode import VisualStudioCode

RECIPES: tuple[Recipe, ...] = (Neovim(), Vim(), Emacs(), VisualStudioCode(), Helix(), Sublime())
NAMES = tuple(name for recipe in RECIPES for name in recipe.names)
