"""Three small predictions whose answers are known, to see whether model and format fit together.

A renamed parameter whose use still has the old name wants an edit; a line that was begun wants its
end; finished code wants nothing. A model asked in the wrong format gives itself away: its answers
cannot be read, change too much, or repeat the prompt.
"""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

import msgspec

from zeta_lsp.cli.checks import Check, Status
from zeta_lsp.core.errors import PromptTooLong, UnparsableAnswer, ZetaError
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.ports import Predictor, Reply
from zeta_lsp.core.prompt import Answer, PromptInput, RelatedExcerpt, RelatedFile

PATH = "selftest/shapes.py"
_CURSOR = "‸"


class SelfTest(msgspec.Struct, frozen=True):
    """A prompt and what its answer should do.

    `before` marks the cursor with ``‸``. A good answer puts `wants` where `lacks` was; None for
    both means that it should change nothing.
    """

    name: str
    before: str
    diff: str
    wants: str | None = None
    lacks: str | None = None


class Trial(msgspec.Struct, frozen=True):
    """How one self-test went. `shown_ms` is the time until something could be shown."""

    check: Check
    shown_ms: float | None = None


SELF_TESTS = (
    SelfTest(
        "rename",
        before="""\
def area(width‸, height):
    \"\"\"The area of a rectangle.\"\"\"
    return length * height


print(area(2, 3))
""",
        diff="""\
@@ -1,3 +1,3 @@
-def area(length, height):
+def area(width, height):
     \"\"\"The area of a rectangle.\"\"\"
     return length * height
""",
        wants="return width * height",
        lacks="return length",
    ),
    SelfTest(
        "complete",
        before="""\
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y =‸

    def moved(self, dx, dy):
        return Point(self.x + dx, self.y + dy)
""",
        diff="""\
@@ -1,3 +1,4 @@
 class Point:
     def __init__(self, x, y):
-        pass
+        self.x = x
+        self.y =
""",
        wants="self.y = y",
    ),
    SelfTest(
        "nothing to do",
        before="""\
def perimeter(width, height):
    \"\"\"The perimeter of a rectangle.\"\"\"
    return 2 * (width + height)‸


print(perimeter(2, 3))
""",
        diff="""\
@@ -1,3 +1,3 @@
 def perimeter(width, height):
     \"\"\"The perimeter of a rectangle.\"\"\"
-    return 2 * (width + width)
+    return 2 * (width + height)
""",
    ),
)


def prompt_input(test: SelfTest, *, with_current_file: bool = False) -> PromptInput:
    """The complete input of a self-test's prediction."""
    head, _, tail = test.before.partition(_CURSOR)
    text = head + tail
    rows = text.count("\n") + 1
    shown = RelatedExcerpt((0, rows), text, context_source="current_file")
    return PromptInput(
        cursor_path=PATH,
        cursor_excerpt=text,
        cursor_offset_in_excerpt=len(head.encode()),
        excerpt_start_row=0,
        events=(BufferChange(PATH, PATH, test.diff),),
        related_files=(RelatedFile(PATH, rows, (shown,)),) if with_current_file else None,
        syntax_ranges=((0, len(text.encode())),),
    )


async def attempt(test: SelfTest, predictor: Predictor) -> Trial:
    """Ask once and judge the answer.

    Raises:
        ModelError: the endpoint gave no usable answer, which is no matter of this test.
    """
    given = prompt_input(test, with_current_file=predictor.needs_current_file)
    began_s = time.perf_counter()
    shown_s: float | None = None
    last: Reply | None = None
    try:
        async with aclosing(cast("AsyncGenerator[Reply]", predictor.predict(given))) as replies:
            async for reply in replies:
                last, shown_s = reply, shown_s or time.perf_counter()
    except (UnparsableAnswer, PromptTooLong) as fault:
        return Trial(_unreadable(test, fault))
    if last is None or shown_s is None:
        return Trial(Check(_title(test), Status.FAIL, "no answer came"))
    return Trial(judged(test, rewritten(last.answer, given)), (shown_s - began_s) * 1000)


def judged(test: SelfTest, after: str) -> Check:
    """What a rewritten text says about model and format."""
    name, before = _title(test), test.before.replace(_CURSOR, "")
    if test.wants is None:
        if _same(before, after):
            return Check(name, Status.OK, "the model left finished code alone")
        return Check(name, Status.WARN, "the model changed finished code", _OFTEN_NEEDLESS)
    if _same(before, after):
        return Check(name, Status.WARN, "the model proposed nothing", _OFTEN_WRONG_FORMAT)
    if test.wants in after and (test.lacks is None or test.lacks not in after):
        return Check(name, Status.OK, "the model made the expected edit")
    return Check(name, Status.WARN, "the model made another edit", _OFTEN_WRONG_FORMAT)


def rewritten(answer: Answer, given: PromptInput) -> str:
    """The excerpt with the answer's replacements made."""
    text = given.cursor_excerpt.encode()
    for part in sorted(answer.replacements, key=lambda part: part.start, reverse=True):
        text = text[: part.start] + part.text.encode("utf-8", "replace") + text[part.end :]
    return text.decode("utf-8", "replace")


_OFTEN_WRONG_FORMAT = "if this happens often, try another --format: the model may be made for it"
_OFTEN_NEEDLESS = "expect needless predictions; completion models always write something"


def _same(before: str, after: str) -> bool:
    """Final newlines differ between formats and mean nothing."""
    return before.rstrip("\n") == after.rstrip("\n")


def _title(test: SelfTest) -> str:
    return f"self-test: {test.name}"


def _unreadable(test: SelfTest, fault: ZetaError) -> Check:
    advice = "the model may be made for another format: check --format and the model's name"
    if fault.reason == "answer_cut_short":
        advice += ", and the server's limit of tokens for an answer"
    return Check(_title(test), Status.FAIL, f"the answer cannot be read: {fault.reason}", advice)
