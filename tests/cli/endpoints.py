"""Small servers that imitate the ones people run: what they list, and what they complete.

with vllm("zed-industries/zeta-2", good_answers("zeta2")) as endpoint:
    ...ask endpoint.url...
"""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from zeta_lsp.cli.selftest import SELF_TESTS, SelfTest, prompt_input
from zeta_lsp.core import formats

Reply = tuple[int, str, bytes]
"""Status, media type, body."""
Route = Callable[[dict[str, Any]], Reply]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that leave in the middle are no news."""


class FakeEndpoint:
    """Answers by path. `asked` holds (path, headers, body) of every request."""

    def __init__(self, routes: Mapping[str, Route]) -> None:
        self.routes = dict(routes)
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.answer({})

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                self.answer(json.loads(self.rfile.read(length) or b"{}"))

            def answer(self, body: dict[str, Any]) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                endpoint.asked.append((self.path, headers, body))
                route = endpoint.routes.get(self.path) or endpoint.routes.get("*") or missing
                status, media_type, content = route(body)
                self.send_response(status)
                self.send_header("content-type", media_type)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Nothing on the tests' output."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.origin}/v1/completions"

    def __enter__(self) -> "FakeEndpoint":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def good_answers(name: str) -> Callable[[str], str]:
    """What a well-trained model says to the self-tests' prompts in a format."""
    chosen = formats.named(name)
    assert chosen is not None
    known = {}
    for test in SELF_TESTS:
        given = prompt_input(test)
        prompt = chosen.render(given)
        assert prompt is not None
        start, end = prompt.editable
        region = given.cursor_excerpt.encode()[start:end].decode()
        known[prompt.text] = chosen.target(given, prompt, edited(test, region))
    return lambda prompt: known[prompt]


def edited(test: SelfTest, region: str) -> str | None:
    """The region as it should become."""
    if test.wants is None:
        return None
    old = test.lacks or "self.y ="
    return region.replace(old, "return width" if test.lacks else test.wants)


def vllm(
    model: str,
    answer: Callable[[str], str],
    *,
    context_tokens: int = 8192,
    owner: str = "vllm",
    more: tuple[str, ...] = (),
) -> FakeEndpoint:
    """The common protocol, as vLLM speaks it."""
    entries = [
        {"id": name, "object": "model", "owned_by": owner, "max_model_len": context_tokens}
        for name in (model, *more)
    ]
    return FakeEndpoint(
        {
            "/v1/models": lambda _: as_json({"object": "list", "data": entries}),
            "/v1/completions": lambda body: _streamed(body["model"], answer(body["prompt"])),
        }
    )


def llama_cpp(model: str, answer: Callable[[str], str]) -> FakeEndpoint:
    """llama.cpp's server and its own protocol."""
    entry = {"id": model, "owned_by": "llamacpp", "meta": {"n_ctx": 8192}}
    return FakeEndpoint(
        {
            "/v1/models": lambda _: as_json({"object": "list", "data": [entry]}),
            "/completion": lambda body: _events(
                {"content": answer(body["prompt"]), "stop": False},
                {"content": "", "stop": True, "stop_type": "eos"},
            ),
        }
    )


def ollama(model: str, answer: Callable[[str], str]) -> FakeEndpoint:
    """Ollama's own protocol."""

    def generate(body: dict[str, Any]) -> Reply:
        assert body["raw"] is True
        lines = [
            {"model": model, "response": answer(body["prompt"]), "done": False},
            {"model": model, "response": "", "done": True, "done_reason": "stop"},
        ]
        content = "".join(json.dumps(line) + "\n" for line in lines)
        return 200, "application/x-ndjson", content.encode()

    tags = {"models": [{"name": model, "model": model}]}
    return FakeEndpoint({"/api/tags": lambda _: as_json(tags), "/api/generate": generate})


def as_json(value: object, status: int = 200) -> Reply:
    return status, "application/json", json.dumps(value).encode()


def missing(_: dict[str, Any]) -> Reply:
    return as_json({"error": {"message": "not found", "type": "not_found"}}, 404)


def web_page(_: dict[str, Any]) -> Reply:
    return 200, "text/html", b"<!doctype html><title>It works!</title>"


def _streamed(model: str, text: str) -> Reply:
    half = len(text) // 2
    choices = [(text[:half], None), (text[half:], None), ("", "stop")]
    return _events(
        *(
            {"model": model, "choices": [{"index": 0, "text": part, "finish_reason": finish}]}
            for part, finish in choices
        ),
        done=True,
    )


def _events(*events: dict[str, Any], done: bool = False) -> Reply:
    content = "".join(f"data: {json.dumps(event)}\n\n" for event in events)
    return 200, "text/event-stream", (content + ("data: [DONE]\n\n" if done else "")).encode()
