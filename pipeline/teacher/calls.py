"""A question to a model, and what it is called in the cache.

A `Call` is all that decides about an answer: whom, what, and how to sample. Its digest names the
answer, so a question that was asked once is never asked again, by whichever run, in whichever order
and on however many machines that share the file. Where a model is served does not count (ports
change, weights behind a name do too: that is what `revision` is for), and neither do keys.
"""

import hashlib

import msgspec

from zeta_lsp.core.prompt import Message
from zeta_lsp.core.text import byte_length

_encoder = msgspec.json.Encoder(order="deterministic")


class Call(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question. Either `messages` (chat) or `prompt` (completion) is there.

    `vendor` is a word of `vendors.base.VENDORS`. None for a sampling field leaves it to the model;
    of several samples each gets a seed of its own, counted from `seed`. `revision` tells apart
    models of one name. Fields at their defaults do not count in the digest, so that new ones can be
    added without losing what was paid for.
    """

    vendor: str
    model: str
    max_tokens: int
    system: str = ""
    messages: tuple[Message, ...] = ()
    prompt: str = ""
    stop: tuple[str, ...] = ()
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    logprobs: bool = False
    revision: str = ""

    def digest(self, sample: int = 0) -> str:
        """The name of the answer to one sample of it: 32 hex digits.

        Raises:
            UnicodeEncodeError: half a character stands in it, which nobody can be sent.
        """
        return digest_of(encoded(self), sample)

    @property
    def size_bytes(self) -> int:
        """What is sent, without its wrapping."""
        texts = [self.system, self.prompt, *(message.content for message in self.messages)]
        return sum(map(byte_length, texts))


class Question(msgspec.Struct, frozen=True):
    """A call and how many samples of its answer are wanted."""

    call: Call
    samples: int = 1


def encoded(call: Call) -> bytes:
    """A call as JSON, the same bytes for the same call."""
    return _encoder.encode(call)


def digest_of(data: bytes, sample: int) -> str:
    """The digest of an encoded call."""
    return hashlib.blake2b(b"%d:%b" % (sample, data), digest_size=16).hexdigest()
