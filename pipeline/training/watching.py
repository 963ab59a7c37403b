"""What is seen of a pass while it trains: metrics, a bar, whole checkpoints, and Ctrl-C.

The first Ctrl-C (or SIGTERM) lets the step end, saves a checkpoint and stops; the second stops at
once, which costs what was learned since the last checkpoint.
"""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn
from transformers import TrainerCallback

from pipeline.training.folder import RunFolder, mark_whole

SIGNALS = (signal.SIGINT, signal.SIGTERM)
DIGITS = 6


class Watch(TrainerCallback):  # type: ignore[misc]  # transformers is not looked into
    """Hangs on a trainer for one pass. `was_stopped` says that a person ended it early."""

    def __init__(self, folder: RunFolder, name: str, *, is_shown: bool) -> None:
        self.was_stopped = False
        self._folder = folder
        self._name = name
        self._began_s = time.monotonic() - elapsed_s(folder)
        self._bar = _bar() if is_shown else None
        self._task: Any = None

    def on_train_begin(self, _: Any, state: Any, __: Any, **___: Any) -> None:
        """Forget what was logged after the checkpoint that is gone on from."""
        _cut(self._folder.path / "metrics.jsonl", self._name, state.global_step)
        if self._bar is not None:
            self._task = self._bar.add_task(
                self._name, total=state.max_steps, completed=state.global_step
            )

    def on_step_end(self, _: Any, state: Any, control: Any, **__: Any) -> None:
        """Count; if somebody wants to stop, save first."""
        if self._bar is not None:
            self._bar.update(self._task, completed=state.global_step)
        if self.was_stopped:
            control.should_save = control.should_training_stop = True

    def on_log(self, _: Any, state: Any, __: Any, logs: Any = None, **___: Any) -> None:
        """Write a line."""
        numbers = {key: _rounded(value) for key, value in (logs or {}).items()}
        numbers.pop("num_tokens", None)  # TRL counts them anew in every process
        if "loss" not in numbers:
            return  # the summary at the end
        line = {"pass": self._name, "step": state.global_step, **numbers}
        line["elapsed_s"] = round(time.monotonic() - self._began_s, 3)
        with (self._folder.path / "metrics.jsonl").open("a") as stream:
            stream.write(json.dumps(line) + "\n")
        if self._bar is not None:
            self._bar.update(self._task, description=f"{self._name}, loss {numbers['loss']:.4f}")

    def on_save(self, args: Any, state: Any, _: Any, **__: Any) -> None:
        """All files of a checkpoint are there."""
        mark_whole(Path(args.output_dir) / f"checkpoint-{state.global_step}")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take signals, and show the bar, while the context lasts."""
        before = {number: signal.signal(number, self._stop) for number in SIGNALS}
        try:
            if self._bar is not None:
                self._bar.start()
            yield
        finally:
            if self._bar is not None:
                self._bar.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _: int, __: FrameType | None) -> None:
        if self.was_stopped:
            raise KeyboardInterrupt
        self.was_stopped = True
        sys.stderr.write("train: stopping after this step; once more to stop at once\n")


def logged(folder: RunFolder) -> list[dict[str, Any]]:
    """The lines of ``metrics.jsonl``; one that a killed run left half is none."""
    try:
        text = (folder.path / "metrics.jsonl").read_text()
    except OSError:
        return []
    return _lines(text)


def elapsed_s(folder: RunFolder) -> float:
    """Seconds of training that are logged, over all runs into the folder."""
    return max((float(one.get("elapsed_s", 0.0)) for one in logged(folder)), default=0.0)


def _lines(text: str) -> list[dict[str, Any]]:
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _cut(path: Path, name: str, step: int) -> None:
    """Leave out what this pass logged after a step, and what no pass can have finished."""
    if not path.exists():
        return
    kept = [one for one in _lines(path.read_text()) if one["pass"] != name or one["step"] <= step]
    beside = path.with_name(f".{path.name}.new")
    beside.write_text("".join(json.dumps(one) + "\n" for one in kept))
    beside.replace(path)


def _rounded(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else value


def _bar() -> Progress:
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
