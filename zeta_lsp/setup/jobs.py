"""Which editors are there, and what setting each of them up would take."""

import difflib
from collections.abc import Sequence

import msgspec

from zeta_lsp.core.errors import UsageError, ZetaError
from zeta_lsp.setup.change import Plan, Refused
from zeta_lsp.setup.recipes.book import NAMES, RECIPES
from zeta_lsp.setup.recipes.recipe import Found, Recipe
from zeta_lsp.setup.surroundings import Surroundings

ALL = "all"
ENDPOINT = "endpoint"


class Job(msgspec.Struct, frozen=True):
    """One editor that is there, and what setting it up would take."""

    found: Found
    plan: Plan

    @property
    def state(self) -> str:
        """``set up``, ``ready`` (can be set up) or ``by hand`` (cannot, the plan says why)."""
        if self.plan.refusal:
            return "by hand"
        return "set up" if self.plan.is_done else "ready"


def check_names(names: Sequence[str]) -> None:
    """Raises UsageError if one of them is no editor that is known here."""
    for name in names:
        if name not in (*NAMES, ALL, ENDPOINT):
            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(NAMES)}"
            raise UsageError(f"no editor {name!r} is known: {hint}")


def jobs(here: Surroundings, names: Sequence[str] = ()) -> list[Job]:
    """The editors that are there: those named, or all of them.

    Raises:
        ZetaError: one that is named is not there.
    """
    wanted = [name for name in names if name not in (ALL, ENDPOINT)]
    made = [
        Job(found, planned(recipe, found, here))
        for recipe in RECIPES
        if not wanted or set(wanted) & set(recipe.names)
        for found in recipe.find(here)
        if not wanted or found.name in wanted
    ]
    missing = [name for name in wanted if name not in {job.found.name for job in made}]
    if missing and ALL not in names:
        raise ZetaError(f"{missing[0]} was not found, on $PATH or where it usually lies")
    return made


def planned(recipe: Recipe, found: Found, here: Surroundings) -> Plan:
    """The plan of a recipe, or why there is none."""
    if found.trouble:
        return Plan(refusal=found.trouble)
    try:
        return recipe.plan(found, here).without_idle()
    except Refused as fault:
        return Plan(refusal=str(fault), snippet=fault.snippet)
    except OSError as fault:
        return Plan(refusal=f"{found.program} cannot be asked: {fault}")
