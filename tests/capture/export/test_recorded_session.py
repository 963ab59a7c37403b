"""From keys to a line: a session through the real recorder and store, judged by Zed's tools."""

import json
import time
from pathlib import Path

import msgspec
import pytest

from capture.bookkeeper import Bookkeeper
from capture.books import Books
from capture.commands import main
from capture.consent import Consents
from capture.outside import doors_of
from tests.capture.recording import Clock, Person
from tests.core.formats.oracle import needs_oracle, zed
from zeta_lsp.core.events import Source
from zeta_lsp.core.formats import get
from zeta_lsp.core.lifecycle import State
from zeta_lsp.core.recording import Capturing, Level

MIT = (Path(__file__).parents[3] / "LICENSE").read_text(encoding="utf-8")
CODE = "import os\n\n\ndef connect():\n    return None\n\n\ndef main():\n    connect()\n"
TEXTS = {
    "unix": CODE,
    "windows": CODE.replace("\n", "\r\n"),
    "no last newline": CODE.removesuffix("\n"),
    "far from ascii": CODE.replace("None", "'日本' + '🎉'"),
    "deep": "".join(f"value_{row} = {row}\n" for row in range(9000)) + CODE,
}


class Here:
    """A project whose owner consented, and a clock."""

    def __init__(self, folder):
        self.root = folder / "shop"
        self.root.mkdir()
        (self.root / "LICENSE").write_text(MIT, encoding="utf-8")
        self.data = folder / "data"
        self.data.mkdir()
        self.clock = Clock(time.monotonic())
        consents = Consents(self.data / "capture", time.time)
        consents.grant(self.root, Level.SNAPSHOTS, private=False, version="1")
        doors = msgspec.structs.replace(
            doors_of(self.data / "capture", consents), monotonic=self.clock
        )
        self.books = Books("s", "1", Capturing(), doors)
        self.take = Bookkeeper(self.books).take

    def pass_time(self, seconds):
        self.clock.now += seconds

    def exported(self):
        self.books.close(self.clock.now)
        out = self.data / "out.jsonl"
        words = ["export", "-o", str(out), "--json"]
        assert main(words, self.data, enabled=True, settings_globs=(), version="1") == 0
        return [json.loads(line) for line in out.read_bytes().splitlines()]


def predicted(person, row, col, old, new):
    """Ask at a place; a model answers that `old` in the region becomes `new`."""
    asked = person.ask(row, col)
    _, given = asked
    form = get("zeta2.1")
    prompt = form.render(given)
    region = given.cursor_excerpt.encode()[slice(*prompt.editable)].decode()
    output = form.target(given, prompt, region.replace(old, new, 1))
    person.outside.pass_time(0.1)
    return person.answer(
        asked,
        prompt=prompt.text,
        output=output,
        answer=form.parse(output, given, prompt),
        editable=prompt.editable,
        context=prompt.context,
    )


@needs_oracle
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("ending", [State.ACCEPTED, State.REJECTED])
def test_a_session_becomes_lines_that_zed_takes(tmp_path, capsys, text, ending):
    here = Here(tmp_path)
    row = text[: text.index("def connect")].count("\n")
    (here.root / "basket.py").write_text(text, encoding="utf-8", newline="")
    person = Person(here, here.take, text, root=here.root).open()
    person.type(row, len("def connect("), "host")
    ident = predicted(person, row, len("def connect(host"), "    connect()", "    connect('a')")
    person.happened(ident)
    call = row + 5
    if ending is State.ACCEPTED:
        col = len("    connect(")
        person.edit((call, col), (call, col), "'a'", Source.ACCEPTED)
    else:
        person.type(call, len("    connect("), "'b'")
    person.happened(ident, ending)
    here.pass_time(11)

    (line,) = here.exported()
    given = zed.Zeta2PromptInput.from_dict(line["prompt_inputs"])
    assert zed.format_prompt(given, "V0318SeedMultiRegions") == line["prompt"]["input"]
    (patch,) = line["expected_patches"]
    target = zed.format_expected_output(given, "V0318SeedMultiRegions", patch)
    assert target == line["prompt"]["expected_output"]
    typed = "'a'" if ending is State.ACCEPTED else "'b'"
    assert f"+    connect({typed})\n" in patch
    assert "\r" not in patch
    assert (line["rejected_patch"] is None) == (ending is State.ACCEPTED)
    (scored,) = json.loads(zed.score_examples_json(json.dumps([line])))
    full_marks = scored["score"][0]["delta_chr_f"] == 100.0
    assert full_marks == (ending is State.ACCEPTED)
    assert line["zeta"]["outcome"]["ending"] == ending
    assert line["zeta"]["licence"]["evidence"] == "LICENSE"
    assert line["zeta"]["edit_sources"] == [["typed"]]
    assert line["edit_history"].count("+def connect(host):") == 1
