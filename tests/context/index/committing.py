"""A real git repository for one test."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

_ENV = {
    "PATH": "/usr/bin:/bin:/usr/local/bin",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}
_START_S = 1_700_000_000


def git(folder: Path, *arguments: str, time_s: int = _START_S) -> str:
    """Run git; what it printed."""
    env = {**_ENV, "GIT_AUTHOR_DATE": f"{time_s} +0000", "GIT_COMMITTER_DATE": f"{time_s} +0000"}
    command = ("git", *arguments)
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True, text=True)
    return done.stdout.strip()


class Committing:
    """A repository whose commits are a minute apart."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.made = 0
        top.mkdir(parents=True, exist_ok=True)
        git(top, "init", "-q", "-b", "main")

    def commit(self, texts: Mapping[str, str]) -> None:
        """Write files and commit them."""
        for name, text in texts.items():
            file = self.top / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            git(self.top, "add", "--force", name)
        self.made += 1
        git(self.top, "commit", "-q", "-m", "x", time_s=_START_S + 60 * self.made)

    def touch(self, *names: str) -> None:
        """Commit another change of files."""
        self.commit(
            {name: f"def of_{Path(name).stem}():\n    return {self.made}\n" for name in names}
        )
