"""Servers that speak OpenAI's protocol: llama.cpp's, vLLM's, and whatever else serves weights.

Students get their finished prompt as a completion, or as a chat if their format has only messages;
teachers that run at home get a chat. No SDK is needed: servers differ where SDKs are strict. Log
probabilities come in two shapes, one list (`token_logprobs`) or one object per token
(`content[].logprob`), or not at all.

The models room has clients as well, made for one answer as soon as possible: they stream, give up
early, and have no sampling. Samples want the opposite, so these are clients of their own.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from pipeline.teacher.calls import Call
from pipeline.teacher.faults import fault_of
from pipeline.teacher.replies import Reply, ending_of
from pipeline.teacher.vendors.base import ASK_TIMEOUT_S, Whom
from zeta_lsp.core.errors import ModelBadReply, ModelTimeout, ModelUnreachable

_CONNECT_S = 10.0
_ONLY_MODEL = "default"
"""What a server is called that has one model, whatever its name."""


class _Token(msgspec.Struct):
    logprob: float | None = None


class _Logprobs(msgspec.Struct):
    token_logprobs: list[float | None] | None = None
    content: list[_Token] | None = None

    def values(self) -> list[float]:
        """One number for each token that has one."""
        found = self.token_logprobs or [one.logprob for one in self.content or ()]
        return [value for value in found if value is not None]


class _Said(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    text: str | None = None
    message: _Said | None = None
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Completion(msgspec.Struct):
    """The document that answers a completion or a chat completion."""

    choices: list[_Choice]
    model: str | None = None
    usage: _Usage | None = None


_decoder = msgspec.json.Decoder(Completion)


class Compatible:
    """The vendors ``completions`` and ``chat``.

    Raises:
        ModelKeyMissing: a variable is named for the key, and there is none in it.
    """

    def __init__(self, whom: Whom, environ: Mapping[str, str]) -> None:
        import httpx

        self._httpx = httpx
        self._base = whom.url
        key = whom.key(environ)
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(ASK_TIMEOUT_S, connect=_CONNECT_S),
            limits=httpx.Limits(max_connections=None),
            trust_env=not whom.is_here,
        )

    async def ask(self, call: Call, sample: int) -> Reply:
        """Answer one sample."""
        try:
            response = await self._client.post(_url(self._base, call), json=_body(call, sample))
        except self._httpx.TimeoutException:
            raise ModelTimeout("no answer in time") from None
        except self._httpx.TransportError:
            raise ModelUnreachable("the connection failed or was cut") from None
        if response.status_code != 200:
            raise fault_of(response.status_code, response.headers)
        try:
            return reply_of(_decoder.decode(response.content))
        except msgspec.DecodeError:
            raise ModelBadReply("the reply is not what this kind of endpoint sends") from None

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()


def reply_of(found: Completion) -> Reply:
    """What a document says.

    Raises:
        ModelBadReply: nothing.
    """
    if not found.choices:
        raise ModelBadReply("the reply holds no answer")
    choice, usage = found.choices[0], found.usage or _Usage()
    text = choice.text if choice.message is None else choice.message.content
    withheld = choice.message is not None and bool(choice.message.refusal) and not text
    logprobs = choice.logprobs.values() if choice.logprobs else []
    return Reply(
        text=text or "",
        ending=ending_of("refusal" if withheld else choice.finish_reason),
        model=found.model or "",
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        logprob=sum(logprobs) if logprobs else None,
        logprob_tokens=len(logprobs),
    )


def _body(call: Call, sample: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": None if call.model == _ONLY_MODEL else call.model,
        "max_tokens": call.max_tokens,
        "temperature": call.temperature,
        "top_p": call.top_p,
        "seed": None if call.seed is None else call.seed + sample,
        "stop": list(call.stop) or None,
    }
    if call.prompt:
        body |= {"prompt": call.prompt, "logprobs": 1 if call.logprobs else None}
    else:
        system = [{"role": "system", "content": call.system}] if call.system else []
        messages = [{"role": one.role, "content": one.content} for one in call.messages]
        body |= {"messages": system + messages, "logprobs": call.logprobs or None}
    return {name: value for name, value in body.items() if value is not None}


def _url(base: str, call: Call) -> str:
    """Where to post, of a whole address, a base with ``/v1``, or where the server is."""
    url, path = base.rstrip("/"), "/completions" if call.prompt else "/chat/completions"
    if url.endswith("/completions"):
        return url
    return url + path if url.endswith("/v1") else f"{url}/v1{path}"
