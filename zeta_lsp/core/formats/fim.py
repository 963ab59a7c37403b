"""Fill in the middle: code models that complete at the cursor and change nothing else.

The 512 estimated tokens around the cursor are split at it; the model writes what goes between. One
entry a model family, with the special tokens of its tokenizer. Sources:

* ``fim-qwen``: README of Qwen2.5-Coder, file-level fill in the middle.
* ``fim-seed``: Seed-Coder-Base, in the order suffix, prefix, middle, as the Zeta 2 models have it.
* ``fim-starcoder``: model cards of StarCoder and StarCoder2.
* ``fim-codellama``: reference code of Code Llama. Spaces stand after ``<PRE>``, before ``<SUF>``
  and before ``<MID>``, none after ``<SUF>``; answers end with ``<EOT>``.
* ``fim-deepseek``: README of DeepSeek-Coder, code insertion; bars are U+FF5C, low lines U+2581.
* ``fim-codestral``: mistral-common, `encode_fim`: the suffix first, nothing after the prefix.
* ``fim-codegemma``: ai.google.dev, "CodeGemma formatting and system instructions".

Budget and templates agree with Zed's at commit 09adbb01. An answer is cut at the first special
token. What it repeats of the text behind the cursor is left out, since models like to go on into
the suffix, unless that would leave a bracket without its partner.

Servers trim the token that ends an answer, so `needs_end` is False.
"""

import msgspec

from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.budget import Budget
from zeta_lsp.core.formats.reserved import Reserved
from zeta_lsp.core.formats.view import ranges_of, view_of
from zeta_lsp.core.prompt import Answer, Prompt, PromptInput, Replacement

EDITABLE_TOKENS = 512
ANSWER_TOKENS = 128
_OPENING, _CLOSING = "([{", ")]}"


class Family(msgspec.Struct, frozen=True):
    """A model family. `ends` are the tokens at which an answer ends, its natural end first."""

    name: str
    template: str
    ends: tuple[str, ...]
    others: tuple[str, ...] = ()


FAMILIES = (
    Family(
        "qwen",
        "<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>",
        ("<|endoftext|>", "<|fim_pad|>", "<|file_sep|>", "<|repo_name|>", "<|im_end|>"),
        ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|im_start|>"),
    ),
    Family(
        "seed",
        "<[fim-suffix]>{suffix}<[fim-prefix]>{prefix}<[fim-middle]>",
        ("<[end▁of▁sentence]>",),
        ("<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>", "<[begin▁of▁sentence]>"),
    ),
    Family(
        "starcoder",
        "<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>",
        ("<|endoftext|>", "<file_sep>", "<fim_pad>"),
        ("<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<repo_name>"),
    ),
    Family(
        "codellama",
        "<PRE> {prefix} <SUF>{suffix} <MID>",
        ("<EOT>", "</s>"),
        ("<PRE>", "<SUF>", "<MID>", "<s>"),
    ),
    Family(
        "deepseek",
        "<｜fim▁begin｜>{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>",
        ("<｜end▁of▁sentence｜>", "<|EOT|>"),
        ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", "<｜begin▁of▁sentence｜>"),
    ),
    Family(
        "codestral",
        "[SUFFIX]{suffix}[PREFIX]{prefix}",
        ("</s>",),
        ("[SUFFIX]", "[PREFIX]", "[MIDDLE]", "<s>"),
    ),
    Family(
        "codegemma",
        "<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>",
        ("<|file_separator|>", "<eos>", "<end_of_turn>"),
        ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<bos>"),
    ),
)


class Fim:
    """The format ``fim-`` and a family's name."""

    zed_name: str | None = None
    needs_end = False
    needs_current_file = False

    def __init__(self, family: Family) -> None:
        self.name = f"fim-{family.name}"
        self.markers: tuple[str, ...] = family.ends + family.others
        self._template = family.template
        self._ends = family.ends
        self._reserved = Reserved(self.markers)

    def render(self, given: PromptInput) -> Prompt | None:
        """The prompt, or None if the cursor's row alone exceeds the limit."""
        editable, _ = ranges_of(given, EDITABLE_TOKENS, 0)
        view = view_of(given, editable, editable, self._reserved)
        text = self._template.format(prefix=view.before, suffix=view.after)
        if Budget([text]).exceeded:
            return None
        return Prompt(
            format=self.name,
            text=text,
            editable=editable,
            context=editable,
            max_tokens=ANSWER_TOKENS,
            stop=self._ends,
        )

    def parse(self, output: str, given: PromptInput, prompt: Prompt) -> Answer:
        """Read what is inserted at the cursor."""
        body = output[: self._reserved.first_in(output)]
        complete = len(body) < len(output)
        before, behind = _around_cursor(given)
        text = _without_repeated(self._reserved.show(body), before, behind)
        if not text:
            return Answer(complete=complete)
        return Answer((_insertion(given, text),), complete=complete)

    def partial(self, output: str, given: PromptInput, prompt: Prompt) -> Replacement | None:
        """The insertion without what may turn out to repeat the text behind the cursor."""
        text = self._reserved.show(self._reserved.certain(output))
        _, behind = _around_cursor(given)
        return _insertion(given, text[: len(text) - _repeated(text, behind)])

    def target(
        self, given: PromptInput, prompt: Prompt, new_region: str | None, cursor: int | None = None
    ) -> str:
        """What to insert, and the end.

        Raises:
            UsageError: `new_region` is more than an insertion at the cursor.
        """
        if new_region is None:
            return self._ends[0]
        data, at = given.cursor_excerpt.encode(), given.cursor_offset_in_excerpt
        before = data[prompt.editable[0] : at].decode()
        after = data[at : prompt.editable[1]].decode()
        grown = len(new_region) >= len(before) + len(after)
        if not (grown and new_region.startswith(before) and new_region.endswith(after)):
            raise UsageError(f"{self.name} can only insert at the cursor; use another format")
        inserted = new_region[len(before) : len(new_region) - len(after)]
        return self._reserved.hide(inserted) + self._ends[0]


def _insertion(given: PromptInput, text: str) -> Replacement:
    return Replacement(given.cursor_offset_in_excerpt, given.cursor_offset_in_excerpt, text)


def _around_cursor(given: PromptInput) -> tuple[str, str]:
    """The cursor's row up to the cursor, and everything behind the cursor."""
    data, at = given.cursor_excerpt.encode(), given.cursor_offset_in_excerpt
    return data[data.rfind(b"\n", 0, at) + 1 : at].decode(), data[at:].decode()


def _without_repeated(text: str, before: str, behind: str) -> str:
    """An insertion without its end, where that repeats what follows the cursor."""
    size = _repeated(text, behind)
    shorter = text[: len(text) - size]
    rest = behind.partition("\n")[0]
    if _unpaired(before + shorter + rest) > _unpaired(before + text + rest):
        return text
    return shorter


def _repeated(text: str, behind: str) -> int:
    """The longest end of `text` with which `behind` begins, in code points."""
    sizes = range(min(len(text), len(behind)), 0, -1)
    return next((size for size in sizes if text.endswith(behind[:size])), 0)


def _unpaired(text: str) -> int:
    """Brackets of a text without a partner, by number alone."""
    pairs = zip(_OPENING, _CLOSING, strict=True)
    return sum(abs(text.count(opening) - text.count(closing)) for opening, closing in pairs)


FORMATS: tuple[Format, ...] = tuple(map(Fim, FAMILIES))
