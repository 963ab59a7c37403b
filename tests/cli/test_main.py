import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import environment, run


def test_a_mistyped_command_is_wrong_use(tmp_path: Path) -> None:
    outcome = run(tmp_path, "explian")
    assert outcome.status == 2
    assert outcome.err == (
        "zeta-lsp: there is no command 'explian': did you mean `zeta-lsp explain`?\n"
    )


def test_a_setting_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    outcome = run(tmp_path, "config", "--set", "mode=off")
    assert (outcome.status, outcome.out) == (2, "")


@pytest.mark.parametrize("command", ["serve", "demo", "doctor", "explain", "config"])
def test_help_is_quick_and_imports_little(tmp_path: Path, command: str) -> None:
    code = (
        "import sys, json; from zeta_lsp.__main__ import main\n"
        f"try: main(['{command}', '--help'])\n"
        "except SystemExit: pass\n"
        "sys.stderr.write(json.dumps([m for m in sys.modules if '.' not in m]))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"pydantic", "httpx", "rich", "pygls", "lsprotocol", "asyncio"}
    assert not heavy & set(json.loads(done.stderr))


def test_the_way_to_the_server_imports_nothing_of_the_command_line(tmp_path: Path) -> None:
    """Editors wait for the server: whatever it imports first is time they wait."""
    code = """
import sys, types
server = types.ModuleType("zeta_lsp.server.app")
server.serve = lambda *_: 0
sys.modules["zeta_lsp.server.app"] = server
from zeta_lsp.__main__ import main
assert main(["--stdio"]) == 0
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert not {"argparse", "pydantic", "rich", "httpx", "platformdirs"} & loaded
    assert not [name for name in loaded if name.startswith("zeta_lsp.cli")]


def test_modules_of_the_folder_it_is_started_in_are_not_imported(tmp_path: Path) -> None:
    for name in ("rich", "tomllib", "platformdirs", "pydantic"):
        (tmp_path / f"{name}.py").write_text(f"open('hijacked-{name}', 'w')")
    done = subprocess.run(
        [sys.executable, "-m", "zeta_lsp", "config", "path"],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert not list(tmp_path.glob("hijacked-*"))
