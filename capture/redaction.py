"""Takes out of remotes and paths what names a person or opens a door.

A remote is rebuilt from the parts that may stay (host, owner, repository) instead of having parts
cut out: what is not understood does not survive. Whatever stands between the scheme and the host,
in a query or a fragment goes, and a URL in which one of them cannot be told from the path is
refused whole. Hosts that only mean something inside a house (no dot, addresses, ``.local``) are
refused too: they name an employer.

In texts, home folders of all common systems become ``~``, and so does the name of the person at
this machine wherever it is a part of a path. Names elsewhere in a text are not looked for.
"""

import functools
import getpass
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

_MAX_URL_CHARS = 2048
_SCHEMES = frozenset({"https", "http", "ssh", "git", "git+ssh", "ssh+git", "git+https"})
_SCP = re.compile(r"(?:[^@/]*@)?(?P<host>[A-Za-z0-9.-]+):(?P<path>[^/].*)", re.DOTALL)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}")
_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}")
_HOUSE_NAMES = frozenset(
    {"local", "localdomain", "localhost", "internal", "intranet", "lan", "corp", "home", "private"}
)
_MAX_SEGMENTS = 8

# Shared or unnamed accounts: their names say nothing of a person and are words of many paths.
_NOBODY = frozenset({"root", "user", "users", "home", "admin", "git", "dev", "app", "src", "test"})
_SEPARATOR = r"(?:/|\\{1,4}|%2[fF]|%5[cC])"
_DRIVE = r"(?:[A-Za-z](?::|%3[aA]))"
_MOUNTS = r"(?:/(?:mnt|cygdrive))?/[A-Za-z](?=/[Uu]sers/)|/(?:System/Volumes/Data|var|usr|export)"
_NAME = r"(?:[^\s/\\:*?\"'`<>|,;()\[\]{}%]|%(?!2[fF]|5[cC]))+"
_SPACED_NAME = r"(?:[^\r\n/\\:*?\"<>|]{1,64}(?=[/\\]))"
_HOMES = re.compile(
    rf"(?<![\w.~-])(?:"
    rf"{_DRIVE}{_SEPARATOR}(?:[Uu]sers|Documents and Settings){_SEPARATOR}"
    rf"(?:{_SPACED_NAME}|{_NAME})"
    rf"|(?:{_MOUNTS})?/(?:home|Users|users){_SEPARATOR}{_NAME}"
    rf"|%2[fF](?:home|Users)%2[fF]{_NAME}"
    rf"|/root(?![\w.-])"
    rf")"
)

_REMOTE_HOMES = re.compile(
    rf"\b((?:vscode-remote|vscode-vfs|ssh|sftp|scp|rsync|file)://[^/\s]{{0,200}})"
    rf"/(?:home|Users)/{_NAME}"
)


def clean_remote(url: str) -> str:
    """``https://host/owner/repository`` of a remote, without whatever else it holds.

    Takes the forms that git takes: https, ssh, git and ``user@host:path``. A port other than the
    scheme's own stays for http and https. Local paths, hosts inside a house and everything that
    is not clearly a remote give "".
    """
    url = url.strip()
    if len(url) > _MAX_URL_CHARS or not url.isascii() or re.search(r"[\s\x00-\x1f\\]", url):
        return ""
    return _cleaned_url(url) if "://" in url else _cleaned_scp(url)


def without_home(text: str, *, home: str | None = None, user: str | None = None) -> str:
    r"""A text whose paths begin with ``~`` where they began with somebody's home folder.

    Covers ``/home/NAME``, ``/Users/NAME``, ``C:\Users\NAME``, their escaped and URL forms, the
    home folder of this process (`home`), and parts of paths that are its user's name (`user`).
    """
    home = _own_home() if home is None else home
    user = _own_name() if user is None else user
    if home.strip("/\\"):
        text = re.sub(rf"(?<![\w.-]){re.escape(home)}(?![\w-]|\.\w)", "~", text)
    text = _HOMES.sub("~", _REMOTE_HOMES.sub(r"\1~", text))
    if len(user) >= 3 and user.lower() not in _NOBODY:
        part = rf"(?<=[/\\]){re.escape(user)}(?=[/\\]|$|[\s\"'`:;,)\]}}>])"
        text = re.sub(part, "~", text)
    return text


def _cleaned_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    behind = f"{parts.path}?{parts.query}#{parts.fragment}"
    if parts.scheme not in _SCHEMES or "@" in behind:
        return ""  # an @ behind the host: the password held a slash, and this is not the host
    kept = port if parts.scheme in ("http", "https") and port not in (None, 80, 443) else None
    return _rebuilt(host, kept, parts.path)


def _cleaned_scp(remote: str) -> str:
    match = _SCP.fullmatch(remote)
    if match is None or "@" in match["path"]:
        return ""
    return _rebuilt(match["host"].lower(), None, re.split(r"[?#]", match["path"])[0])


def _rebuilt(host: str, port: int | None, path: str) -> str:
    segments = path.removesuffix("/").removesuffix(".git").split("/")
    segments = segments[1:] if segments[0] == "" else segments
    if not _HOST.fullmatch(host) or host.rsplit(".", 1)[-1] in _HOUSE_NAMES:
        return ""
    if not 0 < len(segments) <= _MAX_SEGMENTS or not all(map(_SEGMENT.fullmatch, segments)):
        return ""
    if not _scanner_is_clean("\n".join(segments)):
        return ""
    return f"https://{host}{f':{port}' if port else ''}/" + "/".join(segments)


def _scanner_is_clean(text: str) -> bool:
    from capture.secrets import Scanner  # its detectors take time to load: not before a remote

    return Scanner().is_clean(text)


@functools.cache
def _own_home() -> str:
    return os.path.expanduser("~")  # noqa: PTH111 - a home that cannot be told is "~", no error


@functools.cache
def _own_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return Path(_own_home()).name
