"""Text of prompts and chats that leaks into an answer.

Formats refuse their own markers while they parse. This is the second net, for whatever a model was
trained on otherwise: sentinels of related formats (``NO_EDITS``), the cursor mark, numbered region
markers, fill-in-the-middle and chat tokens, merge-marker lines, a Markdown fence around the answer.

The same text may be the user's own: a file about prompts, a merge conflict, a template. A marker
counts only where nothing that the model was shown has it: excerpt, edits, related files. Lines of
seven equal signs are no marker: headings are written so.
"""

import re
from collections.abc import Iterator

from zeta_lsp.core.prompt import PromptInput

_KNOWN = re.compile(
    r"\bNO_EDITS\b|\bKEEP_PREVIOUS\b"
    r"|<\|/?(?:user_)?cursor(?:_is_here)?\|>|<\|marker_\w*"
    r"|<\|(?:/?editable_region(?:_start|_end)?(?:_is_here)?|start_of_file|start_header_id"
    r"|end_header_id|eot_id|begin_of_text|end_of_text|endoftext|im_start|im_end|im_sep"
    r"|file_sep|repo_name|file_separator|fim_\w+|code_to_edit|/code_to_edit"
    r"|system|user|assistant|channel|message|return|end)\|>"
    r"|<\[(?:fim-\w+|(?:begin|end)▁of▁sentence)\]>|<｜[\w▁]+｜>|<fim_(?:prefix|suffix|middle|pad)>"
    r"|<<<<<<< CURRENT|>>>>>>> UPDATED|</?think>|</?(?:start|end)_of_turn>|\[/?INST\]"
)
_FENCE = re.compile(r"```[\w+#.-]*(?:\n|$)")
_WITH_FENCES = (".md", ".mdx", ".markdown", ".mkd", ".qmd", ".rmd", ".rst", ".adoc", ".txt")
"""Files in which a fence at the beginning of a new text is text."""


def leaked(new: str, given: PromptInput, markers: tuple[str, ...] = ()) -> int:
    """How many different prompt markers a new text has that can only come from the model.

    Args:
        given: what the model was shown.
        markers: strings that only the prompt's format may write.
    """
    found = {*_KNOWN.findall(new), *(marker for marker in markers if marker in new)}
    return sum(not _is_shown(marker, given) for marker in found)


def is_fenced(old: str, new: str, path: str) -> bool:
    """Whether a new text begins with a Markdown fence that is not the file's own."""
    if not new.startswith("```") or old.startswith("```"):
        return False
    return bool(_FENCE.match(new)) and not path.lower().endswith(_WITH_FENCES)


def _is_shown(marker: str, given: PromptInput) -> bool:
    return any(marker in text for text in _texts(given))


def _texts(given: PromptInput) -> Iterator[str]:
    yield given.cursor_excerpt
    for event in given.events:
        yield event.diff
    for file in given.related_files or ():
        for excerpt in file.excerpts:
            yield excerpt.text
