"""Anthropic: messages, and batches of them.

A batch takes 100,000 requests or 256 MB. It ends within a day; what was not reached by then has
expired and costs nothing. Batches have no names, so one whose id was lost is looked for by its size
among those that the account lists; results are matched by digest, so a wrong guess does no harm.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec

from pipeline.teacher.calls import Call
from pipeline.teacher.replies import Failure, Reply, ending_of
from pipeline.teacher.vendors.base import ASK_TIMEOUT_S, NO_KEY, Sent, Whom
from pipeline.teacher.vendors.sdk import missing, translated

_RECENT = 100


class Anthropic:
    """The vendor ``anthropic``.

    Raises:
        UsageError: the SDK is not installed.
        ModelKeyMissing: there is no key.
    """

    most_calls = 100_000
    most_bytes = 256_000_000

    def __init__(self, whom: Whom, environ: Mapping[str, str]) -> None:
        try:
            import anthropic
        except ImportError:
            raise missing("anthropic") from None
        self._sdk = anthropic
        self._client = anthropic.AsyncAnthropic(
            api_key=whom.key(environ) or NO_KEY,
            base_url=whom.url,
            max_retries=0,
            timeout=ASK_TIMEOUT_S,
        )

    async def ask(self, call: Call, sample: int) -> Reply:
        """Answer one sample; the vendor has no seeds, so samples differ by chance alone."""
        sampling = _sampling(call)
        with translated(self._sdk):
            message = await self._client.messages.create(
                **_params(call), extra_body=sampling or None
            )
        return _reply(message)

    def request(self, digest: str, call: Call, sample: int) -> dict[str, Any]:
        """An element of a batch."""
        return {"custom_id": digest, "params": {**_params(call), **_sampling(call)}}

    async def submit(self, label: str, requests: Sequence[bytes]) -> str:
        """Hand in a batch; its label stays here."""
        elements: Any = [msgspec.json.decode(one) for one in requests]
        with translated(self._sdk):
            return (await self._client.messages.batches.create(requests=elements)).id

    async def has_ended(self, ident: str) -> bool:
        """Whether results are ready."""
        with translated(self._sdk):
            batch = await self._client.messages.batches.retrieve(ident)
        return batch.processing_status == "ended"

    async def results(self, ident: str) -> AsyncIterator[tuple[str, Reply | Failure]]:
        """What became of each question."""
        with translated(self._sdk):
            async for line in await self._client.messages.batches.results(ident):
                result = line.result
                if result.type == "succeeded":
                    yield line.custom_id, _reply(result.message)
                elif result.type == "errored":
                    yield line.custom_id, Failure(_word(result.error))

    async def recent(self) -> Sequence[Sent]:
        """The latest batches."""
        with translated(self._sdk):
            page = await self._client.messages.batches.list(limit=_RECENT)
        return [Sent(batch.id, _size(batch.request_counts)) for batch in page.data]

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.close()


def _params(call: Call) -> dict[str, Any]:
    messages = [{"role": one.role, "content": one.content} for one in call.messages]
    params = {"model": call.model, "max_tokens": call.max_tokens, "messages": messages}
    if call.system:
        params["system"] = call.system
    if call.stop:
        params["stop_sequences"] = list(call.stop)
    return params


def _sampling(call: Call) -> dict[str, Any]:
    """Fields that only some of its models take, and the SDK therefore has no arguments for."""
    fields = {"temperature": call.temperature, "top_p": call.top_p}
    return {name: value for name, value in fields.items() if value is not None}


def _reply(message: Any) -> Reply:
    return Reply(
        text="".join(block.text for block in message.content if block.type == "text"),
        ending=ending_of(message.stop_reason),
        model=message.model,
        input_tokens=message.usage.input_tokens or 0,
        output_tokens=message.usage.output_tokens or 0,
    )


def _word(error: Any) -> str:
    """The kind of an error, which is a word of theirs; not its message, which may quote."""
    kind = getattr(getattr(error, "error", None), "type", None)
    return f"vendor_{kind}" if kind else "vendor_error"


def _size(counts: Any) -> int:
    names = ("processing", "succeeded", "errored", "canceled", "expired")
    return sum(getattr(counts, name, 0) or 0 for name in names)
