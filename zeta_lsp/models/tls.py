"""The TLS context of an endpoint, made once and off the event loop.

Building one costs 15–30 ms, so it happens in a thread and not before the first connection. The
system's certificate store is trusted, or the file of authorities that the user names instead of
it. TLS 1.2 is the least that is spoken. Verification cannot be switched off.
"""

import asyncio
import ssl
from pathlib import Path


class Tls:
    """Makes the context when first asked, and keeps it.

    Args:
        ca_file: a PEM file of authorities to trust instead of the system's; empty for the system's.
    """

    def __init__(self, ca_file: str = "") -> None:
        self._ca_file = ca_file
        self._context: ssl.SSLContext | None = None

    async def __call__(self) -> ssl.SSLContext:
        """The context.

        Raises:
            OSError: the file of authorities cannot be used.
        """
        if self._context is None:
            self._context = await asyncio.to_thread(_context, self._ca_file)
        return self._context


def _context(ca_file: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ValueError) as fault:
        raise OSError(0, "the file of certificate authorities cannot be used") from fault
    if not ca_file and not _has_system_store():
        import certifi  # comes with httpx

        context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


def _has_system_store() -> bool:
    """Whether OpenSSL's default places hold anything (they do not in some macOS builds)."""
    paths = ssl.get_default_verify_paths()
    folder = Path(paths.capath) if paths.capath else None
    return bool(paths.cafile) or (folder is not None and any(folder.iterdir()))
