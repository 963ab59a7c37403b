"""Where settings come from, and how far each source is trusted.

Settings arrive in layers. The person's own file, the environment and the command line may say
anything. What an editor sends may come from a cloned repository (a server cannot tell), so it and
the project's own file may only narrow what the others allow.
"""

import enum

import msgspec


class Origin(enum.StrEnum):
    """A source of settings, in the order in which they are applied."""

    BUILT_IN = "built-in"
    USER_FILE = "user file"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command line"
    EDITOR = "editor"  # LSP initializationOptions and didChangeConfiguration
    PROJECT = "project"  # .zeta.toml in a workspace folder

    @property
    def trusted(self) -> bool:
        """Whether only the person at the keyboard could have written it."""
        return self not in (Origin.EDITOR, Origin.PROJECT)


class Layer(msgspec.Struct, frozen=True):
    """One source's settings as they came: any tree, checked by nobody.

    `place` says where to look (a path); it is shown to the person.
    """

    origin: Origin
    tree: object
    place: str = ""


class Problem(msgspec.Struct, frozen=True):
    """Something in a layer that has no effect. `message` never holds the value that was given."""

    key: str
    message: str
    origin: Origin
    place: str = ""

    def __str__(self) -> str:
        source = self.place or self.origin.value
        return (
            f"{self.key}: {self.message} ({source})" if self.key else f"{self.message} ({source})"
        )


class Narrowing(enum.StrEnum):
    """What an editor or a project may do to a setting."""

    RAISE = "raise it"
    LOWER = "lower it"
    OFF = "switch it off"
    ADD = "add to it"
    MODE = "move it from auto to manual to off"
    CHOOSE = "name one of the user's endpoints"


def from_editor(options: object, *, all_ours: bool = False) -> Layer:
    """The layer in what an editor sent, which stands under ``zeta``.

    Args:
        options: `initializationOptions`, or the `settings` of a `didChangeConfiguration`.
        all_ours: whether options without ``zeta`` are settings themselves, as in
            `initializationOptions`; a configuration may hold those of other servers.
    """
    tree: object = options if all_ours else {}
    if isinstance(options, dict) and "zeta" in options:
        tree = options["zeta"]
    return Layer(Origin.EDITOR, {} if tree is None else tree)
