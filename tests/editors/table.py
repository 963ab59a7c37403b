"""The table of the README: every scene in every editor, as the last runs left it.

python -m tests.editors.table            # writes the README between its two marks
python -m tests.editors.table --check    # fails if it is not what the results say
"""

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from tests.editors.conftest import RESULTS
from tests.editors.scenes import SCENES
from tests.editors.test_matrix import EDITORS

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- editors: begin -->\n", "<!-- editors: end -->\n"
SIGNS = {"passed": "✓", "failed": "✗", "skipped": "–"}
LATER = "·"
"""Not played in the last runs."""


def table() -> str:
    """The table in Markdown, with the reasons of what is not applicable below."""
    results = {name: _results(name) for name in EDITORS}
    names = [_driver(name).NAME for name in EDITORS]
    rows = [["", *names], ["---", *[":-:" for _ in names]]]
    notes: dict[str, int] = {}
    for scene in SCENES:
        cells = [_cell(results[name].get(scene.title, {}), notes) for name in EDITORS]
        rows.append([scene.title, *cells])
    below = "\n".join(f"{number}. {reason}" for reason, number in notes.items())
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    signs = "✓ passed, ✗ failed, – not applicable (the number says why), · not run"
    return f"{lines}\n{signs}.\n{f'{chr(10)}{below}{chr(10)}' if below else ''}"


def _cell(result: dict[str, str], notes: dict[str, int]) -> str:
    sign = SIGNS.get(result.get("outcome", ""), LATER)
    reason = result.get("reason", "") if sign == SIGNS["skipped"] else ""
    return f"{sign} {notes.setdefault(reason, len(notes) + 1)}" if reason else sign


def _results(name: str) -> dict[str, Any]:
    path = RESULTS / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _driver(name: str) -> Any:
    return importlib.import_module(f"tests.editors.drivers.{name}").Editor


def main() -> int:
    """Write or check the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    checking = parser.parse_args().check
    text = README.read_text()
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    new = f"{head}{BEGIN}{table()}{END}{tail}"
    if checking and new != text:
        print("the table in README.md is not what the results say", file=sys.stderr)
        return 1
    if not checking:
        README.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
