"""Play the script and show what happens: what is typed, each prediction as a diff, what it cost.

Then the whole arc: the accepted prediction settles, and what was captured of it is exported.
"""

import asyncio
import shutil
import statistics
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from rich.console import Console
from rich.text import Text

from zeta_lsp.core.documents import Document
from zeta_lsp.core.lifecycle import explained
from zeta_lsp.demo import arc
from zeta_lsp.demo.editor import Editor, Shown
from zeta_lsp.demo.script import STEPS, Step

KEY_S = 0.03
"""Between two keys: a fast typist."""
LOOK_S = 0.6
"""Between a prediction and its acceptance, for whoever watches a terminal."""


def run_demo() -> int:
    """Run the demonstration; 0 if every step got the predictions it waits for."""
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="zeta-demo-") as folder:
        project = Path(folder) / "project"
        with as_file(files("zeta_lsp.demo") / "project") as shipped:
            shutil.copytree(shipped, project, ignore=shutil.ignore_patterns("__pycache__"))
        return asyncio.run(_Demo(console, project).play())


class _Demo:
    def __init__(self, console: Console, project: Path) -> None:
        self.console = console
        self.editor = Editor(project)
        self.waits_ms: list[float] = []

    async def play(self) -> int:
        # No configuration: a user's own endpoint must not be asked, nor their data folder used.
        home = self.editor.root.parent
        env = {
            "ZETA_LSP_CONFIG": str(home / "none.toml"),
            "ZETA_LSP_DATA_DIR": str(home / "data"),
            "ZETA_LSP_CACHE_DIR": str(home / "cache"),
        }
        self.console.print(Text("zeta-lsp demo", style="bold"), "· embedded model, no network")
        self.console.print(Text(f"consent: {arc.consent(self.editor.root, env)}\n", style="dim"))
        await self.editor.start(env)
        missing = 0
        try:
            for step in STEPS:
                missing += await self._step(step)
            self._summary()
            missing += not await self._capture(env)
        finally:
            await self.editor.stop()
        return 1 if missing else 0

    async def _capture(self, env: dict[str, str]) -> bool:
        """Let the last prediction settle and export it; whether it did."""
        self.console.print()
        self.console.rule(Text("settle: what became of it", style="bold"), align="left")
        records = await arc.settle(self.console, env)
        if not records:
            self.console.print(Text("  nothing has settled", style="red"))
            return False
        self.console.print(Text("  it has settled\n", style="green"))
        self.console.rule(Text("zeta-lsp capture export -o -", style="bold"), align="left")
        arc.show(self.console, records)
        return True

    async def _step(self, step: Step) -> int:
        """Type what the step says and accept what is offered; how many predictions were missing."""
        self.console.rule(Text(f"{step.title}  ({step.file})", style="bold"), align="left")
        document = self.editor.open(step.file)
        self.editor.go_behind(step.behind)
        before = list(document.lines)
        await self._type(step)
        self._diff(before, document, "typed", "cyan")
        for done in range(step.accepts):
            shown = await self.editor.ask()
            if isinstance(shown, str):
                self.console.print(Text(f"  no prediction: {explained(shown)}", style="red"))
                return step.accepts - done
            await self._accept(document, shown)
        self.console.print()
        return 0

    async def _type(self, step: Step) -> None:
        """Press the keys; each asks for a prediction, and the next key overtakes its answer."""
        asking: list[asyncio.Task[Shown | str]] = []
        for index, key in enumerate(step.typed):
            self.editor.press(key, step.delete if index == 0 else 0)
            asking.append(asyncio.ensure_future(self.editor.ask()))
            await asyncio.sleep(KEY_S)
        await asyncio.gather(*asking)

    async def _accept(self, document: Document, shown: Shown) -> None:
        before = list(document.lines)
        self.waits_ms.append(shown.wait_ms)
        if self.console.is_terminal:
            await asyncio.sleep(LOOK_S)
        self.editor.accept(shown)
        note = f"predicted by {shown.model} in {shown.wait_ms:.1f} ms, accepted"
        self._diff(before, document, note, "green")

    def _diff(self, before: list[str], document: Document, note: str, style: str) -> None:
        """The lines that changed, old ones red, new ones in the colour of who wrote them."""
        after = document.lines
        shorter = min(len(before), len(after))
        head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
        most = shorter - head
        tail = next((i for i in range(most) if before[-1 - i] != after[-1 - i]), most)
        self.console.print(Text(f"  {note}", style="dim"))
        for number, line in enumerate(before[head : len(before) - tail], head + 1):
            self.console.print(Text(f"  {number:4} - {line.rstrip()}", style="red"))
        for number, line in enumerate(after[head : len(after) - tail], head + 1):
            self.console.print(Text(f"  {number:4} + {line.rstrip()}", style=style))

    def _summary(self) -> None:
        if not self.waits_ms:
            return
        median = statistics.median(self.waits_ms)
        self.console.print(
            f"{len(self.waits_ms)} predictions accepted, median wait {median:.1f} ms "
            f"(budget 300 ms). `zeta-lsp doctor` helps with a model of your own."
        )
