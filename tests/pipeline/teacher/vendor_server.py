"""A server on this machine that speaks the vendors' protocols, batches and faults included.

It answers with what `answer` makes of the latest message. `faults` are served first, one a request:
an error status with headers, or a connection that is cut in the middle of the reply. Batches end
when `finish` is called; `unlucky` says which requests of a batch fail or expire.
"""

import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


class Fault:
    """What happens to a request instead of an answer. `only` is a pattern of its path."""

    def __init__(self, status: int = 0, only: str = "", code: str = "", **headers: str) -> None:
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.only = only
        self.code = code
        self.is_taken = False  # whether the request has its effect before the connection is cut


class VendorServer:
    """The state that requests see and change."""

    def __init__(self) -> None:
        self.answer: Callable[[str], str] = lambda text: "NO_EDITS"
        self.faults: deque[Fault] = deque()
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[Json] = []
        self.keys: set[str] = set()
        self.batches: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.unlucky: dict[str, str] = {}
        self.is_over = True
        self.reached = threading.Event()
        self.held: threading.Event | None = None
        self.lock = threading.Lock()
        self.url = ""
        self.charged = (1000, 100)

    def asked(self, pattern: str = "/(messages|completions)$") -> int:
        """How many requests went to a path."""
        return sum(re.search(pattern, path) is not None for _, path in self.requests)

    def fault_for(self, path: str) -> Fault | None:
        """The next fault, if it is meant for this path."""
        with self.lock:
            if self.faults and re.search(self.faults[0].only, path):
                return self.faults.popleft()
        return None

    def finish(self) -> None:
        """All batches are answered."""
        self.is_over = True

    # Replies.

    def reply(self, path: str, body: Json) -> Json | bytes:
        if path.endswith("/v1/messages"):
            return self.message(body)
        if path.endswith("/chat/completions"):
            return self.chat(body)
        if path.endswith("/completions"):
            return self.completion(body)
        return self.batching(path, body)

    def message(self, body: Json) -> Json:
        text = self.answer(body["messages"][-1]["content"])
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": self.charged[0], "output_tokens": self.charged[1]},
        }

    def chat(self, body: Json) -> Json:
        text = self.answer(body["messages"][-1]["content"])
        message = {"role": "assistant", "content": text, "refusal": None}
        choice: Json = {"index": 0, "finish_reason": "stop", "message": message, "logprobs": None}
        if body.get("logprobs"):
            choice["logprobs"] = {"content": [{"token": "a", "logprob": -0.5}] * 4}
        return self.completed(body, "chat.completion", choice)

    def completion(self, body: Json) -> Json:
        logprobs = {"tokens": ["a"] * 3, "token_logprobs": [None, -0.25, -0.75]}
        choice = {"index": 0, "finish_reason": "stop", "text": self.answer(body["prompt"])}
        return self.completed(body, "text_completion", {**choice, "logprobs": logprobs})

    def completed(self, body: Json, kind: str, choice: Json) -> Json:
        return {
            "id": "cmpl_1",
            "object": kind,
            "created": 1,
            "model": body.get("model", "default"),
            "choices": [choice],
            "usage": {
                "prompt_tokens": self.charged[0],
                "completion_tokens": self.charged[1],
                "total_tokens": sum(self.charged),
            },
        }

    # Batches.

    def batching(self, path: str, body: Json) -> Json | bytes:
        ident = path.rstrip("/").split("/")[-1]
        if path.endswith("/v1/messages/batches"):
            if not body:
                return self.listed([self.anthropic_batch(one) for one in self.batches])
            return self.anthropic_batch(self.begun({"requests": body["requests"]}))
        if path.endswith("/results"):
            return self.anthropic_results(path.split("/")[-2])
        if "/messages/batches/" in path:
            return self.anthropic_batch(ident)
        if path.endswith("/content"):
            return self.files[path.split("/")[-2]]
        if path.endswith("/files"):
            raise AssertionError("files are uploaded as forms")
        if path.endswith("/batches"):
            if not body:
                return self.listed([self.openai_batch(one) for one in self.batches])
            lines = self.files[body["input_file_id"]].splitlines()
            requests = [json.loads(line) for line in lines if line]
            return self.openai_batch(
                self.begun({"requests": requests, "metadata": body["metadata"]})
            )
        return self.openai_batch(ident)

    def begun(self, batch: Json) -> str:
        ident = f"batch_{len(self.batches)}"
        self.batches[ident] = batch
        return ident

    def listed(self, found: list[Json]) -> Json:
        return {
            "data": found,
            "has_more": False,
            "first_id": None,
            "last_id": None,
            "object": "list",
        }

    def fate(self, custom_id: str, number: int) -> str:
        return self.unlucky.get(custom_id) or self.unlucky.get(str(number), "")

    def anthropic_batch(self, ident: str) -> Json:
        size = len(self.batches[ident]["requests"])
        counts = dict.fromkeys(("canceled", "errored", "expired", "processing", "succeeded"), 0)
        counts["succeeded" if self.is_over else "processing"] = size
        return {
            "id": ident,
            "type": "message_batch",
            "processing_status": "ended" if self.is_over else "in_progress",
            "request_counts": counts,
            "created_at": "2026-01-01T00:00:00Z",
            "expires_at": "2026-01-02T00:00:00Z",
            "ended_at": "2026-01-01T01:00:00Z" if self.is_over else None,
            "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": f"{self.url}/v1/messages/batches/{ident}/results"
            if self.is_over
            else None,
        }

    def anthropic_results(self, ident: str) -> bytes:
        lines = []
        for number, one in enumerate(self.batches[ident]["requests"]):
            fate = self.fate(one["custom_id"], number)
            result: Json = {"type": "succeeded", "message": None}
            if fate == "expired":
                result = {"type": "expired"}
            elif fate:
                error = {"type": fate, "message": "quotes the question"}
                result = {"type": "errored", "error": {"type": "error", "error": error}}
            else:
                result["message"] = self.message(one["params"])
            lines.append(json.dumps({"custom_id": one["custom_id"], "result": result}))
        return "\n".join(reversed(lines)).encode() + b"\n"

    def openai_batch(self, ident: str) -> Json:
        batch = self.batches[ident]
        if self.is_over and "output" not in batch:
            self.write_results(ident, batch)
        expired = "expired" in self.unlucky.values()
        return {
            "id": ident,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "input_file_id": "file",
            "completion_window": "24h",
            "created_at": 1,
            "status": ("expired" if expired else "completed") if self.is_over else "in_progress",
            "metadata": batch["metadata"],
            "request_counts": {"total": len(batch["requests"]), "completed": 0, "failed": 0},
            "output_file_id": batch.get("output"),
            "error_file_id": batch.get("errors"),
        }

    def write_results(self, ident: str, batch: Json) -> None:
        good, bad = [], []
        for number, one in enumerate(batch["requests"]):
            fate = self.fate(one["custom_id"], number)
            line: Json = {"id": f"r{number}", "custom_id": one["custom_id"], "error": None}
            if fate == "expired":
                error = {"code": "batch_expired", "message": "too late"}
                bad.append({**line, "response": None, "error": error})
            elif fate:
                response = {"status_code": 400, "request_id": "x", "body": {"error": {}}}
                bad.append({**line, "response": response})
            else:
                body = self.chat(one["body"])
                response = {"status_code": 200, "request_id": "x", "body": body}
                good.append({**line, "response": response})
        for name, lines in (("output", good), ("errors", bad)):
            if lines:
                batch[name] = f"{ident}_{name}"
                self.files[batch[name]] = "".join(f"{json.dumps(x)}\n" for x in lines).encode()

    def uploaded(self, data: bytes, content_type: str) -> Json:
        boundary = content_type.partition("boundary=")[2].encode()
        part = next(one for one in data.split(b"--" + boundary) if b'name="file"' in one)
        ident = f"file_{len(self.files)}"
        self.files[ident] = part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
        return {
            "id": ident,
            "object": "file",
            "bytes": len(self.files[ident]),
            "created_at": 1,
            "filename": "x.jsonl",
            "purpose": "batch",
            "status": "processed",
        }


