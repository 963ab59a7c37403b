"""What is read out of a prompt, and the pieces that several formats share.

A prompt is text; what asks a model is a `PromptInput`. Reading gives back what stands in the text:
the lines around the cursor, where the model may rewrite them, recent edits, parts of other files.
What a prompt does not say (row numbers, syntax) stays unknown. The editable range is stored in the
input the way older clients of Zed send it, so that rendering what was read gives the same prompt.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise

import msgspec

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.budget import answer_tokens
from zeta_lsp.core.formats.reserved_lines import ReservedLines
from zeta_lsp.core.prompt import Prompt, PromptInput, RelatedExcerpt, RelatedFile
from zeta_lsp.core.text import byte_length

OMITTED = re.compile(r"^\.\.\.\n", re.MULTILINE)
_EVENT = re.compile(
    r"^(?P<accepted>// User accepted prediction:\n)?"
    r"--- a/(?P<old>[^\n]*)\n\+\+\+ b/(?P<new>[^\n]*)\n",
    re.MULTILINE,
)
_RANGES = ("editable_350", "editable_350_context_150")
_SPARE_TOKENS = 128


class ReadPrompt(msgspec.Struct, frozen=True):
    """A prompt with what it was rendered from.

    `prompt` has the client's text as it came. `also` names further formats that would have rendered
    the same. `hides` says that the client hides markers in people's text as we do (`reserved`), so
    that it can also show them again in an answer.
    """

    form: Format
    given: PromptInput
    prompt: Prompt
    also: tuple[str, ...] = ()
    hides: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every format that this prompt may be in."""
        return (self.form.name, *self.also)

    @property
    def paths(self) -> Iterator[str]:
        """Every file that the prompt names, the cursor's first."""
        yield self.given.cursor_path
        for event in self.given.events:
            yield from (event.path, event.old_path)
        for file in self.given.related_files or ():
            yield file.path


class Cut(msgspec.Struct, frozen=True):
    """The excerpt of a prompt: context above, the region before and behind the cursor, below."""

    above: str
    before: str
    after: str
    below: str

    def shown(self, reserved: ReservedLines) -> "Cut":
        """The same with what was hidden as it was."""
        parts = (self.above, self.before, self.after, self.below)
        text = "".join(parts)
        ends = [reserved.show_at(text, end)[1] for end in accumulate(map(len, parts), initial=0)]
        plain = reserved.show(text)
        return Cut(*(plain[start:end] for start, end in pairwise(ends)))

    def as_input(self, path: str) -> PromptInput:
        """An input whose excerpt is this one and nothing more."""
        text = self.above + self.before + self.after + self.below
        start = byte_length(self.above)
        cursor = start + byte_length(self.before)
        ranges = ((start, cursor + byte_length(self.after)), (0, byte_length(text)))
        return PromptInput(
            path, text, cursor, excerpt_ranges=dict(zip(_RANGES, ranges, strict=True))
        )


@cache
def reserved_for(
    markers: tuple[str, ...], line_starts: tuple[str, ...] = (), lines: tuple[str, ...] = ()
) -> ReservedLines:
    """The strings that only a format may write; made once for each format."""
    return ReservedLines(markers, line_starts, lines)


def closed_below(text: str, region: str) -> str:
    """What stands below a region, of a section that got a final newline where it had none.

    Rows are whole, as excerpts have them.
    """
    text = text.removesuffix("\n")
    return text + "\n" if text or (region and not region.endswith("\n")) else ""


def read_prompt(
    form: Format, text: str, given: PromptInput, also: tuple[str, ...] = (), *, hides: bool = False
) -> ReadPrompt:
    """A prompt to be sent as it came, with the limits that its format sets."""
    editable = given.excerpt_ranges[_RANGES[0]]
    rendered = form.render(given)
    tokens = answer_tokens(editable[1] - editable[0]) + _SPARE_TOKENS
    prompt = Prompt(
        form.name,
        text,
        editable,
        given.excerpt_ranges[_RANGES[1]],
        tokens if rendered is None else max(tokens, rendered.max_tokens),
        () if rendered is None else rendered.stop,
    )
    return ReadPrompt(form, given, prompt, also, hides)


def events_in(history: str) -> tuple[BufferChange, ...]:
    """The events of an edit history, oldest first; what stands before the first is left out."""
    return tuple(
        BufferChange(head["new"], head["old"], body, bool(head["accepted"]))
        for head, body in _headed(_EVENT, history)
    )


def file_of(path: str, content: str) -> RelatedFile:
    """A file's excerpts, which lines ``...`` separate. Rows are counted from what is shown."""
    *followed, last = OMITTED.split(content)
    texts = [*followed, last] if last or not followed else followed
    excerpts, row = [], 0
    for text in texts:
        end = row + len(text.split("\n")) - text.endswith("\n")
        excerpts.append(RelatedExcerpt((row, end if text else row), text))
        row = end + 1
    max_row = excerpts[-1].row_range[1] + (not last and bool(followed))
    return RelatedFile(path, max_row, tuple(excerpts))


def blocks_in(text: str, mark: re.Pattern[str]) -> list[tuple[str, str]]:
    """Headed blocks: the rest of the line behind each mark, and what follows until the next."""
    blocks = (body.partition("\n") for _, body in _headed(mark, text))
    return [(title, content) for title, _, content in blocks]


def _headed(mark: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Every mark with what follows it until the next."""
    found = list(mark.finditer(text))
    for index, each in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        yield each, text[each.end() : end]


def with_sections(
    given: PromptInput, events: Sequence[BufferChange], files: Sequence[RelatedFile]
) -> PromptInput:
    """An input with what else the prompt shows."""
    return msgspec.structs.replace(given, events=tuple(events), related_files=tuple(files) or None)
