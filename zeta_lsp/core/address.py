"""Addresses of endpoints: what may be written, and what counts as the same place.

An origin is scheme, host and port. Keys and headers belong to an origin and go to no other.
"""

import ipaddress
from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def checked_url(url: str) -> str:
    """The URL itself, if it can be used; empty means none.

    Raises:
        ValueError: with a reason that does not repeat the URL.
    """
    if not url:
        return url
    if any(char.isspace() or not char.isprintable() for char in url):
        raise ValueError("a URL has no spaces")
    parts = _parts(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("a URL starts with http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a URL holds no user or password; use api_key_env or api_key_command")
    return url


def origin_of(url: str) -> str:
    """``scheme://host:port`` of a URL that `checked_url` accepts; empty for an empty one."""
    if not url:
        return ""
    parts = _parts(url)
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def is_plain_remote(url: str) -> bool:
    """Whether others on the network could read along: plain HTTP to another machine."""
    parts = _parts(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        raise ValueError("not a URL") from None
    return parts