def handler_of(server: VendorServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self.serve({})

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers["content-type"].startswith("multipart/"):
                return self.serve_upload(data)
            return self.serve(json.loads(data))

        def serve_upload(self, data: bytes) -> None:
            server.requests.append((self.command, self.path))
            self.send(server.uploaded(data, self.headers["content-type"]))

        def serve(self, body: Json) -> None:
            path = self.path.partition("?")[0]
            with server.lock:
                server.requests.append((self.command, path))
                server.bodies.append(body)
                server.keys |= {
                    value
                    for name in ("authorization", "x-api-key")
                    if (value := self.headers.get(name))
                }
            server.reached.set()
            if server.held is not None:
                server.held.wait(20)
            fault = server.fault_for(path)
            if fault is None:
                self.send(server.reply(path, body))
            elif fault.status:
                error = {"type": "error_kind", "message": "quotes", "code": fault.code or None}
                self.send({"type": "error", "error": error}, fault.status, fault.headers)
            else:
                if fault.is_taken:
                    server.reply(path, body)
                self.cut(server.reply(path, body) if not fault.is_taken else b"{}" * 99)

        def send(self, found: Json | bytes, status: int = 200, headers: Any = ()) -> None:
            data = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            kind = "application/json" if isinstance(found, dict) else "application/x-jsonl"
            for name, value in {"content-type": kind, **dict(headers)}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def cut(self, found: Json | bytes) -> None:
            """Promise a whole reply, send half of it, and hang up."""
            data = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.wfile.flush()
            self.close_connection = True

    return Handler


@contextmanager
def running() -> Iterator[VendorServer]:
    """A server while the context is open."""
    server = VendorServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(server))
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        if server.held is not None:
            server.held.set()
        http.shutdown()
        thread.join()
        http.server_close()
