"""What is in the packaged extension, and what its manifest lets a workspace do."""

import json
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from tests.editors.vscode import building

FILES = {
    "CHANGELOG.md",
    "LICENSE.txt",
    "README.md",
    "dist/THIRD-PARTY.txt",
    "dist/extension.js",
    "images/icon.png",
    "package.json",
    "walkthrough/endpoint.md",
    "walkthrough/install.md",
    "walkthrough/keys.md",
    "walkthrough/privacy.md",
}
LARGEST_BYTES = 400_000
EXPOSING = ("zeta.server.command", "zeta.server.environment", "zeta.endpoint")

pytestmark = pytest.mark.editor


@pytest.fixture(scope="module")
def archive() -> Iterator[ZipFile]:
    building.program()  # who has no VS Code here need not have npm either
    with ZipFile(building.packaged()) as archive:
        yield archive


@pytest.fixture(scope="module")
def manifest(archive: ZipFile) -> dict[str, object]:
    found: dict[str, object] = json.loads(archive.read("extension/package.json"))
    return found


def test_it_holds_what_runs_and_what_a_person_reads_and_nothing_else(archive: ZipFile) -> None:
    inside = {one.removeprefix("extension/") for one in archive.namelist()}
    found = {"README.md" if one == "readme.md" else one for one in inside}
    found = {"CHANGELOG.md" if one == "changelog.md" else one for one in found}
    assert found == FILES | {"[Content_Types].xml", "extension.vsixmanifest"}
    assert building.packaged().stat().st_size < LARGEST_BYTES


def test_it_is_ready_for_a_marketplace(archive: ZipFile, manifest: dict[str, object]) -> None:
    assert {"publisher", "license", "icon", "categories", "description"} <= manifest.keys()
    assert "enabledApiProposals" not in manifest  # a marketplace refuses them
    readme = archive.read("extension/readme.md").decode()
    assert "](../" not in readme
    assert "](docs" not in readme
    assert f"## {manifest['version']}" in archive.read("extension/changelog.md").decode()
    assert "vscode-languageclient" in archive.read("extension/dist/THIRD-PARTY.txt").decode()


def test_what_widens_exposure_is_the_machines_to_set(manifest: dict[str, object]) -> None:
    contributes = manifest["contributes"]
    assert isinstance(contributes, dict)
    settings = contributes["configuration"]["properties"]
    assert {settings[name]["scope"] for name in EXPOSING} == {"machine"}
    assert {name for name, one in settings.items() if one["scope"] == "machine"} == set(EXPOSING)


def test_tab_is_ours_only_beside_what_vscode_does_with_it(manifest: dict[str, object]) -> None:
    contributes = manifest["contributes"]
    assert isinstance(contributes, dict)
    [tab] = [one for one in contributes["keybindings"] if one["key"] == "tab"]
    conditions = set(tab["when"].split(" && "))
    assert "zeta.tab" in conditions
    for busy in ("suggestWidgetVisible", "inSnippetMode", "hasSnippetCompletions"):
        assert f"!{busy}" in conditions
    for own in ("editorTabMovesFocus", "editorHasSelection", "editorHasMultipleSelections"):
        assert f"!{own}" in conditions


def test_every_key_and_step_is_about_a_command_that_is_there(manifest: dict[str, object]) -> None:
    contributes = manifest["contributes"]
    assert isinstance(contributes, dict)
    named = {one["command"] for one in contributes["commands"]} | {"zeta.tab", "zeta.ghostAccepted"}
    assert {one["command"] for one in contributes["keybindings"]} <= named
    [walkthrough] = contributes["walkthroughs"]
    events = [event for step in walkthrough["steps"] for event in step["completionEvents"]]
    used = {one.removeprefix("onCommand:") for one in events if one.startswith("onCommand:")}
    assert used <= named
    assert len(walkthrough["steps"]) == 4


def test_the_readme_tells_of_every_setting_and_key(
    archive: ZipFile, manifest: dict[str, object]
) -> None:
    contributes = manifest["contributes"]
    assert isinstance(contributes, dict)
    readme = archive.read("extension/readme.md").decode()
    settings = readme.replace("`, `.", "` `zeta.context.")
    for name in contributes["configuration"]["properties"]:
        assert f"`{name}`" in settings, name
    keys = {"ctrl+right": "Ctrl+→", "ctrl+down": "Ctrl+↓", "escape": "Esc"}
    for one in contributes["keybindings"]:
        key = keys.get(one["key"], one["key"].title().replace("Escape", "Esc"))
        assert f"| {key} " in readme, key


def test_the_lock_file_names_no_registry_but_npms() -> None:
    lock = json.loads((building.SOURCE / "package-lock.json").read_text())
    resolved = {one["resolved"] for one in lock["packages"].values() if "resolved" in one}
    assert all(one.startswith("https://registry.npmjs.org/") for one in resolved)
