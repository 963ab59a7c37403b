"""The steps of a run: what each stage is told, checked by the stage's own reader of options.

Everything is checked before anything runs, so that what is wrong with the ninth step is known in
the first second. Names of what steps write become paths in the run's folder; all others are left as
they are, and mean what they mean where the command was given.
"""

import contextlib
import hashlib
import importlib
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline.command import STAGES, Command, parser_of
from pipeline.jsonl import drops_path
from pipeline.recipe.recipe import Chosen, StepText, Value, filled
from zeta_lsp.core.errors import UsageError

WORK = "{work}"
"""Stands for the run's folder in a lock."""
ANSWERS = "{answers}"
"""Stands for the file that keeps what models said. It may lie anywhere: its content counts."""


class Step(msgspec.Struct, frozen=True):
    """A step as it is carried out. `WORK` in a word stands for the run's folder."""

    name: str
    stage: str
    version: int
    instructions: str
    """A digest of what models are told; empty for stages that ask none."""
    words: tuple[str, ...]
    """The command line of the stage, without its name."""
    inputs: tuple[str, ...]
    """All files that it reads."""
    outputs: tuple[str, ...]
    varies: bool = False

    def argv(self, work: Path, answers: Path) -> list[str]:
        """The command line for a run in a folder, with what models said in a file."""
        words = (word.replace(ANSWERS, str(answers)) for word in self.words)
        return [self.stage, *(placed(word, work) for word in words)]


def placed(word: str, work: Path) -> str:
    """A word with the run's folder in its place."""
    return word.replace(WORK, str(work))


def steps_of(chosen: Chosen) -> list[Step]:
    """The steps of a run, in their order.

    Raises:
        UsageError: something is wrong with a step.
    """
    made: set[str] = set()
    steps: list[Step] = []
    for number, text in enumerate(chosen.recipe.step, start=1):
        name = text.name or text.stage
        where = f"recipe {chosen.name}, step {number} ({name})"
        if text.when and not filled(f"{{{text.when}}}", chosen.settings, where):
            continue
        if any(step.name == name for step in steps):
            raise UsageError(f"{where}: there is a step of this name already; give it another one")
        step = _Building(chosen.settings, text, name, where, made).step()
        made |= {one.removeprefix(f"{WORK}/") for one in step.outputs}
        steps.append(step)
    return steps


class _Building:
    """A step while its words are put together."""

    def __init__(
        self,
        settings: Mapping[str, Value],
        text: StepText,
        name: str,
        where: str,
        made: set[str],
    ) -> None:
        if text.stage not in STAGES or text.stage == "run":
            raise UsageError(f"{where}: there is no stage {text.stage}")
        self._settings, self._text, self._name, self._where = settings, text, name, where
        self._own = {one for one in (text.output, *text.writes) if one}
        self._made = made
        self._command, self._parser = parser_of(text.stage)

    def step(self) -> Step:
        """The whole step."""
        inputs = self._files(self._text.inputs)
        words = [*self._options(), *self._answers()]
        if self._text.output:
            words += ["-o", f"{WORK}/{self._text.output}"]
        words += ["--", *inputs] if inputs else []
        self._check(words)
        reads = self._files(self._text.reads)
        return Step(
            self._name,
            self._text.stage,
            _version_of(self._text.stage, self._command),
            _digest_of(self._command.instructions),
            tuple(words),
            tuple(dict.fromkeys((*inputs, *reads))),
            tuple(self._outputs()),
            self._text.varies,
        )

    def _files(self, texts: Sequence[str]) -> list[str]:
        found = filled(list(texts), self._settings, self._where)
        return [file for one in found if (file := self._input(str(one)))]

    def _input(self, text: str) -> str:
        """A file of a former step, or one of others."""
        names = text.split("|")
        for name in names:
            if name in self._made:
                return f"{WORK}/{name}"
        if names[-1] == "":
            return ""
        if len(names) > 1:
            raise UsageError(f"{self._where}: no step before it writes any of {', '.join(names)}")
        return text

    def _outputs(self) -> Iterator[str]:
        is_folder = self._command.make is None
        for one in sorted(self._own):
            yield f"{WORK}/{one}"
            if one == self._text.output and not is_folder:
                yield f"{WORK}/{drops_path(one)}"

    def _options(self) -> Iterator[str]:
        for key, text in (self._text.model_extra or {}).items():
            option = f"--{key.replace('_', '-')}" if len(key) > 1 else f"-{key}"
            action = self._parser.takes(option)
            if action is None:
                raise UsageError(f"{self._where}: {self._text.stage} has no option {option}")
            value = filled(text, self._settings, self._where)
            yield from self._words(option, action.nargs, value)

    def _words(self, option: str, nargs: Any, value: Any) -> Iterator[str]:
        """An option with its value as a command line has them; nothing for one that is empty."""
        if nargs == 0:
            yield from [option] if value and value != "false" else []
            return
        values = [self._placed(one) for one in (value if isinstance(value, list) else [value])]
        values = [one for one in values if one != ""]
        if nargs in {"+", "*"}:
            yield from [option, *values] if values else []
            return
        for one in values:
            # `--set=-1` and `-n=3` would differ: an option of one letter takes no equals sign
            yield from [f"{option}={one}"] if option.startswith("--") else [option, one]

    def _placed(self, value: Any) -> str:
        text = str(value)
        is_ours = text in self._own or text in self._made
        return f"{WORK}/{text}" if is_ours else text

    def _answers(self) -> list[str]:
        """Stages that ask models keep what those say with the run, so that it can be repeated."""
        takes = self._parser.takes("--cache") is not None
        if not takes or "cache" in (self._text.model_extra or {}):
            return []
        return ["--cache", ANSWERS]

    def _check(self, words: Sequence[str]) -> None:
        """Have the stage read the words; it says what is wrong in its own way."""
        said = io.StringIO()
        self._parser.take_files_to_come()
        try:
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
                self._parser.parse_args(list(words))
        except SystemExit:
            last = said.getvalue().strip().rpartition("\n")[2]
            fault = last.rpartition("error: ")[2]
            raise UsageError(f"{self._where}: {fault}") from None


def _digest_of(instructions: Sequence[str]) -> str:
    if not instructions:
        return ""
    return hashlib.sha256("\0".join(instructions).encode()).hexdigest()


def _version_of(stage: str, command: Command) -> int:
    """The version of what a stage makes."""
    module = importlib.import_module(f"pipeline.stages.{stage}")
    found = [
        one.version
        for one in vars(module).values()
        if getattr(one, "name", None) == stage and isinstance(getattr(one, "version", None), int)
    ]
    return max(found, default=command.version)
