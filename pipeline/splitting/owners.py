"""Whose an example is: the names that must not be on both sides of a split.

One example has several names: all repositories that its code is in, and all that is known of who
edited (device, consent, session). Addresses of the same repository are one name, however they are
written. An example that nobody is known to own owns itself.
"""

import re

from pipeline.example import key_of, people_of, repositories_of
from pipeline.records import Row

BY = ("both", "repository", "person", "none")
"""Which names count."""

_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[\w.-]+\.[\w-]+):(?P<path>[^/].*)")
_URL = re.compile(r"[a-z+]+://(?:[^@/]*@)?(?P<host>[^/:?#]+)(?::\d+)?(?P<path>/[^?#]*)?.*")


def owners_of(row: Row, by: str) -> list[str]:
    """Its names, each with its kind in front. Never empty."""
    found: list[str] = []
    repositories = [f"repository {address(one)}" for one in repositories_of(row) if one]
    people = [f"person {one}" for one in people_of(row)]
    if by in {"both", "repository"}:
        found += repositories
    if by in {"both", "person"}:
        found += people or (repositories if by == "person" else [])
    return found or [f"example {key_of(row)}"]


def address(repository: str) -> str:
    """The same for every way to write a repository's address: ``host/owner/name``."""
    text = repository.strip().lower()
    found = _URL.fullmatch(text) or _SCP.fullmatch(text)
    if found is None:
        return text
    path = (found["path"] or "").strip("/").removesuffix(".git")
    return f"{found['host']}/{path}"
