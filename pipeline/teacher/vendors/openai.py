"""OpenAI: chat completions, and batches of them.

A batch is a file of 50,000 requests or 200 MB, which is uploaded and then handed in. Results come
in two files, what succeeded and what did not; those that expired are among the latter. A batch
keeps a label of ours, by which one is found whose id was lost.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from pipeline.teacher.calls import Call
from pipeline.teacher.faults import RunEnded
from pipeline.teacher.replies import Failure, Reply
from pipeline.teacher.vendors.base import ASK_TIMEOUT_S, NO_KEY, Sent, Whom
from pipeline.teacher.vendors.compatible import Completion, reply_of
from pipeline.teacher.vendors.sdk import missing, translated
from zeta_lsp.core.errors import ModelBadReply

_RECENT = 100
_PATH: Final = "/v1/chat/completions"
_OVER = frozenset({"completed", "expired", "cancelled", "failed"})
_UNREACHED = frozenset({"batch_expired", "batch_cancelled", "request_timeout"})
"""Words for questions that were not answered and may be asked again."""


class _Response(msgspec.Struct):
    status_code: int = 0
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Error(msgspec.Struct):
    code: str | None = None


class _Line(msgspec.Struct):
    custom_id: str
    response: _Response | None = None
    error: _Error | None = None


class OpenAI:
    """The vendor ``openai``.

    Raises:
        UsageError: the SDK is not installed.
        ModelKeyMissing: there is no key.
    """

    most_calls = 50_000
    most_bytes = 200_000_000

    def __init__(self, whom: Whom, environ: Mapping[str, str]) -> None:
        try:
            import openai
        except ImportError:
            raise missing("openai") from None
        self._sdk = openai
        self._client = openai.AsyncOpenAI(
            api_key=whom.key(environ) or NO_KEY,
            base_url=whom.url,
            max_retries=0,
            timeout=ASK_TIMEOUT_S,
        )

    async def ask(self, call: Call, sample: int) -> Reply:
        """Answer one sample."""
        with translated(self._sdk):
            raw = await self._client.chat.completions.with_raw_response.create(
                **_body(call, sample)
            )
            return reply_of(msgspec.json.decode(raw.content, type=Completion))

    def request(self, digest: str, call: Call, sample: int) -> dict[str, Any]:
        """A line of a batch's file."""
        body = _body(call, sample)
        return {"custom_id": digest, "method": "POST", "url": _PATH, "body": body}

    async def submit(self, label: str, requests: Sequence[bytes]) -> str:
        """Upload the file and hand it in."""
        data = b"\n".join(requests) + b"\n"
        with translated(self._sdk):
            name = (f"{label}.jsonl", data, "application/jsonl")
            file = await self._client.files.create(file=name, purpose="batch")
            batch = await self._client.batches.create(
                completion_window="24h",
                endpoint=_PATH,
                input_file_id=file.id,
                metadata={"label": label},
            )
        return batch.id

    async def has_ended(self, ident: str) -> bool:
        """Whether results are ready, as far as there will be any."""
        return (await self._batch(ident)).status in _OVER

    async def results(self, ident: str) -> AsyncIterator[tuple[str, Reply | Failure]]:
        """What became of each question."""
        batch = await self._batch(ident)
        if batch.status == "failed":  # the file was not even begun
            raise RunEnded(f"the vendor did not take batch {ident}: {_codes(batch)}")
        for file_id in filter(None, (batch.output_file_id, batch.error_file_id)):
            async for data in self._lines(file_id):
                line = _line_of(data)
                if (outcome := _outcome(line)) is not None:
                    yield line.custom_id, outcome

    async def recent(self) -> Sequence[Sent]:
        """The latest batches."""
        with translated(self._sdk):
            page = await self._client.batches.list(limit=_RECENT)
        return [
            Sent(batch.id, batch.request_counts.total if batch.request_counts else 0, _label(batch))
            for batch in page.data
        ]

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.close()

    async def _batch(self, ident: str) -> Any:
        with translated(self._sdk):
            return await self._client.batches.retrieve(ident)

    async def _lines(self, file_id: str) -> AsyncIterator[str]:
        with translated(self._sdk):
            files = self._client.files.with_streaming_response
            async with files.content(file_id) as response:
                async for line in response.iter_lines():
                    if line.strip():
                        yield line


def _body(call: Call, sample: int) -> dict[str, Any]:
    system = [{"role": "system", "content": call.system}] if call.system else []
    messages = [{"role": one.role, "content": one.content} for one in call.messages]
    body: dict[str, Any] = {
        "model": call.model,
        "messages": system + messages,
        "max_completion_tokens": call.max_tokens,
        "temperature": call.temperature,
        "top_p": call.top_p,
        "seed": None if call.seed is None else call.seed + sample,
        "stop": list(call.stop) or None,
        "logprobs": call.logprobs or None,
    }
    return {name: value for name, value in body.items() if value is not None}


def _line_of(data: str) -> _Line:
    try:
        return msgspec.json.decode(data, type=_Line)
    except msgspec.DecodeError:
        raise ModelBadReply("a line of results is cut or is none") from None


def _outcome(line: _Line) -> Reply | Failure | None:
    if line.error is not None and line.error.code in _UNREACHED:
        return None
    if line.response is None:
        return Failure("vendor_error")
    if line.response.status_code != 200:
        return Failure(f"endpoint_refused_{line.response.status_code}")
    try:
        return reply_of(msgspec.json.decode(line.response.body, type=Completion))
    except (msgspec.DecodeError, ModelBadReply):
        return Failure("bad_reply")


def _codes(batch: Any) -> str:
    found = batch.errors.data if batch.errors is not None else None
    return ", ".join(sorted({str(one.code) for one in found or ()})) or "no reason given"


def _label(batch: Any) -> str:
    return str((batch.metadata or {}).get("label", ""))
