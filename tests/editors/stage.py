"""What every editor is put in front of: a project, a model that answers as told, a user's folders.

The model is an HTTP server on loopback in a thread of its own; it is asked by the real zeta-lsp
that the editor starts. `answers` says what it will rewrite; texts that are not in the prompt are
left alone, so it proposes nothing until the person has typed what a rule waits for.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

from tests.e2e.model import Model, excerpt, pieces, rewritten, rewritten_anywhere
from tests.models.raw_server import Client, Request, streamed

SERVER = (sys.executable, "-P", "-m", "zeta_lsp")
CONFIG = """
[endpoint]
url = "{url}"
model = "zeta-2.1"
format = "{format}"
[predict]
mode = "{mode}"
[context]
definitions = {definitions}
[capture]
settle_quiet_s = 1
"""
EVERYWHERE = "zeta-v0615"
"""A format whose answers may change any file that the prompt shows."""
LICENCE = Path(__file__).resolve().parents[2] / "LICENSE"


class Stage:
    """One project in a folder of its own, with its server's command line and environment."""

    def __init__(
        self,
        folder: Path,
        *,
        prompt_format: str = "zeta2.1",
        mode: str = "auto",
        definitions: bool = True,
    ) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.project.mkdir(parents=True)
        (self.project / "LICENSE").write_bytes(LICENCE.read_bytes())
        self.command = list(SERVER)
        """What an editor starts."""
        self.environment = {
            "ZETA_LSP_CONFIG": str(folder / "config.toml"),
            "ZETA_LSP_DATA_DIR": str(folder / "data"),
            "ZETA_LSP_CACHE_DIR": str(folder / "cache"),
        }
        """What the server's environment must hold beside the editor's own."""
        self.delay_s = 0.0
        self._format, self._mode = prompt_format, mode
        self._definitions = "true" if definitions else "false"
        self._rules: tuple[tuple[str, str], ...] = ()
        self._asked: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._model = Model(self._behave)
        self._run(self._model.__aenter__())
        config = CONFIG.format(
            url=f"{self._model.url}/v1/completions",
            format=self._format,
            mode=self._mode,
            definitions=self._definitions,
        )
        path = self.folder / "config.toml"
        path.write_text(config)
        path.chmod(0o600)
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._model.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def file(self, name: str, text: str | bytes) -> Path:
        """Write a file of the project."""
        path = self.project / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def answers(self, *rules: tuple[str, str]) -> None:
        """From now on, wherever a prompt's excerpt holds an old text, the model writes the new."""
        self._rules = rules

    @property
    def asked(self) -> int:
        """How often the model was asked."""
        return len(self._asked)

    @property
    def prompts(self) -> tuple[str, ...]:
        """What the model was asked, oldest first."""
        return tuple(self._asked)

    def journal(self) -> list[dict[str, Any]]:
        """What ``zeta-lsp explain --json`` lists, newest first."""
        return list(json.loads(self.run("explain", "--json", "--last", "100")))

    def run(self, *arguments: str) -> str:
        """Run zeta-lsp as this user; what it printed."""
        environment = {**os.environ, **self.environment}
        argv = [*self.command, *arguments]
        done = subprocess.run(
            argv, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, awaitable: Any) -> None:
        asyncio.run_coroutine_threadsafe(awaitable, self._loop).result(20)

    async def _behave(self, client: Client, request: Request) -> None:
        prompt = request.json["prompt"]
        self._asked.append(prompt)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        await client.send(streamed(*pieces(self._answer(prompt))))

    def _answer(self, prompt: str) -> str:
        if self._format == EVERYWHERE:
            old, new = self._rules[0] if self._rules else ("\0", "")
            return rewritten_anywhere(prompt, old, new) + "<[end▁of▁sentence]>"
        _, seen = excerpt(prompt)
        return rewritten(prompt, *[rule for rule in self._rules if rule[0] in seen])
