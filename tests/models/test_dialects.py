"""What each protocol posts, where, and how it is read back."""

from typing import Any

import pytest

from zeta_lsp.core.errors import ModelBadReply, ModelRefused
from zeta_lsp.core.ports import Finish, Piece
from zeta_lsp.core.prompt import Message, Prompt
from zeta_lsp.models.dialect import Dialect, Replies, merged
from zeta_lsp.models.llamacpp import LlamaCpp
from zeta_lsp.models.mercury import URL as MERCURY_URL
from zeta_lsp.models.mercury import Mercury
from zeta_lsp.models.ollama import Ollama
from zeta_lsp.models.openai import OpenAI

TEXT = Prompt("toy", "text", (0, 0), (0, 0), max_tokens=64, stop=("<a>", "<b>"))
CHAT = Prompt("toy", "", (0, 0), (0, 0), max_tokens=64, messages=(Message("system", "be"),))
BOTH = Prompt("toy", "text", (0, 0), (0, 0), max_tokens=64, messages=(Message("user", "hello"),))


@pytest.mark.parametrize(
    ("url", "posted", "listed"),
    [
        ("http://h", "http://h/v1/completions", "http://h/v1/models"),
        ("http://h:1/", "http://h:1/v1/completions", "http://h:1/v1/models"),
        ("http://h/v1", "http://h/v1/completions", "http://h/v1/models"),
        ("http://h/v1/", "http://h/v1/completions", "http://h/v1/models"),
        ("http://h/v2", "http://h/v2/completions", "http://h/v2/models"),
        ("http://h/v1beta/x", "http://h/v1beta/x/v1/completions", "http://h/v1beta/x/v1/models"),
        ("http://h/api", "http://h/api/v1/completions", "http://h/api/v1/models"),
        ("http://h/v1/completions", "http://h/v1/completions", "http://h/v1/models"),
        ("http://h/v1/completions/", "http://h/v1/completions/", "http://h/v1/models"),
        ("http://h/x/completions?v=1", "http://h/x/completions?v=1", "http://h/x/v1/models"),
        ("http://h/v1/chat/completions", "http://h/v1/chat/completions", "http://h/v1/models"),
        ("http://[::1]:8000", "http://[::1]:8000/v1/completions", "http://[::1]:8000/v1/models"),
    ],
)
def test_an_address_is_used_as_it_is_or_completed(url: str, posted: str, listed: str) -> None:
    dialect = OpenAI(url, {})
    assert (dialect.url(TEXT), dialect.models_url) == (posted, listed)


