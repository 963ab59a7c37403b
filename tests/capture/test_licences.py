import os
from collections.abc import Callable
from pathlib import Path

import pytest

from capture.licence_files import MAX_BYTES
from capture.licences import is_open, judge, licence_of
from tests.capture.licences_generated import KNOWN, OPEN

MIT, GPL, ISC = KNOWN["MIT"], KNOWN["GPL-3.0"], KNOWN["ISC"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "project"
    folder.mkdir()
    return folder


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_families_that_ask_only_for_attribution_are_open() -> None:
    assert OPEN == [
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "UPL-1.0",
        "Zlib",
    ]
    assert not any(map(is_open, ("GPL-3.0", "MPL-2.0", "Unlicense", "CC0-1.0", "", "mit")))


@pytest.mark.parametrize(
    "name",
    [
        "LICENSE",
        "license",
        "Licence.md",
        "LICENSE.txt",
        "COPYING",
        "LICENSE-MIT",
        "LICENSE.MIT",
        "MIT",
        "mit-license.txt",
        "UNLICENSE",
        "bsd-3-clause.md",
        "apache-2.0",
    ],
)
def test_a_licence_file_is_found_by_its_name_however_it_is_spelled(
    name: str, project: Path
) -> None:
    written(project / name, MIT)
    found = licence_of(project)
    assert found is not None
    assert (found.spdx, found.evidence) == ("MIT", name)


@pytest.mark.parametrize(
    "name", ["license.py", "licenses.json", "README.md", "mit.txt.py", "licensing", "isc.c"]
)
def test_other_files_state_no_licence(name: str, project: Path) -> None:
    written(project / name, MIT)
    assert licence_of(project) is None


def test_a_project_without_a_licence_file_has_no_licence(project: Path) -> None:
    written(project / "package.json", '{"license": "MIT"}')
    assert licence_of(project) is None
    assert judge(project, project).remark == "there is no licence file"


def test_a_text_nobody_recognises_is_no_licence(project: Path) -> None:
    written(project / "LICENSE", "You may look, but do not touch.")
    assert licence_of(project) is None
    assert judge(project, project).remark == "LICENSE is no licence that is recognised"


def test_two_open_licences_are_open(project: Path) -> None:
    written(project / "LICENSE-APACHE", KNOWN["Apache-2.0"])
    written(project / "LICENSE-MIT", MIT)
    found = licence_of(project)
    assert found is not None
    assert found.spdx == "Apache-2.0"


@pytest.mark.parametrize(("second", "spdx"), [(GPL, "GPL-3.0"), ("Pay first.", None)])
def test_an_open_licence_beside_one_that_is_not_does_not_make_a_project_open(
    second: str, spdx: str | None, project: Path
) -> None:
    written(project / "LICENSE", MIT)
    written(project / "LICENSE-OTHER", second)
    found = licence_of(project)
    assert (found and found.spdx) == spdx


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        ("package.json", '{"license": "UNLICENSED"}'),
        ("package.json", '{"license": {"type": "GPL-2.0-or-later"}}'),
        ("composer.json", '{"license": ["proprietary"]}'),
        ("pyproject.toml", '[project]\nlicense = "LicenseRef-Acme"'),
        ("pyproject.toml", '[project]\nlicense = {text = "All rights reserved"}'),
        (
            "pyproject.toml",
            '[project]\nclassifiers = ["License :: Other/Proprietary License"]',
        ),
        ("Cargo.toml", '[package]\nlicense = "AGPL-3.0-only"'),
    ],
)
def test_a_manifest_that_contradicts_the_licence_closes_the_project(
    manifest: str, text: str, project: Path
) -> None:
    written(project / "LICENSE", MIT)
    written(project / manifest, text)
    assert licence_of(project) is None
    assert judge(project, project).remark == f"{manifest} contradicts LICENSE"


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        ("package.json", '{"license": "MIT"}'),
        ("package.json", '{"license": "(MIT OR GPL-3.0)"}'),
        ("package.json", '{"license": "SEE LICENSE IN LICENSE"}'),
        ("package.json", '{"license": 7}'),
        ("package.json", "{"),
        ("package.json", "[" * 100_000),
        ("package.json", '"license"'),
        ("pyproject.toml", "[project]\nlicense = {file = 'LICENSE'}"),
        ("pyproject.toml", "project = 1\nlicense = "),
        ("pyproject.toml", "[project]\nclassifiers = 3"),
        ("Cargo.toml", '[package]\nlicense = "MIT/Apache-2.0"'),
        ("Cargo.toml", "[package]\nlicense = { workspace = true }"),
    ],
)
def test_a_manifest_that_agrees_or_says_nothing_changes_nothing(
    manifest: str, text: str, project: Path
) -> None:
    written(project / "LICENSE", MIT)
    written(project / manifest, text)
    found = licence_of(project)
    assert found is not None
    assert found.spdx == "MIT"


