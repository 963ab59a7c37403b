"""The servers that are compared, and how each is started and asked.

ai-lsp and tabby-agent are not part of this project: ``tests/bench/peers/parts.sh`` fetches them
into ``.cache/``. Where they are missing they are left out, with the reason.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec

PARTS = Path(__file__).resolve().parents[3] / ".cache" / "parts" / "peers"
AI_LSP = PARTS / "ai-lsp" / "src" / "index.ts"
BUN = PARTS / "bun" / "node_modules" / ".bin" / "bun"
TABBY = PARTS / "tabby" / "node_modules" / "tabby-agent" / "dist" / "cli.js"


class Server(msgspec.Struct, frozen=True):
    """One server. `method` is what is asked after each key; empty `argv`: `missing` says why."""

    name: str
    argv: list[str]
    method: str
    env: dict[str, str] = {}
    options: dict[str, Any] | None = None
    missing: str = ""


def servers(port: int, folder: Path) -> list[Server]:
    """All of them, the floor first; `folder` is a place for their settings."""
    url = f"http://127.0.0.1:{port}/v1/completions"
    stock = [sys.executable, "-m", "tests.bench.peers.stock", url]
    return [
        Server("floor", [sys.executable, "-m", "tests.bench.floor", str(port)], "floor/ask"),
        zeta_lsp(url, folder),
        Server("pygls + httpx", stock, "textDocument/inlineCompletion"),
        ai_lsp(port),
        tabby(port, folder),
    ]


def zeta_lsp(url: str, folder: Path) -> Server:
    """This project, asking on every key."""
    config = folder / "zeta.toml"
    config.write_text(
        f'[endpoint]\nurl = "{url}"\nmodel = "m"\nformat = "zeta2.1"\n'
        "[predict]\ndebounce_ms = 0\nthrottle_ms = 0\nmax_file_bytes = 8388608\n"
    )
    config.chmod(0o600)
    env = {"ZETA_LSP_CONFIG": str(config), "ZETA_LSP_DATA_DIR": str(folder / "data")}
    argv = [sys.executable, "-m", "zeta_lsp"]
    return Server("zeta-lsp", argv, "textDocument/copilotInlineEdit", env)


def ai_lsp(port: int) -> Server:
    """``tommoa/ai-lsp``: the whole file in a chat, the answer in one document."""
    missing = next((f"no {path.name}" for path in (BUN, AI_LSP) if not path.exists()), "")
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "baseURL": f"http://127.0.0.1:{port}/v1",
        "name": "ollama",
        "apiKey": "none",
    }
    options = {"providers": {"ollama": provider}, "model": "ollama/m"}
    argv = [str(BUN), "run", str(AI_LSP), "--stdio"]
    method = "textDocument/copilotInlineEdit"
    return Server("ai-lsp", argv, method, options=options, missing=missing)


def tabby(port: int, folder: Path) -> Server:
    """``tabby-agent`` of npm, asked for completions without its debounce."""
    home = folder / "tabby"
    config = home / ".tabby-client" / "agent" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(
        f'[server]\nendpoint = "http://127.0.0.1:{port}"\n[logs]\nlevel = "silent"\n'
        '[completion.debounce]\nmode = "fixed"\ninterval = 0\n'
        "[anonymousUsageTracking]\ndisable = true\n"
    )
    node = shutil.which("node") or ""
    missing = "" if node and TABBY.exists() else "no node" if not node else "no tabby-agent"
    argv = [node, str(TABBY), "--lsp", "--stdio"]
    env = {"HOME": str(home), "PATH": os.environ.get("PATH", "")}
    return Server("tabby-agent", argv, "textDocument/completion", env, missing=missing)
