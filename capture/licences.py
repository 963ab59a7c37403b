"""Under which licence a project, or a file in it, may be used; and whether that licence is open.

The files of the nearest folder that states a licence decide, up to the project's root and never
above it. All of them must be recognised, as a whole text and nothing else, and all of them must be
open: one that is unknown or of another kind decides against the folder. A package manifest beside
them can only contradict. Another repository inside the project (a submodule, a clone) that states
no licence has none; it does not inherit one.

Open means the families that Zed collects from: they ask for nothing but attribution, so that a
model trained on such code, and whoever uses it, owes nobody more than a notice. GPL, MPL, EPL and
their like are free software and are recognised; but what their conditions mean for a model's output
is disputed, and it is not for a default to decide. Public-domain dedications and licences of
content are left out for the same reason: nobody asked the authors. Their owners can still consent
to have them recorded, as private code.

Only licences are judged here, not people: that a licence allows something does not mean that
somebody agreed to be recorded. `capture.consent` asks for that.
"""

import os
from pathlib import Path

import msgspec

from capture.licence_claims import claims_of, is_closed
from capture.licence_files import LicenceFile, digest_of, licence_files
from capture.licence_texts import recognised
from capture.rows import Licence

_OPEN = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-1-Clause",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "UPL-1.0",
        "Zlib",
    }
)


class Judgement(msgspec.Struct, frozen=True):
    """What a folder says about its licence.

    `licence` is None where none was recognised or its files contradict each other; `remark` says
    what stood in the way. `digest` is empty where nothing states a licence.
    """

    licence: Licence | None
    digest: str
    remark: str


def licence_of(root: Path, file: Path | None = None) -> Licence | None:
    """The licence of a project, or of a file in it; None if none is recognised.

    `file` need not exist. A file outside the project, symbolic links resolved, has no licence.
    """
    root = root.resolve()
    folder = root if file is None else _folder_of(root, file)
    return judge(root, folder).licence if folder is not None else None


def is_open(spdx: str) -> bool:
    """Whether an SPDX id is one of the families that the default rule accepts."""
    return spdx in _OPEN


def judge(root: Path, folder: Path) -> Judgement:
    """Judge a folder of a project by its own files. Both paths must be resolved."""
    files = licence_files(root, folder)
    claims = claims_of(root, folder)
    digest = digest_of(files, *(f"{name}\0{claim}" for name, claim in claims))
    if not files:
        return Judgement(None, digest, "there is no licence file")
    return _weighed(root, folder, files, claims, digest)


def _weighed(
    root: Path,
    folder: Path,
    files: list[LicenceFile],
    claims: list[tuple[str, str]],
    digest: str,
) -> Judgement:
    judged = [(file, recognised(file.text) if file.text is not None else None) for file in files]
    unknown = [file.name for file, spdx in judged if spdx is None]
    if unknown:
        return Judgement(None, digest, f"{unknown[0]} is no licence that is recognised")
    # The one that is not open, if there is any, speaks for all.
    file, spdx = min(judged, key=lambda each: is_open(each[1] or ""))
    assert spdx is not None
    contradicting = [name for name, claim in claims if is_closed(claim)]
    if is_open(spdx) and contradicting:
        remark = f"{contradicting[0]} contradicts {file.name}"
        return Judgement(None, digest, remark)
    evidence = (folder / file.name).relative_to(root).as_posix()
    return Judgement(Licence(spdx, evidence, digest), digest, "")


def _folder_of(root: Path, file: Path) -> Path | None:
    """The nearest folder from a file up to the root that states a licence, or must have one."""
    try:
        folder = file.resolve().parent
    except (OSError, RuntimeError):  # a loop of links
        return None
    if not folder.is_relative_to(root):
        return None
    while folder != root and not _decides(root, folder):
        folder = folder.parent
    return folder


def _decides(root: Path, folder: Path) -> bool:
    claims = (claim for _, claim in claims_of(root, folder))
    is_repository = os.path.lexists(folder / ".git")
    return is_repository or any(map(is_closed, claims)) or bool(licence_files(root, folder))