def test_the_nearest_licence_judges_a_file(project: Path) -> None:
    written(project / "LICENSE", MIT)
    written(project / "third" / "party" / "COPYING", GPL)
    spdx = {
        path: (found := licence_of(project, project / path)) and found.spdx
        for path in ("a.py", "third/a.py", "third/party/a.py", "third/party/deep/er/a.py")
    }
    assert spdx == {
        "a.py": "MIT",
        "third/a.py": "MIT",
        "third/party/a.py": "GPL-3.0",
        "third/party/deep/er/a.py": "GPL-3.0",
    }
    found = licence_of(project, project / "third/party/a.py")
    assert found is not None
    assert found.evidence == "third/party/COPYING"


def test_a_nested_licence_can_be_open_in_a_project_that_is_not(project: Path) -> None:
    written(project / "LICENSE", GPL)
    written(project / "lib" / "LICENSE", ISC)
    found = licence_of(project, project / "lib" / "x.c")
    assert found is not None
    assert found.spdx == "ISC"


def test_a_repository_within_a_project_does_not_inherit_its_licence(project: Path) -> None:
    written(project / "LICENSE", MIT)
    written(project / "submodule" / ".git", "gitdir: ../.git/modules/submodule")
    assert licence_of(project, project / "submodule" / "src" / "a.py") is None


def test_a_closed_package_within_a_project_does_not_inherit_its_licence(project: Path) -> None:
    written(project / "LICENSE", MIT)
    written(project / "enterprise" / "package.json", '{"license": "UNLICENSED"}')
    assert licence_of(project, project / "enterprise" / "a.js") is None


def test_a_licence_above_the_project_is_not_its_licence(tmp_path: Path, project: Path) -> None:
    written(tmp_path / "LICENSE", MIT)
    assert licence_of(project) is None
    assert licence_of(project, project / "a.py") is None


def test_a_file_outside_has_no_licence(tmp_path: Path, project: Path) -> None:
    written(project / "LICENSE", MIT)
    written(tmp_path / "elsewhere" / "a.py", "x = 1")
    (project / "link.py").symlink_to(tmp_path / "elsewhere" / "a.py")
    assert licence_of(project, tmp_path / "elsewhere" / "a.py") is None
    assert licence_of(project, project / ".." / "a.py") is None
    assert licence_of(project, project / "link.py") is None


def test_a_licence_may_be_a_link_within_the_project_but_not_out_of_it(
    tmp_path: Path, project: Path
) -> None:
    written(project / "docs" / "mit.txt", MIT)
    (project / "LICENSE").symlink_to("docs/mit.txt")
    assert licence_of(project) is not None
    (project / "LICENSE").unlink()
    (project / "LICENSE").symlink_to(written(tmp_path / "mit.txt", MIT))
    assert licence_of(project) is None


def _is_a_loop(path: Path) -> None:
    path.symlink_to(path.name)


def _leads_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def _is_huge(path: Path) -> None:
    path.write_text(MIT + " " * 10 * 1024 * 1024)


def _is_just_too_long(path: Path) -> None:
    path.write_text(MIT + " " * (MAX_BYTES - len(MIT) + 1))


def _is_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _is_binary(path: Path) -> None:
    path.write_bytes(os.urandom(4096))


@pytest.mark.parametrize(
    "made",
    [
        _is_a_loop,
        _leads_nowhere,
        _is_huge,
        _is_just_too_long,
        _is_a_device,
        _is_binary,
        os.mkfifo,
    ],
)
def test_what_cannot_be_read_as_a_licence_is_an_unknown_one(
    made: Callable[[Path], None], project: Path
) -> None:
    written(project / "LICENSE-MIT", MIT)
    made(project / "LICENSE")
    assert licence_of(project) is None


def test_a_folder_by_the_name_of_a_licence_is_passed_over(project: Path) -> None:
    written(project / "LICENSES" / "MIT.txt", MIT)
    written(project / "LICENSE", MIT)
    assert licence_of(project) is not None


def _digest(project: Path) -> str:
    return judge(project, project).digest


def test_the_digest_changes_with_everything_that_states_the_licence(project: Path) -> None:
    seen = [_digest(project)]
    for change in (
        lambda: written(project / "LICENSE", MIT),
        lambda: written(project / "LICENSE", f"{MIT} "),
        lambda: written(project / "LICENSE-2", ISC),
        lambda: (project / "LICENSE-2").rename(project / "LICENSE-3"),
        lambda: written(project / "package.json", '{"license": "MIT"}'),
        lambda: written(project / "package.json", '{"license": "ISC"}'),
        (project / "LICENSE").unlink,
    ):
        change()
        seen.append(_digest(project))
    assert seen[0] == ""
    assert len(set(seen)) == len(seen)


def test_a_new_dependency_is_no_new_licence(project: Path) -> None:
    written(project / "LICENSE", MIT)
    written(project / "package.json", '{"license": "MIT"}')
    before = _digest(project)
    written(project / "package.json", '{"license": "MIT", "dependencies": {"x": "1"}}')
    written(project / "src" / "a.js", "let a")
    assert _digest(project) == before
