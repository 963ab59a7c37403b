"""Hypothesis strategies: texts that hold the markers of formats, as code about prompts does."""

from hypothesis import strategies as st

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import PromptInput, RelatedExcerpt, RelatedFile

MARKERS = (
    *("<|marker_1|>", "<|marker_2|>", "<|marker_", "<|user_cursor|>", "<|user_cursor"),
    *("<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>", "<[end▁of▁sentence]>", "<[end"),
    *("<filename>", "<|file_sep|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
    *("<<<<<<< CURRENT", "=======", ">>>>>>> UPDATED", ">>>>>>> UPD", ">>>>>>>", "<|endoftext|>"),
    *("NO_EDITS", "KEEP_PREVIOUS", "<\u2060|marker_1|>", "=\u2060======", "\ud800"),
)
WORDS = ("x = 1", "é", "名前", "return", "}", "    ", "", "'", "\t")

words = st.sampled_from(WORDS + MARKERS)
lines = st.one_of(
    words, st.lists(words, max_size=4).map(" ".join), st.lists(words, max_size=3).map("".join)
)
texts = st.builds(
    lambda rows, end: "\n".join(rows) + end,
    st.lists(lines, max_size=40),
    st.sampled_from(["", "\n"]),
)


@st.composite
def inputs(draw):
    """An input with markers in every text; the cursor may stand inside one."""
    excerpt = draw(texts)
    cursor = len(excerpt[: draw(st.integers(0, len(excerpt)))].encode("utf-8", "surrogatepass"))
    event = st.builds(BufferChange, lines, lines, texts, st.booleans())
    related = st.builds(RelatedExcerpt, st.just((0, 9)), texts)
    file = st.builds(RelatedFile, lines, st.just(20), st.tuples(related))
    return PromptInput(
        "p/a.py",
        excerpt,
        cursor,
        excerpt_start_row=0,
        events=tuple(draw(st.lists(event, max_size=3))),
        related_files=tuple(draw(st.lists(file, max_size=2))),
        syntax_ranges=(),
    )
