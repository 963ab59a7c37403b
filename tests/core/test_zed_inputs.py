"""A prediction's input goes to Zed's JSON and comes back as it was."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.errors import UnreadableInput
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import Diagnostic, PromptInput, RelatedExcerpt, RelatedFile
from zeta_lsp.core.zed_inputs import given_of, prompt_inputs

LEAST = {"cursor_path": "a.py", "cursor_excerpt": "héllo\n", "cursor_offset_in_excerpt": 3}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
spans = st.tuples(st.integers(0, 9), st.integers(0, 9))
excerpts = st.builds(RelatedExcerpt, spans, texts, st.integers(0, 9), st.just("lsp"))
files = st.builds(
    RelatedFile, texts, st.integers(0, 9), st.lists(excerpts).map(tuple), st.just(True)
)
inputs = st.builds(
    PromptInput,
    cursor_path=texts,
    cursor_excerpt=texts,
    cursor_offset_in_excerpt=st.just(0),
    excerpt_start_row=st.none() | st.integers(0, 9),
    events=st.lists(
        st.builds(BufferChange, texts, st.just("old"), texts, st.booleans(), st.just(True))
    ).map(tuple),
    related_files=st.none() | st.lists(files).map(tuple),
    active_buffer_diagnostics=st.lists(
        st.builds(Diagnostic, texts, texts, spans, spans, st.none() | st.integers(1, 4))
    ).map(tuple),
    syntax_ranges=st.none() | st.just(((0, 0),)),
    in_open_source_repo=st.just(True),
    can_collect_data=st.just(True),
    repo_url=st.just("https://example.org/a"),
)


@given(inputs)
def test_an_input_comes_back_as_it_was(one: PromptInput) -> None:
    written = prompt_inputs(one, is_open=True, repository_url="https://example.org/a")
    back = given_of(json.loads(json.dumps(written)))
    assert back.excerpt_ranges.keys() >= one.excerpt_ranges.keys()
    assert prompt_inputs(back, is_open=True, repository_url="https://example.org/a") == written
    for name in ("cursor_excerpt", "events", "related_files", "active_buffer_diagnostics"):
        assert getattr(back, name) == getattr(one, name)


def test_an_older_record_without_later_fields_is_read() -> None:
    assert given_of(LEAST) == PromptInput("a.py", "héllo\n", 3)


def test_what_a_newer_version_added_is_left_out() -> None:
    assert given_of({**LEAST, "new_field": {"deep": 1}}) == given_of(LEAST)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {"cursor_path": "a.py"},
        {**LEAST, "cursor_offset_in_excerpt": "3"},
        {**LEAST, "cursor_offset_in_excerpt": 8},
        {**LEAST, "cursor_offset_in_excerpt": -1},
        {**LEAST, "events": [{"path": "a.py"}]},
        {**LEAST, "related_files": [{"path": "b", "max_row": 1}]},
        {**LEAST, "cursor_excerpt": "\ud800"},
    ],
)
def test_what_is_no_input_is_refused_without_its_text(wrong: Any) -> None:
    with pytest.raises(UnreadableInput) as fault:
        given_of(wrong)
    assert "héllo" not in str(fault.value)
