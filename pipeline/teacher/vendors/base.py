"""What every vendor can do, and how one is named."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from pipeline.teacher.calls import Call
from pipeline.teacher.replies import Failure, Reply
from zeta_lsp.core.address import checked_url, is_loopback, is_plain_remote
from zeta_lsp.core.errors import ModelKeyMissing, UsageError

URLS = {"anthropic": "https://api.anthropic.com", "openai": "https://api.openai.com/v1"}
"""Where the vendors with an SDK are."""
KEYS = {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}
"""The environment variables in which their keys usually are."""
VENDORS = ("anthropic", "openai", "chat", "completions")
"""Two vendors with SDKs, and the two protocols of servers that anybody may run."""
ASK_TIMEOUT_S = 600.0
NO_KEY = "none"
"""Sent to servers of this machine, which want none."""


class Whom(msgspec.Struct, frozen=True):
    """Whom to ask. The key itself is not here, only the name of the variable that holds it."""

    vendor: str
    model: str
    url: str
    key_env: str = ""
    revision: str = ""

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, so that nothing leaves it."""
        return is_loopback(urlsplit(self.url).hostname or "")

    @property
    def is_sold(self) -> bool:
        """Whether somebody sends a bill."""
        return self.vendor in URLS

    def key(self, environ: Mapping[str, str]) -> str:
        """The key to sign in with.

        Raises:
            ModelKeyMissing: there has to be one.
        """
        name = self.key_env or KEYS.get(self.vendor, "")
        found = environ.get(name, "").strip() if name else ""
        if not found and (self.key_env or (self.is_sold and not self.is_here)):
            raise ModelKeyMissing(f"${name} holds no key")
        return found


def whom(
    name: str,
    url: str = "",
    key_env: str = "",
    revision: str = "",
    *,
    allow_plain_http: bool = False,
) -> Whom:
    """Whom ``VENDOR:MODEL`` names.

    Raises:
        UsageError: nobody, or nobody knows where that is, or others could read along on the way.
    """
    vendor, colon, model = name.partition(":")
    if not colon or vendor not in VENDORS or not model:
        raise UsageError(f"{name!r} is no VENDOR:MODEL; vendors are {', '.join(VENDORS)}")
    url = url or URLS.get(vendor, "")
    if not url:
        raise UsageError(f"say with --url where {vendor}:{model} is")
    try:
        checked_url(url)
    except ValueError as fault:
        raise UsageError(f"--url: {fault}") from fault
    if is_plain_remote(url) and not allow_plain_http:
        raise UsageError(
            "http:// to another machine lets anybody on the way read code and key: use https://,"
            " or say --allow-plain-http"
        )
    return Whom(vendor, model, url, key_env, revision)


class Vendor(Protocol):
    """Who answers one question at a time."""

    async def ask(self, call: Call, sample: int) -> Reply:
        """Answer one sample.

        Raises:
            ModelError: no answer; see `teacher.faults` for what to do about it.
        """

    async def aclose(self) -> None:
        """Close connections."""


class Sent(msgspec.Struct, frozen=True):
    """A batch as the vendor lists it. An empty `label` means that vendor keeps none."""

    id: str
    calls: int
    label: str = ""


class BatchVendor(Vendor, Protocol):
    """Who takes many questions at once, to be answered within a day, at half the price."""

    most_calls: int
    most_bytes: int

    def request(self, digest: str, call: Call, sample: int) -> dict[str, Any]:
        """A question as an element of a batch, named by its digest."""

    async def submit(self, label: str, requests: Sequence[bytes]) -> str:
        """Hand in a batch of requests, each as JSON; its id."""

    async def has_ended(self, ident: str) -> bool:
        """Whether results are ready, as far as there will be any."""

    def results(self, ident: str) -> AsyncIterator[tuple[str, Reply | Failure]]:
        """What became of each question, by digest, in any order. Those that expired are left out.

        May be read again from the beginning. Raises as `Vendor.ask` does.
        """

    async def recent(self) -> Sequence[Sent]:
        """The latest batches of the account, to find one whose id was lost."""