@pytest.mark.parametrize(
    ("dialect", "posted", "listed"),
    [
        (Ollama("http://h:11434", {}), "http://h:11434/api/generate", "http://h:11434/api/tags"),
        (Ollama("http://h/o/api/generate", {}), "http://h/o/api/generate", "http://h/o/api/tags"),
        (LlamaCpp("http://h:8080/", {}), "http://h:8080/completion", "http://h:8080/v1/models"),
        (LlamaCpp("http://h/completion", {}), "http://h/completion", "http://h/v1/models"),
        (
            Mercury(MERCURY_URL, {}),
            "https://api.inceptionlabs.ai/v1/edit/completions",
            "https://api.inceptionlabs.ai/v1/models",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_protocols_have_their_own_paths(dialect: Dialect, posted: str, listed: str) -> None:
    assert (dialect.url(TEXT), dialect.models_url) == (posted, listed)


@pytest.mark.parametrize(
    ("url", "prompt", "path", "question"),
    [
        ("http://h", TEXT, "/v1/completions", {"prompt": "text"}),
        ("http://h", BOTH, "/v1/completions", {"prompt": "text"}),
        (
            "http://h",
            CHAT,
            "/v1/chat/completions",
            {"messages": [{"role": "system", "content": "be"}]},
        ),
        (
            "http://h/v1/chat/completions",
            TEXT,
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": "text"}]},
        ),
        (
            "http://h/v1/chat/completions?api=2",
            BOTH,
            "/v1/chat/completions?api=2",
            {"messages": [{"role": "user", "content": "hello"}]},
        ),
    ],
)
def test_a_prompt_is_completed_or_chatted_as_address_and_prompt_say(
    url: str, prompt: Prompt, path: str, question: dict[str, Any]
) -> None:
    dialect = OpenAI(url, {})
    body = dialect.body(prompt, "m")
    assert dialect.url(prompt) == "http://h" + path
    assert {name: body[name] for name in ("prompt", "messages") if name in body} == question


def test_ollama_is_given_the_prompt_raw_and_a_context_that_holds_it() -> None:
    assert Ollama("http://h", {"options": {"num_ctx": 4096}, "keep_alive": "1h"}).body(
        TEXT, "zeta2"
    ) == {
        "model": "zeta2",
        "prompt": "text",
        "raw": True,
        "stream": True,
        "keep_alive": "1h",
        "options": {"num_predict": 64, "num_ctx": 4096, "temperature": 0, "stop": ["<a>", "<b>"]},
    }


def test_llama_cpp_keeps_what_it_computed() -> None:
    assert LlamaCpp("http://h", {}).body(TEXT, "") == {
        "prompt": "text",
        "n_predict": 64,
        "temperature": 0,
        "stop": ["<a>", "<b>"],
        "stream": True,
        "cache_prompt": True,
    }


def test_mercury_is_asked_by_chat_and_answers_whole() -> None:
    assert Mercury(MERCURY_URL, {}).body(BOTH, "") == {
        "model": "mercury-edit-2",
        "messages": [{"role": "user", "content": "hello"}],
        "max_tokens": 64,
    }


@pytest.mark.parametrize("dialect", [OpenAI("http://h", {}), LlamaCpp("http://h", {})])
def test_a_lone_surrogate_does_not_keep_a_prompt_from_being_sent(dialect: Dialect) -> None:
    prompt = Prompt("toy", "a\ud800b", (0, 0), (0, 0), max_tokens=1)
    assert dialect.body(prompt, "m")["prompt"] == "a\ufffdb"


def test_the_users_fields_win_are_merged_and_can_remove() -> None:
    body = {"a": 1, "b": {"c": 1, "d": 2}, "stop": []}
    assert merged(body, {"a": 2, "b": {"d": 3}, "stop": None, "e": {"f": 4}}) == {
        "a": 2,
        "b": {"c": 1, "d": 3},
        "e": {"f": 4},
    }
    assert body == {"a": 1, "b": {"c": 1, "d": 2}, "stop": []}


@pytest.mark.parametrize(
    ("word", "finish"),
    [
        ('"stop"', Finish.STOP),
        ('"eos"', Finish.STOP),
        ('"length"', Finish.LENGTH),
        ('"content_filter"', Finish.LENGTH),
        ('"something new"', Finish.UNKNOWN),
        ("null", None),
        ('""', None),
    ],
)
def test_finish_reasons_are_understood_or_unknown(word: str, finish: Finish | None) -> None:
    event = f'{{"choices":[{{"text":"x","finish_reason":{word}}}],"model":"m"}}'
    assert OpenAI("http://h", {}).piece(event.encode()) == Piece("x", finish, "m")


@pytest.mark.parametrize(
    "event",
    [
        b'{"choices":[],"usage":{"total_tokens":5}}',
        b'{"choices":null}',
        b'{"object":"ping"}',
        b'{"choices":[{"index":1,"text":"another answer"}]}',
    ],
)
def test_events_without_text_of_the_answer_say_nothing(event: bytes) -> None:
    assert OpenAI("http://h", {}).piece(event) is None


@pytest.mark.parametrize(
    ("dialect", "event", "status"),
    [
        (OpenAI("http://h", {}), b'{"error":{"code":400,"message":"m"}}', 400),
        (OpenAI("http://h", {}), b'{"error":"out of memory"}', 500),
        (Ollama("http://h", {}), b'{"error":"model not found"}', 500),
        (LlamaCpp("http://h", {}), b'{"error":{"code":"x"}}', 500),
    ],
)
def test_an_error_in_a_stream_is_the_endpoints_failure(
    dialect: Dialect, event: bytes, status: int
) -> None:
    with pytest.raises(ModelRefused) as caught:
        dialect.piece(event)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("dialect", "document"),
    [
        (OpenAI("http://h", {}), b'{"choices":[]}'),
        (OpenAI("http://h", {}), b""),
        (Ollama("http://h", {}), b'{"response":"x","done":false}'),
        (Ollama("http://h", {}), b'{"response":"","done":true,"done_reason":"load"}'),
        (LlamaCpp("http://h", {}), b'{"content":"x","stop":false}'),
    ],
)
def test_a_document_without_a_finished_answer_is_refused(dialect: Dialect, document: bytes) -> None:
    replies = Replies(dialect, "application/json")
    replies.feed(document)
    with pytest.raises(ModelBadReply):
        replies.end()


def test_nothing_is_read_behind_the_end() -> None:
    replies = Replies(OpenAI("http://h", {}), "text/event-stream")
    pieces = replies.feed(
        b'data: {"choices":[{"text":"a","finish_reason":"stop"}]}\n\n'
        b'data: {"choices":[{"text":"b"}]}\n\ndata: {broken\n\n'
    )
    assert pieces == [Piece("a", Finish.STOP)]


def test_lists_of_models_are_read() -> None:
    listing = b'{"object":"list","data":[{"id":"a","owned_by":"vllm"},{"id":"b"}]}'
    assert OpenAI("http://h", {}).names(listing) == ("a", "b")
    assert LlamaCpp("http://h", {}).names(listing) == ("a", "b")
    assert Ollama("http://h", {}).names(b'{"models":[{"name":"zeta2:latest"}]}') == (
        "zeta2:latest",
    )
    with pytest.raises(ModelBadReply):
        OpenAI("http://h", {}).names(b"[]")
