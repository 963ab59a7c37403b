"""Globs that name files, matched in linear time.

Exclusions may come from a repository nobody trusts, so a glob must never be able to stall the
server: every wildcard becomes an atomic group, which finds its leftmost match and never backs
out. For ``*`` and ``**`` leftmost is always right, because what follows only needs text that is
left over. (Common translations to regexes need minutes for ``*a*a*a*a*a*b``.)

The language is that of ignore files, without negation: ``*`` and ``?`` stop at a slash, ``**``
crosses directories, ``[a-z]`` and ``[!a-z]``, ``{one,two}``, ``\\`` takes the next character
literally. A glob without a slash matches at any depth; a glob that matches a directory matches
everything in it. Case and Unicode composition make no difference (see `folded`).

Not here: ``!`` (nothing may be excluded less) and ``~`` (this module knows no home).
"""

import functools
import re
import unicodedata
from collections.abc import Iterator

MAX_GLOB_CHARS = 256
MAX_ALTERNATIVES = 64
_NEVER_ENDS = r"(?:[^/]*/)*?"  # any number of directories, as few as possible


class GlobError(ValueError):
    """Not a glob; the message says why and does not repeat it."""


def folded(text: str) -> str:
    """Text by which names are compared: no case, one Unicode composition, ``/`` as separator."""
    return _caseless(text.replace("\\", "/"))


@functools.lru_cache(maxsize=1024)
def compiled(glob: str) -> re.Pattern[str]:
    """The regex for one glob; `match` it against a folded path without a leading slash.

    Raises:
        GlobError: too long, empty, negated, or a bracket is not closed.
    """
    if not 0 < len(glob) <= MAX_GLOB_CHARS:
        raise GlobError(f"a glob has 1 to {MAX_GLOB_CHARS} characters")
    if glob.startswith("!"):
        raise GlobError("exclusions cannot be negated")
    variants = [variant for variant in _alternatives(_caseless(glob)) if variant]
    if not variants:
        raise GlobError("a glob names something")
    return re.compile("|".join(map(_path_regex, variants)))


def _caseless(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text).casefold()
    return unicodedata.normalize("NFC", decomposed)


def _alternatives(glob: str) -> Iterator[str]:
    """The glob with its braces written out."""
    pending, made = [glob], 0
    while pending:
        current = pending.pop()
        span = _first_braces(current)
        if span is None:
            made += 1
            yield current
        else:
            head, tail = current[: span[0]], current[span[1] + 1 :]
            options = _split_options(current[span[0] + 1 : span[1]])
            pending.extend(head + option + tail for option in options)
        if made + len(pending) > MAX_ALTERNATIVES:
            raise GlobError(f"a glob has at most {MAX_ALTERNATIVES} alternatives")


def _first_braces(glob: str) -> tuple[int, int] | None:
    """Positions of the first opening brace and of the brace that closes it."""
    depth, start = 0, 0
    for index, char in _unescaped(glob):
        if char == "{":
            start = start if depth else index
            depth += 1
        elif char == "}" and depth:
            depth -= 1
            if not depth:
                return start, index
    if depth:
        raise GlobError("a brace is not closed")
    return None


def _split_options(inside: str) -> list[str]:
    """Cut at the commas that are in no inner brace."""
    depth, cuts = 0, [-1]
    for index, char in _unescaped(inside):
        depth += (char == "{") - (char == "}")
        if char == "," and not depth:
            cuts.append(index)
    return [
        inside[start + 1 : end] for start, end in zip(cuts, [*cuts[1:], len(inside)], strict=True)
    ]


def _unescaped(glob: str) -> Iterator[tuple[int, str]]:
    escaped = False
    for index, char in enumerate(glob):
        if not escaped and char != "\\":
            yield index, char
        escaped = char == "\\" and not escaped


def _path_regex(glob: str) -> str:
    """Cut into runs of segments between ``**``; each run is found leftmost and kept."""
    segments = glob.removeprefix("./").split("/")
    inside_only = segments[-1] in ("", "**")  # `name/` and `name/**` mean what is in it
    segments = [segment for segment in segments if segment]
    if len(segments) == 1 and not glob.startswith("/"):
        segments.insert(0, "**")
    while segments and segments[-1] == "**":
        segments.pop()
    if not segments:
        return "[^/]+/" if glob.endswith("**/") else ""
    regex, run, floating = "", [], False
    for segment in segments:
        if segment != "**":
            run.append(_segment_regex(segment))
            continue
        if run:
            regex += _run_regex(run, floating, "/")
        run, floating = [], True
    return regex + _run_regex(run, floating, "/" if inside_only else "(?:/|$)")


def _run_regex(run: list[str], floating: bool, end: str) -> str:
    anchored = "/".join(run) + end
    return f"(?>{_NEVER_ENDS}{anchored})" if floating else anchored


def _segment_regex(segment: str) -> str:
    """One path segment: fixed parts around its stars, every part but the last found leftmost."""
    parts = _fixed_parts(segment)
    first, *rest = parts
    if not rest:
        return first
    middle = "".join(f"(?>[^/]*?{part})" for part in rest[:-1] if part)
    return f"{first}{middle}[^/]*{rest[-1]}"


def _fixed_parts(segment: str) -> list[str]:
    """The regexes between the stars of a segment."""
    parts, index = [""], 0
    while index < len(segment):
        char = segment[index]
        index += 1
        if char == "*":
            parts.append("")
        elif char == "?":
            parts[-1] += "[^/]"
        elif char == "[":
            end = _class_end(segment, index)
            parts[-1] += _class_regex(segment[index:end])
            index = end + 1
        else:
            if char == "\\" and index < len(segment):
                char, index = segment[index], index + 1
            parts[-1] += re.escape(char)
    return parts


def _class_end(segment: str, start: int) -> int:
    """Where a class closes; a bracket that comes first is a member."""
    first = start + (segment[start : start + 1] in ("!", "^"))
    end = segment.find("]", first + 1)
    if end < 0:
        raise GlobError("a bracket is not closed")
    return end


def _class_regex(members: str) -> str:
    negated = members[0] in "!^"
    body = members[negated:].replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")
    body = body.replace("^", r"\^").replace("&", r"\&").replace("~", r"\~").replace("|", r"\|")
    try:
        re.compile(f"[{body}]")
    except re.error:
        raise GlobError("a character class is not valid") from None
    return f"[^/{body}]" if negated else f"(?!/)[{body}]"
