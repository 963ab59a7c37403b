"""Which servers are started for which language."""

from zeta_lsp.context.headless import COMMANDS, Command, commands_for

HERE = {"jedi-language-server": "/b/jedi-language-server", "clangd": "/b/clangd"}


def names(language: str) -> list[str]:
    return [command.argv[0] for command in commands_for(language, which=HERE.get)]


def test_only_programs_that_are_here_are_offered_with_their_paths() -> None:
    assert names("python") == ["/b/jedi-language-server"]
    assert names("c") == names("cpp") == ["/b/clangd"]
    assert names("go") == names("no such language") == []


def test_editors_names_of_a_language_will_do() -> None:
    everything = {command.argv[0]: command.argv[0] for command in COMMANDS}.get
    found = commands_for("typescriptreact", which=everything)
    assert [command.name for command in found] == ["typescript-language-server"]


def test_a_table_that_is_given_counts_instead() -> None:
    own = Command(("/opt/mine", "--stdio"), frozenset(("python",)))
    assert commands_for("python", which=lambda name: name, table=[own]) == (own,)
    assert own.name == "mine"
